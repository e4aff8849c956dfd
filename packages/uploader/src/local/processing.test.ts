import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { type LocalFilesServer, type LocalFilesServerOptions, startLocalFilesServer } from './index.js';

let server: LocalFilesServer;

afterEach(() => server.close());

async function upload(options: LocalFilesServerOptions, name = 'train.jsonl') {
  server = await startLocalFilesServer(options);
  const client = new OpenAI({ apiKey: 'sk-anything', baseURL: server.url, maxRetries: 0 });
  const created = await client.files.create({ file: new File(['{}\n'], name), purpose: 'fine-tune' });
  const look = async () => {
    const { status, status_details } = await client.files.retrieve(created.id);
    return status_details === null ? status : `${status}: ${status_details}`;
  };
  return { client, created, look };
}

describe('a file', () => {
  it('is processed after so many looks; a listing is none', async () => {
    const { client, created, look } = await upload({ processing: { polls: 2 } });
    expect([created.status, await look()]).toEqual(['uploaded', 'uploaded']);
    expect((await client.files.list()).data[0]?.status).toBe('uploaded');
    expect([await look(), await look(), await look()]).toEqual(['uploaded', 'processed', 'processed']);
    expect((await client.files.list()).data[0]?.status).toBe('processed');
  });

  it('is processed after some time', async () => {
    let now = 0;
    const { look } = await upload({ clock: () => now, processing: { ms: 1000, states: ['pending', 'running'] } });
    expect([await look(), await look(), await look()]).toEqual(['pending', 'running', 'running']);
    now = 1000;
    expect(await look()).toBe('processed');
  });

  it.each([
    ['bad-1.jsonl', 'error: line 1 is no example'],
    ['good.jsonl', 'processed'],
  ])('%s ends as %s', async (name, expected) => {
    const fails = { filename: 'bad-*', details: 'line 1 is no example' };
    const { look } = await upload({ processing: { fails } }, name);
    expect(await look()).toBe(expected);
  });
});
