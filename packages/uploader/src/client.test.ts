import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { errorBody, fileObject } from '../../../test-fixtures/src/fault-files.js';
import { answer, resetAfter } from '../../../test-fixtures/src/faults.js';
import { everythingShownBy, failureOf, SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { AuthenticationError, NotFoundError } from './api-errors.js';
import { createFilesClient, type FilesClient } from './client.js';
import { ConfigError, ProtocolError } from './errors.js';
import { client, runtime, server, useFaultServer } from './fault-server.harness.js';
import type { ClientOptions } from './options.js';
import type { FilePurpose } from './types.js';

useFaultServer();

/** A client as it is without types. */
type Untyped = Record<keyof FilesClient, (...args: unknown[]) => Promise<unknown>>;

const BYTES = { bytes: Buffer.from('{}\n'), filename: 'a.jsonl' };

describe('G10: options are checked before anything is sent', () => {
  const refused = (options: ClientOptions) =>
    failureOf(
      Promise.resolve().then(() => createFilesClient(options)),
      ConfigError,
    );

  it.each([
    ['a line break', 'sk-abc\r\nx-evil: 1'],
    ['a line break at the end', `${SECRET_KEY}\n`],
    ['a letter outside Latin-1', `${SECRET_KEY}ł`],
    ['a control character', `${SECRET_KEY}\u0000`],
    ['a line separator', `${SECRET_KEY}\u2028`],
    ['a space before it', ` ${SECRET_KEY}`],
  ])('66: %s in the key, the organisation or the project: is refused and not repeated', async (_name, value) => {
    for (const error of [
      await refused({ apiKey: value }),
      await refused({ apiKey: 'k', organization: value }),
      await refused({ apiKey: 'k', project: value }),
    ]) {
      expect(everythingShownBy(error)).not.toContain('sk-abc');
      expect(error.code).toBe('E_CONFIG');
    }
  });

  it.each([
    ['no key', {}],
    ['an empty key', { apiKey: '' }],
    ['an unknown dialect', { apiKey: 'k', dialect: 'nope' as 'openai' }],
    ['azure without an address', { apiKey: 'k', dialect: 'azure' as const }],
    ['a version where there is none', { apiKey: 'k', apiVersion: '2025-04-01-preview' }],
    [
      'a version that is none',
      { apiKey: 'k', dialect: 'azure' as const, baseURL: 'https://a.openai.azure.com', apiVersion: 'a&b=c' },
    ],
    ['a key that is no text', { apiKey: 17 as never }],
    ['generic without an address', { apiKey: 'k', dialect: 'generic' as const }],
    ['no URL', { apiKey: 'k', baseURL: 'api.openai.com' }],
    ['another protocol', { apiKey: 'k', baseURL: 'ftp://example.com' }],
    ['http to another machine', { apiKey: 'k', baseURL: 'http://example.com/v1' }],
    ['http to a name that begins like this machine', { apiKey: 'k', baseURL: 'http://localhost.example.com/v1' }],
    ['a password in the address', { apiKey: 'k', baseURL: `https://user:${SECRET_KEY}@example.com/v1` }],
    ['a dispatcher that is none', { apiKey: 'k', dispatcher: {} as Agent }],
    ['a negative number of retries', { apiKey: 'k', retry: { retries: -1 } }],
    ['half a retry', { apiKey: 'k', retry: { retries: 0.5 } }],
    ['no time at all', { apiKey: 'k', timeout: { stall: 0 } }],
    ['not a number', { apiKey: 'k', timeout: { stall: Number.NaN } }],
  ])('%s: is refused', async (_name, options) => {
    await refused(options);
  });

  it.each([
    'http://localhost:1/v1',
    'http://127.8.9.1/v1',
    'http://[::1]:1',
    'http://a.localhost',
    'https://example.com',
  ])('%s is a good address', (baseURL) => {
    createFilesClient({ apiKey: 'k', baseURL });
  });

  it('http to another machine is possible for those who ask for it', () => {
    createFilesClient({ apiKey: 'k', baseURL: 'http://example.com/v1', allowInsecureHttp: true });
  });

  it('a generic server may want no key', async () => {
    await createFilesClient({ dialect: 'generic', baseURL: `${server.url}/` }).listFiles();
    expect(server.received[0]?.headers.authorization).toBeUndefined();
    expect(server.received[0]?.url).toBe('/v1/files');
  });

  it.each([
    ['a purpose with a field in it', 'fine-tune"\r\n\r\nx', {}],
    ['an unknown purpose', 'training', {}],
    ['a prototype as a purpose', 'constructor', {}],
    ['an expiry that is too short', 'fine-tune', { expiresAfter: { anchor: 'created_at' as const, seconds: 3599 } }],
    [
      'an expiry that is too long',
      'fine-tune',
      { expiresAfter: { anchor: 'created_at' as const, seconds: 2_592_001 } },
    ],
    ['half a second', 'fine-tune', { expiresAfter: { anchor: 'created_at' as const, seconds: 3600.5 } }],
    [
      'an expiry as text',
      'fine-tune',
      { expiresAfter: { anchor: 'created_at' as const, seconds: '3600\r\n' as never } },
    ],
    ['another anchor', 'fine-tune', { expiresAfter: { anchor: 'last_used' as 'created_at', seconds: 3600 } }],
    ['a type with a line break', 'fine-tune', { contentType: 'text/plain\r\nx: y' }],
    ['a digest that is none', 'fine-tune', { expect: { size: 1, sha256: 'abc' } }],
    ['a name that is none', 'fine-tune', { filename: '..' }],
  ])('fault 65: %s: is refused', async (_name, purpose, options) => {
    await failureOf(client().createFile(BYTES, purpose as FilePurpose, options), ConfigError);
    expect(server.connections()).toBe(0);
  });

  it.each([null, 17, {}, { bytes: 'text', filename: 'a' }, { bytes: new Uint8Array(1) }])(
    'a file that is none, like %j, is refused',
    async (file) => {
      await failureOf(client().createFile(file as never, 'fine-tune'), ConfigError);
      expect(server.connections()).toBe(0);
    },
  );

  it.each<[string, (files: Untyped) => unknown]>([
    ['a stream as a file', ({ createFile }) => createFile(Readable.from(['x']), 'fine-tune')],
    ['a Blob as a file', ({ createFile }) => createFile(new Blob(['x']), 'fine-tune')],
    ['bytes without a name', ({ createFile }) => createFile(BYTES.bytes, 'fine-tune')],
    ['no options', ({ createFile }) => createFile(BYTES, 'fine-tune', null)],
    ['a name that is a number', ({ createFile }) => createFile(BYTES, 'fine-tune', { filename: 5 })],
    ['expect: null', ({ createFile }) => createFile(BYTES, 'fine-tune', { expect: null })],
    ['expiresAfter: null', ({ createFile }) => createFile(BYTES, 'fine-tune', { expiresAfter: null })],
    ['a callback that is none', ({ createFile }) => createFile(BYTES, 'fine-tune', { onEvent: 'x' })],
    ['a signal that is none', ({ listFiles }) => listFiles({}, { signal: {} })],
    ['signal: null', ({ retrieveFile }) => retrieveFile('a', { signal: null })],
    ['a purpose in place of a query', ({ listFiles }) => listFiles('fine-tune')],
    ['null in place of a query', ({ listFiles }) => listFiles(null)],
    ['a path in place of options', ({ downloadFile }) => downloadFile('a', './a.jsonl')],
    ['null in place of options', ({ waitForProcessing }) => waitForProcessing('a', null)],
    ['an expectation that is none', ({ downloadFile }) => downloadFile('a', { expect: 5 })],
  ])('in plain JavaScript %s: is refused in words of the option', async (_name, call) => {
    await failureOf(Promise.resolve(call(client() as unknown as Untyped)), ConfigError);
    expect(server.connections()).toBe(0);
  });

  it('an expiry where the dialect knows none: is refused before the file is looked at', async () => {
    const expiresAfter = { anchor: 'created_at' as const, seconds: 3600 };
    const error = await failureOf(
      client({ dialect: 'mistral' }).createFile('/nowhere/a.jsonl', 'fine-tune', { expiresAfter }),
      ConfigError,
    );
    expect(error.message).toBe('the dialect "mistral" knows no expiresAfter');
  });

  it('in plain JavaScript null in place of the options of a client: is refused', async () => {
    await refused(null as never);
  });

  it('fault 65: an unknown purpose passes when that is asked for', async () => {
    await client().createFile(BYTES, 'eval-data' as FilePurpose, { allowUnknownPurpose: true });
    expect([...server.files.values()]).toMatchObject([{ purpose: 'eval-data' }]);
  });

  it.each(['../files', 'a/b', 'a\\b', 'a?b', 'a#b', 'a%2fb', '', '.', '..', 'a b', 'a\nb', 'a\u0000', 'a\ud800'])(
    'fault 67: the file id %j is refused',
    async (id) => {
      const files = client();
      await failureOf(files.retrieveFile(id), ConfigError);
      await failureOf(files.deleteFile(id), ConfigError);
      await failureOf(files.downloadFile(id), ConfigError);
      expect(server.connections()).toBe(0);
    },
  );

  it('G7: a key that stands in the address, too, is in no advice', async () => {
    const files = client({ baseURL: `${server.url}/${SECRET_KEY}` });
    const error = await failureOf(files.createFile(BYTES, 'fine-tune'), NotFoundError);
    expect(error.hint).toContain('most base URLs end in /v1');
  });

  it('G7: of a key and a token, each is blanked in an answer that repeats it', async () => {
    const accessToken = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0';
    server.faults.retrieve.push(answer(200, { id: 'file-1', filename: `${accessToken} ${SECRET_KEY}` }));
    const file = await client({ accessToken }).retrieveFile('file-1');
    expect(file.filename).toBe('[redacted] [redacted]');
  });

  it('fault 67: every other file id is encoded', async () => {
    server.store({ id: 'file:ä+&=' });
    expect((await client().retrieveFile('file:ä+&=')).id).toBe('file:ä+&=');
    expect(server.received[0]?.url).toBe('/v1/files/file%3A%C3%A4%2B%26%3D');
  });
});

describe('list, retrieve, delete', () => {
  it('list: passes its query on and gives one page', async () => {
    for (let count = 0; count < 3; count++) server.store({});
    const page = await client().listFiles({ purpose: 'fine-tune', limit: 2, order: 'desc' });
    expect(page).toMatchObject({ object: 'list', has_more: true, first_id: 'file-3', last_id: 'file-2' });
    const rest = await client().listFiles({ limit: 2, after: 'file-2' });
    expect(rest).toMatchObject({ data: [{ id: 'file-1' }], has_more: false });
    expect(server.received[0]?.url).toBe('/v1/files?purpose=fine-tune&limit=2&order=desc');
  });

  it('list: fills in what a lenient server leaves out', async () => {
    server.faults.list.push(({ json }) => json(200, { data: [{ id: 'a' }] }));
    expect(await client().listFiles()).toEqual({
      object: 'list',
      data: [{ id: 'a', object: 'file', bytes: null, created_at: 0, filename: '', purpose: '' }],
      first_id: 'a',
      last_id: 'a',
      has_more: false,
    });
  });

  it('fault 73: list: an answer that is no list is an error', async () => {
    for (const body of [{}, [], 'null', '<html>', { data: [{}] }]) {
      server.faults.list.push(({ json }) => json(200, body));
      await failureOf(client().listFiles(), ProtocolError);
    }
  });

  it.each(['file-a\nfile-b', 'file-a file-b', '\u001b[2Jfile-a', 'file-\u202ea', `file-${'a'.repeat(600)}`])(
    'an id that is not one printable word is no id: %j',
    async (id) => {
      server.faults.list.push(({ json }) => json(200, { data: [{ id }] }));
      const error = await failureOf(client().listFiles(), ProtocolError);
      expect(error.message).toBe('the id of the file object is not one word');
    },
  );

  it('an answer that is far too long is an error', async () => {
    server.faults.list.push(({ json }) => json(200, `[${' '.repeat(9 * 1024 * 1024)}]`));
    const error = await failureOf(client().listFiles(), ProtocolError);
    expect(error.message).toContain('longer than');
  });

  it('retrieve: gives the file with unknown fields kept', async () => {
    const { id } = server.store({});
    server.faults.retrieve.push(({ json }) => json(200, { id, object: 'file', line_count: 3 }));
    const info = await client().retrieveFileWithHttpInfo(id);
    expect(info).toMatchObject({ status: 200, requestId: 'req-1', data: { id, line_count: 3 } });
  });

  it('retrieve: a file that is not there', async () => {
    const error = await failureOf(client().retrieveFile('file-9'), NotFoundError);
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'id', requestId: 'req-1' });
    expect(error.message).toBe('GET /v1/files/file-9: 404 No such File object: file-9');
  });

  it('every call without a body is retried four times', async () => {
    for (let count = 0; count < 9; count++) server.faults.retrieve.push(count % 2 ? resetAfter(0) : answer(500));
    await failureOf(client().retrieveFile('file-9'), Error);
    expect(server.requests('retrieve')).toHaveLength(5);
    expect(runtime.waits).toEqual([250, 500, 1000, 2000]);
  });

  it('delete: removes the file', async () => {
    const { id } = server.store({});
    expect(await client().deleteFile(id)).toEqual({ id, object: 'file', deleted: true });
    expect(server.files.size).toBe(0);
  });

  it('fault 71: delete: a lost answer and then 404 is a success', async () => {
    const { id } = server.store({});
    server.faults.delete.push(({ socket }) => {
      server.files.delete(id);
      socket.destroy();
    });
    expect(await client().deleteFile(id)).toEqual({ id, object: 'file', deleted: true, alreadyGone: true });
    await failureOf(client().deleteFile(id), NotFoundError);
  });

  it('fault 72: delete: the file itself, or nothing, is a good answer; another file is none', async () => {
    const { id } = server.store({});
    server.faults.delete.push(({ json, server }) => json(200, fileObject(server.store({ id }))));
    expect((await client().deleteFile(id)).deleted).toBe(true);
    server.faults.delete.push(({ response }) => void response.writeHead(204).end());
    expect((await client().deleteFile(id)).deleted).toBe(true);
    server.faults.delete.push(({ json }) => json(200, { id: 'file-other', deleted: true }));
    await failureOf(client().deleteFile(id), ProtocolError);
  });

  it('41: no redirect is followed', async () => {
    server.faults.delete.push(answer(307, '', { location: '/v1/files/file-2' }));
    server.faults.retrieve.push(answer(301, '', { location: '/v1/files/file-2' }));
    await failureOf(client().deleteFile('file-1'), Error);
    await failureOf(client().retrieveFile('file-1'), Error);
    expect(server.received).toHaveLength(2);
  });

  it('a dispatcher of the caller is used and stays open', async () => {
    const dispatcher = new Agent();
    const files = client({ dispatcher });
    await files.listFiles();
    await files.createFile(BYTES, 'fine-tune');
    await files.close();
    expect(dispatcher.closed).toBe(false);
    expect(server.requests('create')[0]?.headers.connection).toBe('close');
    await dispatcher.close();
    await failureOf(client({ dispatcher }).listFiles(), ConfigError);
  });
});

