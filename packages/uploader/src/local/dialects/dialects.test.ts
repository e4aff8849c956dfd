import { AzureOpenAI } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { type LocalDialectName, type LocalFilesServer, startLocalFilesServer } from '../index.js';
import { keptIn } from '../kept-in.harness.js';

let server: LocalFilesServer;

afterEach(() => server.close());

const start = async (dialect: LocalDialectName) => {
  server = await startLocalFilesServer({ dialect });
};
const bearer = { authorization: 'Bearer k' };
const send = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { headers: bearer, redirect: 'manual', ...init });

interface Answered {
  readonly id: string;
  readonly status?: string;
  readonly data: readonly { readonly filename: string; readonly status?: string }[];
  readonly error: { readonly code: string };
}

const json = async (response: Response) => (await response.json()) as Answered;

function form(purpose = 'fine-tune', name = 'train.jsonl') {
  const body = new FormData();
  body.set('purpose', purpose);
  body.set('file', new File(['{}\n{}\n'], name));
  return body;
}

describe('as Azure', () => {
  it('answers 201 with a Location, and processes a file at the third look', async () => {
    await start('azure');
    expect(server.url).toMatch(/\/openai\/v1$/);
    const created = await send('/files', { method: 'POST', headers: { 'api-key': 'k' }, body: form() });
    expect([created.status, created.headers.has('x-ms-request-id')]).toEqual([201, true]);
    const { id, status } = await json(created);
    expect([status, created.headers.get('location')]).toEqual(['pending', `${server.url}/files/${id}`]);
    const states = [];
    for (let look = 0; look < 3; look += 1) states.push((await json(await send(`/files/${id}`))).status);
    expect(states).toEqual(['pending', 'running', 'processed']);
  });

  it('lists all at once, whatever limit says', async () => {
    await start('azure');
    for (let count = 0; count < 3; count += 1) await send('/files', { method: 'POST', body: form() });
    const list = await json(await send('/files?limit=1'));
    expect([list.data.length, 'has_more' in list]).toEqual([3, false]);
  });

  it('serves the versioned address only with a version, and uploads in parts only there', async () => {
    await start('azure');
    const origin = new URL(server.url).origin;
    const at = (path: string, method = 'GET') => fetch(`${origin}${path}`, { method, headers: { 'api-key': 'k' } });
    expect((await at('/openai/files')).status).toBe(404);
    expect((await at('/openai/files?api-version=2025-04-01-preview')).status).toBe(200);
    expect((await at('/openai/v1/uploads', 'POST')).status).toBe(404);
    expect((await at('/openai/uploads?api-version=2025-04-01-preview', 'POST')).status).toBe(400);
  });

  it('takes the official Azure client', async () => {
    await start('azure');
    const endpoint = new URL(server.url).origin;
    const client = new AzureOpenAI({ apiKey: 'k', endpoint, apiVersion: '2025-04-01-preview', maxRetries: 0 });
    const { id } = await client.files.create({ file: new File(['{}\n'], 'a.jsonl'), purpose: 'fine-tune' });
    expect((await client.files.retrieve(id)).status).toBe('pending');
  });

  it('refuses a request without a key in its own words', async () => {
    await start('azure');
    const refused = await send('/files', { headers: {} });
    expect([refused.status, (await json(refused)).error.code]).toEqual([401, '401']);
  });
});

describe('as Together', () => {
  const offer = (fields = 'purpose=fine-tune&file_name=train.jsonl') =>
    send('/files', { method: 'POST', body: new URLSearchParams(fields) });

  it('sends the client to a store at another origin, and makes a file of what is brought there', async () => {
    await start('together');
    const offered = await offer();
    const location = offered.headers.get('location') ?? '';
    const id = offered.headers.get('x-together-file-id') ?? '';
    expect(offered.status).toBe(302);
    expect(new URL(location).origin).not.toBe(new URL(server.url).origin);
    expect((await send(`/files/${id}`)).status).toBe(404);
    expect((await fetch(location, { method: 'PUT', body: '{}\n{}' })).status).toBe(200);
    const made = await json(await send(`/files/${id}/preprocess`, { method: 'POST' }));
    expect(made).toMatchObject({ id, bytes: 5, LineCount: 2, Processed: true, filename: 'train.jsonl' });
    expect(made).not.toHaveProperty('status');
    expect(await (await send(`/files/${id}/content`)).text()).toBe('{}\n{}');
    expect((await json(await send('/files'))).data).toHaveLength(1);
  });

  it('refuses a key at the store, another signature, and a file that nobody brought', async () => {
    await start('together');
    const offered = await offer();
    const location = offered.headers.get('location') ?? '';
    const put = (url: string, headers = {}) => fetch(url, { method: 'PUT', body: 'x', headers });
    const leaked = await put(location, bearer);
    expect([leaked.status, await leaked.text()]).toEqual([400, expect.stringContaining('Only one auth mechanism')]);
    expect((await put(`${location}0`)).status).toBe(403);
    expect((await put(location.replace(/file-\w+/, `file-${'x'.repeat(24)}`))).status).toBe(404);
    const id = offered.headers.get('x-together-file-id');
    expect((await send(`/files/${id}/preprocess`, { method: 'POST' })).status).toBe(404);
    expect(await keptIn(server.directory)).toEqual([]);
  });

  it('takes the content again, and the last one counts', async () => {
    await start('together');
    const offered = await offer();
    for (const body of ['first', 'second']) {
      await fetch(offered.headers.get('location') ?? '', { method: 'PUT', body });
    }
    const id = offered.headers.get('x-together-file-id');
    await send(`/files/${id}/preprocess`, { method: 'POST' });
    expect(await (await send(`/files/${id}/content`)).text()).toBe('second');
  });

  it.each(['purpose=fine-tune', 'purpose=evals&file_name=a', 'file_name=a'])('refuses %s', async (fields) => {
    await start('together');
    expect((await offer(fields)).status).toBe(400);
  });

  it('can fail at the store', async () => {
    await start('together');
    server.addFaults({ on: 'storeContent', fault: { kind: 'answer', status: 503 } });
    const location = (await offer()).headers.get('location') ?? '';
    expect((await fetch(location, { method: 'PUT', body: 'x' })).status).toBe(503);
    expect((await fetch(location, { method: 'PUT', body: 'x' })).status).toBe(200);
  });
});

describe('as Mistral', () => {
  it('counts pages from 0, has a total and neither status nor has_more', async () => {
    await start('mistral');
    for (const name of ['a', 'b', 'c']) await send('/files', { method: 'POST', body: form('fine-tune', name) });
    const page = async (query: string) => {
      const { data, ...list } = await json(await send(`/files?${query}`));
      return { ...list, names: data.map(({ filename }) => filename) };
    };
    expect(await page('page=0&page_size=2')).toEqual({ object: 'list', total: 3, names: ['c', 'b'] });
    expect(await page('page=1&page_size=2')).toEqual({ object: 'list', total: 3, names: ['a'] });
    const [file] = (await json(await send('/files'))).data;
    expect(file).toMatchObject({ source: 'upload', sample_type: 'instruct' });
    expect(file).not.toHaveProperty('status');
  });

  it('refuses an expiry and knows no uploads in parts', async () => {
    await start('mistral');
    const body = form();
    body.set('expires_after[seconds]', '3600');
    expect((await send('/files', { method: 'POST', body })).status).toBe(400);
    expect((await send('/uploads', { method: 'POST' })).status).toBe(404);
  });
});
