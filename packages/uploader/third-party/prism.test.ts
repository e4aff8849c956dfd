import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConnectionError, createFilesClient, IntegrityError, UploaderError } from '@tunegate/uploader';
import { type LocalFilesServer, startLocalFilesServer } from '@tunegate/uploader/local';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.harness.js';
import { installedFile, type Program, startProgram } from './program.harness.js';

const ours = fileURLToPath(new URL('../../../test-fixtures/api/files-api.openapi.json', import.meta.url));
/** OpenAI's own, where somebody has laid it beside the repository. */
const theirs = fileURLToPath(new URL('../../../../shared/schemas/openai-files-openapi.json', import.meta.url));

let dataset: Dataset;
beforeAll(async () => {
  dataset = await createDataset(50_000);
});
afterAll(() => dataset.remove());

const start = (...args: readonly string[]) =>
  startProgram({
    command: process.execPath,
    args: (port) => [
      installedFile('@stoplight/prism-cli/dist/index.js'),
      ...args.slice(0, 1),
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '--errors',
      ...args.slice(1),
    ],
  });

const clientOf = (program: Program) =>
  createFilesClient({ apiKey: 'k', baseURL: `http://127.0.0.1:${program.port}`, retry: { retries: 0 } });

// Prism answers 422 to a request that does not fit the description, and 500 for an answer that does not: neither may occur.
describe('between a client and the embedded server, Prism finds nothing that is not in our description', () => {
  let server: LocalFilesServer;
  let prism: Program;
  beforeAll(async () => {
    server = await startLocalFilesServer();
    prism = await start('proxy', ours, server.url);
  });
  afterAll(async () => {
    await prism.stop();
    await server.close();
  });

  it('with our client', async () => {
    const client = clientOf(prism);
    const options = { expiresAfter: { anchor: 'created_at', seconds: 3600 } } as const;
    const file = await client.createFile(dataset.path, 'batch', options);
    expect(file.upload.sha256).toBe(dataset.sha256);
    expect((await client.listFiles({ purpose: 'batch', limit: 5, order: 'asc' })).data).toHaveLength(1);
    expect(await client.retrieveFile(file.id)).toMatchObject({ id: file.id });
    await client.deleteFile(file.id);
    await expect(client.retrieveFile(file.id)).rejects.toMatchObject({ status: 404 });
  });

  it('with the official client, in parts too', async () => {
    const client = new OpenAI({ apiKey: 'k', baseURL: `http://127.0.0.1:${prism.port}`, maxRetries: 0 });
    const file = await client.files.create({ file: new File(['{}\n'], 'a.jsonl'), purpose: 'fine-tune' });
    expect((await client.files.list()).data.map(({ id }) => id)).toContain(file.id);
    const upload = await client.uploads.create({
      filename: 'b.jsonl',
      bytes: 3,
      mime_type: 'text/jsonl',
      purpose: 'fine-tune',
    });
    const part = await client.uploads.parts.create(upload.id, { data: new File(['abc'], 'part') });
    const completed = await client.uploads.complete(upload.id, { part_ids: [part.id] });
    expect(completed.file?.bytes).toBe(3);
    const other = await client.uploads.create({
      filename: 'c.jsonl',
      bytes: 3,
      mime_type: 'text/jsonl',
      purpose: 'fine-tune',
    });
    expect((await client.uploads.cancel(other.id)).status).toBe('cancelled');
  });
});

const descriptions = [ours, theirs].filter((path) => existsSync(path));
if (descriptions.length === 1) console.error(`» Prism with OpenAI's description: left out, there is no ${theirs}`);

describe.each(descriptions)('Prism in place of a server, by %s', (path) => {
  let prism: Program;
  beforeAll(async () => {
    prism = await start('mock', path);
  });
  afterAll(() => prism.stop());

  it('takes our requests, and its invented size is noticed', async () => {
    const client = clientOf(prism);
    expect((await client.listFiles({ purpose: 'fine-tune', limit: 10 })).object).toBe('list');
    const failure = await client
      .createFile(dataset.path, 'fine-tune', { expiresAfter: { anchor: 'created_at', seconds: 3600 } })
      .catch((error: unknown) => error);
    expect(failure, prism.output().slice(-2000)).toBeInstanceOf(IntegrityError);
    expect(failure).toMatchObject({ expected: dataset.content.length });
  });

  it('says 401 where there is no key', async () => {
    const client = createFilesClient({ dialect: 'generic', baseURL: `http://127.0.0.1:${prism.port}` });
    await expect(client.listFiles()).rejects.toMatchObject({ status: 401 });
  });

  it('answers 413 to a body over 10 MB while it is still coming, which arrives or is lost with the connection', async () => {
    const large = await createDataset(12_000_000);
    try {
      const failure = await clientOf(prism)
        .createFile(large.path, 'fine-tune')
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UploaderError);
      // It closes the connection with its answer, which then arrives or is overtaken by the reset (RFC 9112, 9.6).
      const lost = { name: 'ConnectionError', code: 'E_RESET', hint: expect.stringContaining('limits the size') };
      const told = { name: 'RequestTooLargeError', status: 413 };
      expect(failure).toMatchObject(failure instanceof ConnectionError ? lost : told);
    } finally {
      await large.remove();
    }
  });
});
