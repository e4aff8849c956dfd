import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.js';
import { compileNoProxy, normalizeProxy, type ProxyOptions, proxyFromEnvironment } from './proxy.js';

describe('fault 8: NO_PROXY for 127.0.0.1 / host:port / .suffix: bypass', () => {
  it.each([
    ['127.0.0.1', 'https://127.0.0.1:8443/v1', true],
    ['127.0.0.1', 'https://127.0.0.2/v1', false],
    ['localhost', 'https://localhost/v1', true],
    ['localhost', 'https://127.0.0.1/v1', false],
    ['a.test:8443', 'https://a.test:8443/v1', true],
    ['a.test:8443', 'https://a.test/v1', false],
    ['a.test:443', 'https://a.test/v1', true],
    ['a.test:80', 'http://a.test/v1', true],
    ['.suffix.test', 'https://files.suffix.test/', true],
    ['.suffix.test', 'https://suffix.test/', true],
    ['*.suffix.test', 'https://a.b.suffix.test/', true],
    ['suffix.test', 'https://files.suffix.test/', true],
    ['suffix.test', 'https://filessuffix.test/', false],
    ['SUFFIX.test', 'https://files.Suffix.TEST/', true],
    ['suffix.test', 'https://suffix.test./', true],
    ['10.0.0.0/8', 'https://10.1.2.3/', true],
    ['10.0.0.0/8', 'https://11.1.2.3/', false],
    ['fd00::/8', 'https://[fd12::1]/', true],
    ['::1', 'https://[::1]:8443/', true],
    ['[::1]:8443', 'https://[::1]:8443/', true],
    ['[::1]:8443', 'https://[::1]/', false],
    ['*', 'https://anything.test/', true],
    ['one.test, two.test  three.test', 'https://three.test/', true],
    ['', 'https://a.test/', false],
    ['10.0.0.0/99', 'https://10.1.2.3/', false],
  ])('%j and %s: %s', (list, url, isExempt) => {
    expect(compileNoProxy(list)(new URL(url))).toBe(isExempt);
  });
});

describe('the environment', () => {
  it('is read as curl reads it: lower case wins, one scheme is not taken for the other', () => {
    expect(proxyFromEnvironment({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1', NO_PROXY: 'x' })).toEqual({
      https: 'http://b:1',
      noProxy: 'x',
    });
    expect(proxyFromEnvironment({ HTTP_PROXY: 'a:1' })).toEqual({ http: 'a:1' });
    expect(proxyFromEnvironment({ NO_PROXY: 'x' })).toBe(false);
    expect(proxyFromEnvironment({ HTTPS_PROXY: ' ' })).toBe(false);
    expect(proxyFromEnvironment({ HTTPS_PROXY: 'http://a:1', https_proxy: '' })).toBe(false);
  });
});

describe('the proxy on the way to an address', () => {
  const find = (options: string | ProxyOptions | false, url: string) => normalizeProxy(options).forUrl(new URL(url));

  it('belongs to the scheme of the address', () => {
    const options = { https: 'http://secure.test:3128', http: 'plain.test:8080' };
    expect(find(options, 'https://api.test/')?.host).toBe('secure.test:3128');
    expect(find(options, 'http://api.test/')?.host).toBe('plain.test:8080');
    expect(find({ https: 'http://secure.test:3128' }, 'http://api.test/')).toBeUndefined();
    expect(find('https://both.test', 'http://api.test/')).toMatchObject({ host: 'both.test:443', isTls: true });
    expect(find(false, 'https://api.test/')).toBeUndefined();
  });

  it('carries what it was given as user and password', () => {
    const proxy = find('http://us%40er:p%3Ass%20w%C3%B6rd@proxy.test:1', 'https://api.test/');
    const token = Buffer.from('us@er:p:ss wörd').toString('base64');
    expect(proxy).toMatchObject({ host: 'proxy.test:1', authorization: `Basic ${token}` });
    expect(find('http://user@proxy.test:1', 'https://api.test/')?.authorization).toBe(`Basic ${btoa('user:')}`);
  });

  it('is none for http:// to this machine: the key would leave it in the clear; one on this machine is used', () => {
    expect(find('http://proxy.test:1', 'http://127.0.0.1/')).toBeUndefined();
    expect(find('http://127.0.0.1:1', 'http://127.0.0.1/')?.host).toBe('127.0.0.1:1');
    expect(find('http://[::1]:1', 'http://localhost/')?.hostname).toBe('::1');
    expect(find('http://proxy.test:1', 'https://127.0.0.1/')?.host).toBe('proxy.test:1');
  });

  it.each([
    'socks5://user:hunter2hunter2@proxy.test:1',
    'http://user:hunter2hunter2@proxy.test:port',
    'http://user:hunter2hunter2%zz@proxy.test:1',
    '',
  ])('%j is refused, and not repeated', (https) => {
    const normalize = () => normalizeProxy({ https });
    expect(normalize).toThrow(ConfigError);
    expect(normalize).not.toThrow(/hunter2/);
  });
});
