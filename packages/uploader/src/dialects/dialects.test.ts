import { describe, expect, it } from 'vitest';
import { answer } from '../../../../test-fixtures/src/faults.js';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { createClientWith } from '../client.js';
import { ConfigError } from '../errors.js';
import { runtime, server, useFaultServer } from '../fault-server.harness.js';
import type { ClientOptions } from '../options.js';
import { azure } from './azure.js';
import { mistral } from './mistral.js';

useFaultServer();

function client(options: ClientOptions) {
  return createClientWith({ baseURL: server.url, ...options }, runtime);
}

const BYTES = { bytes: Buffer.from('{}\n'), filename: 'a.jsonl' };

describe('whose key goes into which header', () => {
  it.each([
    ['openai', { apiKey: SECRET_KEY }, { authorization: `Bearer ${SECRET_KEY}` }],
    ['mistral', { apiKey: SECRET_KEY }, { authorization: `Bearer ${SECRET_KEY}` }],
    ['together', { apiKey: SECRET_KEY }, { authorization: `Bearer ${SECRET_KEY}` }],
    ['azure', { apiKey: SECRET_KEY }, { 'api-key': SECRET_KEY }],
    ['azure', { accessToken: 'ey.ab.cd' }, { authorization: 'Bearer ey.ab.cd' }],
    ['azure', { apiKey: SECRET_KEY, accessToken: 'ey.ab.cd' }, { authorization: 'Bearer ey.ab.cd' }],
    ['generic', {}, {}],
  ] as const)('%s with %j', async (dialect, secrets, expected) => {
    await client({ dialect, baseURL: new URL('/openai/v1', server.url), ...secrets })
      .listFiles()
      .catch(() => {});
    const headers: Record<string, unknown> = server.received[0]?.headers ?? {};
    const sent = Object.fromEntries(
      ['authorization', 'api-key'].flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    );
    expect(sent).toEqual(expected);
  });

  it('a function is asked before every try, so that a token may be renewed', async () => {
    let count = 0;
    const files = client({ accessToken: async () => `token-number-${++count}` });
    server.faults.list.push(answer(429));
    await files.listFiles();
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-number-1',
      'Bearer token-number-2',
    ]);
  });

  it('74: what a function gave is shown nowhere', async () => {
    server.faults.list.push(answer(401, { error: { message: `bad key ${SECRET_KEY}` } }));
    const error = await failureOf(client({ apiKey: () => SECRET_KEY }).listFiles(), Error);
    expect(error.message).toContain('bad key [redacted]');
  });

  it.each([
    ['gives nothing', () => ''],
    ['gives a line break', () => `${SECRET_KEY}\n`],
    ['gives no text', () => 7 as never],
    [
      'throws',
      () => {
        throw new Error('not signed in');
      },
    ],
  ])('a function that %s is an error before anything is sent', async (_name, apiKey) => {
    await failureOf(client({ apiKey }).listFiles(), ConfigError);
    expect(server.connections()).toBe(0);
  });

  it('56: a function that never answers is left when the call is aborted', async () => {
    const controller = new AbortController();
    const listing = client({ apiKey: () => new Promise(() => {}) }).listFiles({}, { signal: controller.signal });
    controller.abort();
    await expect(listing).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});

