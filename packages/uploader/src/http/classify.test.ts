import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../../test-fixtures/src/test-runtime.js';
import { createClientWith } from '../client.js';
import { ConnectionError, ProxyError, TimeoutError, TlsError } from '../connection-errors.js';
import { ConfigError } from '../errors.js';
import { classifyFailure } from './classify.js';

const CONTEXT = {
  host: 'api.example.com',
  connectTimeout: 10_000,
  bytesSent: 5,
  bytesTotal: 10,
  handedOver: false,
  scrub: (text: string) => text.replaceAll('SECRET', '[redacted]'),
};

function low(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

describe('what the network did', () => {
  it.each([
    ['ECONNREFUSED', ConnectionError, 'E_CONNECT', true],
    ['EHOSTUNREACH', ConnectionError, 'E_CONNECT', true],
    ['ENETUNREACH', ConnectionError, 'E_CONNECT', true],
    ['ENOTFOUND', ConnectionError, 'E_DNS', true],
    ['EAI_AGAIN', ConnectionError, 'E_DNS', true],
    ['ECONNRESET', ConnectionError, 'E_RESET', true],
    ['EPIPE', ConnectionError, 'E_RESET', true],
    ['UND_ERR_SOCKET', ConnectionError, 'E_RESET', true],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', ConnectionError, 'E_RESET', true],
    ['UND_ERR_CONNECT_TIMEOUT', TimeoutError, 'E_TIMEOUT_CONNECT', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', TlsError, 'E_TLS', false],
    ['SELF_SIGNED_CERT_IN_CHAIN', TlsError, 'E_TLS', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', TlsError, 'E_TLS', false],
    ['CERT_HAS_EXPIRED', TlsError, 'E_TLS', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', TlsError, 'E_TLS', false],
    ['UND_ERR_INVALID_ARG', ConfigError, 'E_CONFIG', false],
    ['UND_ERR_DESTROYED', ConfigError, 'E_CONFIG', false],
  ])('%s is a %o with code %s', (code, Kind, ours, retryable) => {
    const error = classifyFailure(low(code), CONTEXT);
    expect(error).toBeInstanceOf(Kind);
    expect(error).toMatchObject({ code: ours, retryable });
  });

  it('of several addresses that were tried the first one counts', () => {
    const error = classifyFailure(new AggregateError([low('ECONNREFUSED'), low('ENETUNREACH')]), CONTEXT);
    expect(error).toMatchObject({ code: 'E_CONNECT', causeCode: 'ECONNREFUSED' });
  });

  it.each([
    [407, false],
    [403, false],
    [502, true],
  ])('7: a proxy that answers %d is no abort', (status, retryable) => {
    const message = `Proxy response (${status}) !== 200 when HTTP Tunneling`;
    const error = classifyFailure(Object.assign(low('UND_ERR_ABORTED', message), { name: 'AbortError' }), CONTEXT);
    expect(error).toBeInstanceOf(ProxyError);
    expect(error).toMatchObject({ status, retryable });
  });

  it('76: a dispatcher of undici 8 is named as such', () => {
    const error = classifyFailure(low('UND_ERR_INVALID_ARG', 'invalid onRequestStart method'), CONTEXT);
    expect(error.message).toContain('another major version of undici');
  });

  it('the cause is a scrubbed copy, without socket and body', () => {
    const original = Object.assign(low('ECONNRESET', 'read SECRET'), { socket: { key: 'SECRET' }, body: 'SECRET' });
    const { cause } = classifyFailure(original, CONTEXT);
    expect(cause).not.toBe(original);
    expect(cause).toMatchObject({ message: 'read [redacted]', code: 'ECONNRESET' });
    expect(Object.keys(cause as Error)).not.toContain('socket');
    expect((cause as Error).stack).not.toContain('SECRET');
  });
});

describe('a port that speaks something else', () => {
  /** Sends these answers, one a connection, whatever is asked. */
  async function withServer<T>(answers: string[], run: (port: number) => Promise<T>): Promise<T> {
    const server = createServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.end(answers.shift() ?? ''));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    try {
      return await run(typeof address === 'object' && address !== null ? address.port : 0);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  }

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'sent an answer that is not HTTP/1.1'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`, 'sent an answer whose head is too large'],
  ])('%s: is named as what it is', async (_name, said, message) => {
    await withServer([said, said], async (port) => {
      const options = { apiKey: 'k', baseURL: `http://127.0.0.1:${port}`, retry: { retries: 0 } };
      const files = createClientWith(options, createTestRuntime());
      const error = await failureOf(files.listFiles(), ConnectionError);
      expect(error.code).toBe('E_RESET');
      expect(error.message).toContain(message);
    });
  });

  it('3: http instead of https: is a TlsError with advice, and is not tried again', async () => {
    await withServer(['HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'], async (port) => {
      const runtime = createTestRuntime();
      const files = createClientWith({ apiKey: 'k', baseURL: `https://127.0.0.1:${port}/v1` }, runtime);
      const error = await failureOf(files.createFile({ bytes: Buffer.from('x'), filename: 'a' }, 'batch'), TlsError);
      expect(error.hint).toMatch(/is this an http:\/\/ port\?/);
      expect(runtime.waits).toEqual([]);
    });
  });

  it('45: no HTTP: is a broken connection; 103 is ignored', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n';
    const list = 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"data":[]}';
    await withServer(['SSH-2.0-x\r\n', hints + list], async (port) => {
      const files = createClientWith({ apiKey: 'k', baseURL: `http://127.0.0.1:${port}` }, createTestRuntime());
      const info = await files.listFilesWithHttpInfo();
      expect(info.attempts).toMatchObject([{ code: 'E_RESET' }, { status: 200 }]);
    });
  });
});
