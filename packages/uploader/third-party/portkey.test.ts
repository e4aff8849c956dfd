import { createFilesClient, type Dispatcher } from '@tunegate/uploader';
import { type LocalFilesServer, startLocalFilesServer } from '@tunegate/uploader/local';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.harness.js';
import { installedFile, type Program, startProgram } from './program.harness.js';

let dataset: Dataset;
let server: LocalFilesServer;
let gateway: Program;

beforeAll(async () => {
  dataset = await createDataset(3_000_000);
  server = await startLocalFilesServer();
  gateway = await startProgram({
    command: process.execPath,
    args: (port) => [installedFile('@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, '--headless'],
  });
});

afterAll(async () => {
  await gateway.stop();
  await server.close();
  await dataset.remove();
});

/** The gateway wants to be told by headers where to go. */
function throughGateway(): Dispatcher {
  const route = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': server.url };
  return new Agent({ pipelining: 0 }).compose((dispatch) => (options, handler) => {
    const headers = { ...(options.headers as Record<string, string>), ...route };
    return dispatch({ ...options, headers }, handler);
  });
}

describe('behind the Portkey gateway', () => {
  it('a file is created, listed and deleted', async () => {
    const dispatcher = throughGateway();
    const client = createFilesClient({ apiKey: 'k', baseURL: `http://127.0.0.1:${gateway.port}/v1`, dispatcher });
    const file = await client.createFile(dataset.path, 'fine-tune');
    expect(file).toMatchObject({ bytes: dataset.content.length, upload: { sha256: dataset.sha256, recovered: false } });
    expect((await client.listFiles()).data.map(({ id }) => id)).toEqual([file.id]);
    // Fetched past the gateway: 1.15.2 fails by itself where it would pass the content on ("TypeError: immutable").
    const direct = createFilesClient({ apiKey: 'k', baseURL: server.url });
    expect((await direct.downloadFile(file.id)).sha256).toBe(dataset.sha256);
    expect(await client.deleteFile(file.id)).toMatchObject({ deleted: true });
    await dispatcher.destroy();
  });

  it('an answer that was lost behind it leaves one file, and its id is found', async () => {
    server.addFaults({ on: 'createFile', fault: { kind: 'lose-answer', how: 'reset' } });
    const dispatcher = throughGateway();
    const client = createFilesClient({ apiKey: 'k', baseURL: `http://127.0.0.1:${gateway.port}/v1`, dispatcher });
    const file = await client.createFile(dataset.path, 'fine-tune', { filename: 'lost.jsonl' });
    expect(file.upload.recovered).toBe(true);
    expect((await client.listFiles()).data.map(({ filename }) => filename)).toEqual(['lost.jsonl']);
    await dispatcher.destroy();
  });
});
