import { proxyFromEnvironment } from '@tunegate/uploader';
import { expect, test } from 'vitest';
import { clientOptions } from './client-options.js';

const TO = { target: 'openai', dialect: 'openai', baseURL: 'https://a.test/v1', host: 'a.test', apiKey: 'k' } as const;
const options = (flags: Parameters<typeof clientOptions>[1], env = {}) =>
  clientOptions(TO, flags, env, { proxyFromEnvironment });

test('without flags the defaults of the uploader hold, and no proxy is used', () => {
  expect(options({})).toEqual({ dialect: 'openai', baseURL: 'https://a.test/v1', apiKey: 'k', proxy: false });
});

test('--timeout limits every phase: the listing before the upload and the wait for the answer, too', () => {
  expect(options({ timeout: 5 }).timeout).toEqual({ connect: 5000, stall: 5000, response: 5000, body: 5000 });
  expect(options({ timeout: 300 }).timeout).toEqual({
    connect: 10_000,
    stall: 300_000,
    response: 300_000,
    body: 300_000,
  });
});

test('--retries, the organisation and the proxy go along', () => {
  const { retry, proxy } = options({ retries: 0 }, { https_proxy: 'http://p.test:1', NO_PROXY: 'b.test' });
  expect(retry).toEqual({ retries: 0 });
  expect(proxy).toEqual({ https: 'http://p.test:1', noProxy: 'b.test' });
});
