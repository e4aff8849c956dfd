import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { errorBody } from '../../../test-fixtures/src/fault-files.js';
import { startFaultServer } from '../../../test-fixtures/src/fault-server.js';
import { answer, answerEarly, finAfter, resetAfter } from '../../../test-fixtures/src/faults.js';
import { sha256Of } from '../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import {
  AuthenticationError,
  NotFoundError,
  PermissionDeniedError,
  QuotaExceededError,
  RateLimitError,
  RedirectError,
  RequestTooLargeError,
  ServerError,
} from './api-errors.js';
import { ConnectionError } from './connection-errors.js';
import { client, runtime, server, useFaultServer } from './fault-server.harness.js';
import { LINES, path, useTemporaryFile } from './temporary-file.harness.js';

/** More than the kernel's buffers for a loopback connection take, so that the server decides when it is all sent. */
const LARGE = Buffer.alloc(12 * 1024 * 1024, LINES);

useTemporaryFile(LINES);
useFaultServer();

async function writeLarge(): Promise<void> {
  await writeFile(path, LARGE);
}

describe('a file that arrives', () => {
  it('is stored byte for byte, with its purpose, name and type', async () => {
    const file = await client().createFile(path, 'fine-tune');
    const [stored] = server.files.values();
    expect(stored?.content?.toString()).toBe(LINES);
    expect(stored?.fields).toEqual({ purpose: 'fine-tune' });
    expect(stored?.filename).toBe('train.jsonl');
    expect(stored?.contentType).toBe('application/jsonl');
    expect(file).toMatchObject({
      id: 'file-1',
      bytes: LINES.length,
      upload: { sha256: sha256Of(LINES), bytes: LINES.length, recovered: false },
    });
  });

  it('comes with status, headers, request id and attempts when asked for', async () => {
    const info = await client().createFileWithHttpInfo(pathToFileURL(path), 'fine-tune');
    expect(info.status).toBe(200);
    expect(info.headers['content-type']).toBe('application/json');
    expect(info.requestId).toBe('req-1');
    expect(info.attempts).toMatchObject([{ attempt: 1, status: 200, bytesSent: LINES.length, handedOver: true }]);
  });

  it('carries an exact length, the key as a bearer, and no wish for compression', async () => {
    await client({ organization: 'org-1', project: 'proj-1' }).createFile(path, 'fine-tune');
    const [request] = server.requests('create');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${SECRET_KEY}`,
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
      'accept-encoding': 'identity',
      'content-length': String(request?.bodyBytes),
    });
    expect(request?.headers['transfer-encoding']).toBeUndefined();
  });

  it('may be larger than every buffer on the way', async () => {
    await writeLarge();
    const file = await client().createFile(path, 'fine-tune');
    expect(file.upload.sha256).toBe(sha256Of(LARGE));
    expect(sha256Of(server.files.get(file.id)?.content ?? '')).toBe(sha256Of(LARGE));
  });

  it('may be bytes in memory', async () => {
    await client().createFile({ bytes: Buffer.from(LINES), filename: 'mem.jsonl' }, 'batch');
    expect([...server.files.values()]).toMatchObject([{ filename: 'mem.jsonl', purpose: 'batch' }]);
  });

  it('takes another name, type and an expiry', async () => {
    await client().createFile(path, 'fine-tune', {
      filename: 'other.jsonl',
      contentType: 'text/plain',
      expiresAfter: { anchor: 'created_at', seconds: 3600 },
    });
    const [stored] = server.files.values();
    expect(stored).toMatchObject({ filename: 'other.jsonl', contentType: 'text/plain' });
    expect(stored?.fields).toEqual({
      purpose: 'fine-tune',
      'expires_after[anchor]': 'created_at',
      'expires_after[seconds]': '3600',
    });
  });

  it('reports its progress from connecting to done, and survives callbacks that throw', async () => {
    await writeLarge();
    const phases: string[] = [];
    const types: string[] = [];
    await client().createFile(path, 'fine-tune', {
      onProgress: ({ phase, bytesSent, bytesTotal }) => {
        if (phases.at(-1) !== phase) phases.push(phase);
        expect(bytesSent).toBeLessThanOrEqual(bytesTotal);
        throw new Error('mine');
      },
      onEvent: ({ type }) => {
        types.push(type);
        throw new Error('mine');
      },
    });
    expect(phases).toEqual(['connect', 'send', 'wait', 'done']);
    // Told once that a callback throws, where it still can be told.
    expect(types).toEqual(['preflight', 'attempt-start', 'warning', 'response']);
  });

  it('fault 21: counts as created with 201 and a Location', async () => {
    server.faults.create.push(async ({ readAndStore, json }) => {
      const { id } = await readAndStore();
      json(201, { id, object: 'file', bytes: LINES.length }, { location: `/v1/files/${id}` });
    });
    expect((await client().createFileWithHttpInfo(path, 'fine-tune')).status).toBe(201);
  });

  it('fault 20: may have an unknown size', async () => {
    server.faults.create.push(async ({ readAndStore, json }) => {
      const { id } = await readAndStore();
      json(200, { id, object: 'file', bytes: null });
    });
    expect((await client().createFile(path, 'fine-tune')).bytes).toBeNull();
  });
});

describe('a connection that cannot be used', () => {
  it('1: refused: is retried with growing random waits, and is no doubt', async () => {
    const { url } = server;
    await server.close();
    const error = await failureOf(client({ baseURL: url }).createFile(path, 'fine-tune'), ConnectionError);
    expect(error).toMatchObject({ code: 'E_CONNECT', causeCode: 'ECONNREFUSED', retryable: true });
    expect(error.attempts).toHaveLength(5);
    expect(runtime.waits).toEqual([250, 500, 1000, 2000]);
  });

  it.each([
    ['9: reset before the head is answered', resetAfter(0)],
    ['10: reset in the middle of the body', resetAfter(1_000_000)],
    ['11: closed in the middle of the body', finAfter(1_000_000)],
  ])('%s: is sent again from the first byte', async (_name, fault) => {
    await writeLarge();
    server.faults.create.push(fault);
    const info = await client().createFileWithHttpInfo(path, 'fine-tune');
    expect(info.attempts).toMatchObject([
      { attempt: 1, code: 'E_RESET', handedOver: false },
      { attempt: 2, status: 200, bytesSent: LARGE.length },
    ]);
    expect(server.files.size).toBe(1);
    expect(sha256Of(server.files.get(info.data.id)?.content ?? '')).toBe(sha256Of(LARGE));
  });

  it('13: reset in the middle every time: gives up and names the likely limit', async () => {
    await writeLarge();
    for (let count = 0; count < 2; count++) server.faults.create.push(resetAfter(1_000_000));
    const error = await failureOf(client().createFile(path, 'fine-tune'), ConnectionError);
    expect(error.code).toBe('E_RESET');
    expect(error.hint).toMatch(/limits the size/);
    expect(error.bytesSent).toBeGreaterThan(0);
    expect(error.attempts).toHaveLength(2);
  });
});

describe('an answer that says no', () => {
  it('12: before the body is sent: stops at once, with that status', async () => {
    await writeLarge();
    server.faults.create.push(answerEarly(413, errorBody('Maximum content size limit (26214400) exceeded')));
    const error = await failureOf(client().createFile(path, 'fine-tune'), RequestTooLargeError);
    expect(error.message).toContain('Maximum content size limit');
    expect(error.attempts).toMatchObject([{ status: 413, handedOver: false }]);
    expect(error.attempts[0]?.bytesSent).toBeLessThan(LARGE.length);
    expect(server.files.size).toBe(0);
  });

  it.each([
    ['fault 24: 401', 401, AuthenticationError],
    ['fault 24: 403', 403, PermissionDeniedError],
    ['fault 25: 404', 404, NotFoundError],
    ['fault 27: 413', 413, RequestTooLargeError],
  ])('%s: is final, is no doubt, and the key that it repeats is not shown', async (_name, status, Kind) => {
    const echo = `Incorrect API key provided: ${SECRET_KEY}. Or ${SECRET_KEY.slice(0, 10)}****${SECRET_KEY.slice(-4)}`;
    server.faults.create.push(
      answer(status, errorBody(echo, { code: SECRET_KEY, type: SECRET_KEY }), { server: SECRET_KEY }),
    );
    const error = await failureOf(client().createFile(path, 'fine-tune'), Kind);
    expect(error).toMatchObject({ status, retryable: false, requestId: 'req-1' });
    expect(error.message).toContain('Incorrect API key provided: [redacted]');
    expect(error.message).not.toContain(SECRET_KEY.slice(-4));
    expect(server.requests('create')).toHaveLength(1);
    expect(runtime.waits).toEqual([]);
  });

  it('fault 25: 404: the hint names the missing /v1', async () => {
    const baseURL = new URL('/', server.url).href;
    const error = await failureOf(client({ baseURL }).createFile(path, 'fine-tune'), NotFoundError);
    expect(error.hint).toMatch(/most base URLs end in \/v1/);
  });

  it('fault 24: a wrong key is found by the listing, before the file is sent', async () => {
    server.faults.list.push(answer(401));
    await failureOf(client().createFile(path, 'fine-tune'), AuthenticationError);
    expect(server.requests('create')).toHaveLength(0);
  });

  it('fault 26: 408, 409 and 425: are tried again', async () => {
    server.faults.create.push(answer(408), answer(409), answer(425));
    const info = await client().createFileWithHttpInfo(path, 'fine-tune');
    expect(info.attempts.map(({ status }) => status)).toEqual([408, 409, 425, 200]);
    expect(server.files.size).toBe(1);
  });

  it.each([
    ['fault 29: 429 with seconds', { 'retry-after': '7' }, 7000],
    [
      'fault 30: 429 with a date, measured by the clock of the server',
      {
        date: 'Thu, 01 Jan 2015 00:00:00 GMT',
        'retry-after': 'Thu, 01 Jan 2015 00:00:09 GMT',
      },
      9000,
    ],
    ['fault 31: 429 with milliseconds first', { 'retry-after-ms': '1234', 'retry-after': '60' }, 1234],
    [
      'fault 31: 429 with milliseconds as Azure writes them',
      { 'x-ms-retry-after-ms': '4321', 'retry-after': '60' },
      4321,
    ],
    ['fault 32: 429 with words', { 'retry-after': 'abc' }, 250],
    ['fault 32: 429 with zero', { 'retry-after': '0' }, 250],
    ['fault 32: 429 with a negative number', { 'retry-after': '-5' }, 250],
    ['fault 35: 503 with Retry-After', { 'retry-after': '3' }, 3000],
  ])('%s: waits at least so long, and sends it again', async (name, headers, wait) => {
    server.faults.create.push(answer(name.includes('503') ? 503 : 429, errorBody('slow down'), headers));
    await client().createFile(path, 'fine-tune');
    expect(runtime.waits).toEqual([wait]);
    expect(server.files.size).toBe(1);
  });

  it('fault 32: a wait that is too long: fails now and says how long', async () => {
    server.faults.create.push(answer(429, errorBody('slow down'), { 'retry-after': '1000000000' }));
    const error = await failureOf(client().createFile(path, 'fine-tune'), RateLimitError);
    expect(error.retryAfterMs).toBe(1e12);
    expect(runtime.waits).toEqual([]);
  });

  it.each(['insufficient_quota', 'billing_hard_limit_reached'])(
    'fault 33: 429 %s: is not tried again',
    async (code) => {
      server.faults.create.push(answer(429, errorBody('You exceeded your current quota', { code })));
      const error = await failureOf(client().createFile(path, 'fine-tune'), QuotaExceededError);
      expect(error).toMatchObject({ code: 'E_QUOTA', apiCode: code, retryable: false });
      expect(server.requests('create')).toHaveLength(1);
    },
  );

  it.each([500, 502, 503, 504, 520, 524, 529])('fault 34: an early %d: is tried again', async (status) => {
    await writeLarge();
    server.faults.create.push(answerEarly(status));
    const info = await client().createFileWithHttpInfo(path, 'fine-tune');
    expect(info.attempts).toMatchObject([{ status, handedOver: false }, { status: 200 }]);
    expect(server.files.size).toBe(1);
  });

  it('fault 34: gives up after three retries', async () => {
    await writeLarge();
    for (let count = 0; count < 9; count++) server.faults.create.push(answerEarly(502));
    const error = await failureOf(client().createFile(path, 'fine-tune'), ServerError);
    expect(error.attempts).toHaveLength(4);
  });

  it('fault 34: retries: 0 means none', async () => {
    server.faults.create.push(answer(429));
    await failureOf(client({ retry: { retries: 0 } }).createFile(path, 'fine-tune'), RateLimitError);
    expect(server.requests('create')).toHaveLength(1);
  });

  it('fault 36: x-should-retry overrules the table', async () => {
    server.faults.create.push(answer(429, errorBody('no'), { 'x-should-retry': 'false' }));
    await failureOf(client().createFile(path, 'fine-tune'), RateLimitError);
    server.faults.create.push(answer(400, errorBody('no'), { 'x-should-retry': 'true' }));
    await client().createFile(path, 'fine-tune');
  });

  it('38: an error text without end is read only a little', async () => {
    let written = 0;
    server.faults.create.push(async ({ readBody, response }) => {
      await readBody();
      response.writeHead(400, { 'content-type': 'text/plain' });
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    const error = await failureOf(client().createFile(path, 'fine-tune'), Error);
    expect(Buffer.byteLength(error.message)).toBeLessThan(2200);
    expect(written).toBeLessThan(50_000_000);
  });

  it('40: an HTML page: only its title is kept', async () => {
    const page = '<html><head><title>413 Request Entity Too Large</title></head><body>secret stuff</body></html>';
    server.faults.create.push(answer(413, page, { 'content-type': 'text/html' }));
    const error = await failureOf(client().createFile(path, 'fine-tune'), RequestTooLargeError);
    expect(error.message).toContain('(an HTML page: 413 Request Entity Too Large)');
    expect(JSON.stringify(error)).not.toContain('secret stuff');
  });

  it.each([301, 302, 303, 307, 308])(
    '41: a redirect with %d: is not followed, and nothing goes there',
    async (status) => {
      const elsewhere = await startFaultServer();
      server.faults.create.push(answer(status, '', { location: `${elsewhere.url}/files?token=abc` }));
      const error = await failureOf(client().createFile(path, 'fine-tune'), RedirectError);
      expect(error.locationOrigin).toBe(new URL(elsewhere.url).origin);
      expect(error.message).not.toContain('token');
      expect(elsewhere.connections()).toBe(0);
      await elsewhere.close();
    },
  );
});