describe('74: the key is shown nowhere', () => {
  it('not by the client', () => {
    const files = client();
    const shown = [inspect(files, { depth: 9, showHidden: true }), JSON.stringify(files), String(files)].join();
    expect(shown).not.toContain(SECRET_KEY.slice(0, 12));
  });

  it('not by the log, whatever the server says', async () => {
    const lines: string[] = [];
    const write = (...line: unknown[]) => lines.push(inspect(line, { depth: 9 }));
    server.faults.retrieve.push(answer(500, errorBody(`Bearer ${SECRET_KEY}`)), answer(401, errorBody(SECRET_KEY)));
    const files = client({ logger: { debug: write, warn: write } });
    await failureOf(files.retrieveFile('file-1'), AuthenticationError);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join()).not.toContain(SECRET_KEY.slice(0, 12));
  });

  it('not by an error, in whatever form the server repeats it', async () => {
    for (const echo of [
      SECRET_KEY,
      `Bearer ${SECRET_KEY}`,
      encodeURIComponent(SECRET_KEY),
      Buffer.from(SECRET_KEY).toString('base64'),
      `${SECRET_KEY.slice(0, 12)}...${SECRET_KEY.slice(-12)}`,
      SECRET_KEY.slice(9, 30),
    ]) {
      server.faults.retrieve.push(
        answer(401, errorBody(echo, { type: echo, code: echo, param: echo }), { 'x-request-id': echo, server: echo }),
      );
      const error = await failureOf(client().retrieveFile('file-1'), AuthenticationError);
      expect(everythingShownBy(error)).not.toContain(Buffer.from(SECRET_KEY).toString('base64').slice(0, 16));
    }
  });

  it('not by an error about a key without the usual look', async () => {
    const key = '0123abcd4567ef';
    server.faults.retrieve.push(answer(401, errorBody(`bad key ${key}, or 0123****67ef`)));
    const error = await failureOf(client({ apiKey: key }).retrieveFile('file-1'), AuthenticationError);
    expect(error.message).toBe('GET /v1/files/file-1: 401 bad key [redacted], or [redacted]');
  });

  it('a logger that throws breaks nothing', async () => {
    const write = () => {
      throw new Error('mine');
    };
    await client({ logger: { debug: write, warn: write } }).listFiles();
  });
});