describe('where the API of Azure begins', () => {
  it.each([
    ['https://a.openai.azure.com', undefined, 'https://a.openai.azure.com/openai/v1'],
    ['https://a.openai.azure.com/', undefined, 'https://a.openai.azure.com/openai/v1'],
    ['https://a.openai.azure.com/openai', undefined, 'https://a.openai.azure.com/openai/v1'],
    ['https://a.openai.azure.com/openai/v1/', undefined, 'https://a.openai.azure.com/openai/v1/'],
    [
      'https://a.services.ai.azure.com/api/projects/p',
      undefined,
      'https://a.services.ai.azure.com/api/projects/p/openai/v1',
    ],
    [
      'https://a.openai.azure.com',
      '2025-04-01-preview',
      'https://a.openai.azure.com/openai?api-version=2025-04-01-preview',
    ],
    [
      'https://a.openai.azure.com?api-version=2024-10-21',
      undefined,
      'https://a.openai.azure.com/openai?api-version=2024-10-21',
    ],
    ['https://gateway.example.com/openai/v1', 'preview', 'https://gateway.example.com/openai/v1?api-version=preview'],
  ])('%s with %s: %s', (given, apiVersion, root) => {
    expect(azure.apiRoot(new URL(given), apiVersion).href).toBe(root);
  });

  it('the version goes with every request', async () => {
    const files = client({
      dialect: 'azure',
      apiKey: 'k',
      baseURL: new URL('/', server.url),
      apiVersion: '2025-04-01-preview',
    });
    await files.listFiles({ purpose: 'fine-tune' }).catch(() => {});
    expect(server.received[0]?.url).toBe('/openai/files?api-version=2025-04-01-preview&purpose=fine-tune');
  });
});

describe('Mistral', () => {
  it('counts its pages', async () => {
    const page = (ids: string[]) => answer(200, { object: 'list', data: ids.map((id) => ({ id })), total: 3 });
    server.faults.list.push(page(['a', 'b']), page(['c']));
    const ids: string[] = [];
    for await (const { id } of client({ dialect: 'mistral', apiKey: 'k' }).iterateFiles({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1/files?page=0&page_size=2',
      '/v1/files?page=1&page_size=2',
    ]);
  });

  it.each([
    [{ total: 3 }, 2, { limit: 2 }, true],
    [{ total: 3 }, 1, { limit: 2, page: 1 }, false],
    [{ total: 3 }, 0, { limit: 2, page: 1 }, false],
    [{ total: null }, 100, {}, true],
    [{}, 99, {}, false],
    [{ has_more: false, total: 9 }, 1, { limit: 1 }, false],
  ])('%j after %i files of %j: more is %s', (said, count, query, more) => {
    expect(mistral.hasMore(said, count, query)).toBe(more);
  });

  it('fault 73: a server that takes no notice of the page number ends with an error', async () => {
    for (let count = 0; count < 3; count++) server.faults.list.push(answer(200, { data: [{ id: 'a' }], total: 9 }));
    const reading = (async () => {
      for await (const _ of client({ dialect: 'mistral', apiKey: 'k' }).iterateFiles({ limit: 1 }));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'E_PROTOCOL' });
  });

  it('knows neither a cursor nor an expiry', async () => {
    const files = client({ dialect: 'mistral', apiKey: 'k' });
    await failureOf(files.listFiles({ after: 'file-1' }), ConfigError);
    const expiresAfter = { anchor: 'created_at', seconds: 3600 } as const;
    await failureOf(files.createFile(BYTES, 'fine-tune', { expiresAfter }), ConfigError);
    expect(server.connections()).toBe(0);
  });

  it('is looked through to its end when an answer is lost', async () => {
    const listed = () =>
      [...server.files.values()].map(({ id, filename, bytes, created_at }) => ({
        id,
        filename,
        bytes,
        created_at,
        purpose: 'fine-tune',
      }));
    server.store({ filename: 'old.jsonl' });
    server.faults.list.push(
      ...Array.from(
        { length: 2 },
        () =>
          ({ json }: { json: (status: number, value: unknown) => void }) =>
            json(200, { data: listed(), total: server.files.size }),
      ),
    );
    server.faults.create.push(async ({ readAndStore, socket }) => {
      await readAndStore();
      socket.destroy();
    });
    const file = await client({ dialect: 'mistral', apiKey: 'k' }).createFile(BYTES, 'fine-tune');
    expect(file).toMatchObject({ id: 'file-2', upload: { recovered: true } });
  });
});
