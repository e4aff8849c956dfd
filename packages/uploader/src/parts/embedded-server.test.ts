import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../../test-fixtures/src/test-runtime.js';
import { BadRequestError, NotFoundError } from '../api-errors.js';
import { createClientWith } from '../client.js';
import { type LocalFilesServer, type LocalFilesServerOptions, startLocalFilesServer } from '../local/index.js';
import { path, useTemporaryFile } from '../temporary-file.harness.js';

/** The Uploads API as others wrote it: what this package takes for the API must be more than its own idea of it. */
const CONTENT = Buffer.alloc(1_000_000, '{"messages":[]}\n');

let server: LocalFilesServer | undefined;
let operations: string[];

useTemporaryFile(CONTENT);

beforeEach(() => {
  operations = [];
});

afterEach(() => server?.close());

async function clientOf(options: LocalFilesServerOptions = {}) {
  server = await startLocalFilesServer({
    ...options,
    onRequest: ({ operation }) => void (operation !== null && operations.push(operation)),
  });
  const { dialect = 'openai' } = options;
  const name = dialect === 'azure' ? 'azure' : 'openai';
  return createClientWith({ apiKey: SECRET_KEY, baseURL: server.url, dialect: name }, createTestRuntime());
}

const IN_PARTS = { partSize: 150_000, concurrency: 2 };

async function expectStoredOnce(files: Awaited<ReturnType<typeof clientOf>>, id: string): Promise<void> {
  expect((await files.listFiles()).data.map((file) => file.id)).toEqual([id]);
  expect(await files.downloadFile(id)).toMatchObject({ sha256: sha256Of(CONTENT) });
}

describe('in parts to the embedded server', () => {
  it('a file arrives, and can be downloaded again', async () => {
    const files = await clientOf();
    const { id } = await files.uploadInParts(path, 'fine-tune', {
      ...IN_PARTS,
      expiresAfter: { anchor: 'created_at', seconds: 3600 },
    });
    await expectStoredOnce(files, id);
    expect(operations.filter((it) => it === 'addUploadPart')).toHaveLength(7);
  });

  it('fault 77: answers to a part and to complete are lost: the file is there once', async () => {
    const files = await clientOf({
      faults: [
        { on: 'addUploadPart', nth: 2, times: 2, fault: { kind: 'lose-answer' } },
        { on: 'completeUpload', fault: { kind: 'lose-answer' } },
      ],
    });
    const { id, upload } = await files.uploadInParts(path, 'fine-tune', IN_PARTS);
    expect(upload.recovered).toBe(true);
    await expectStoredOnce(files, id);
  });

  it('fault 77: complete is asked for twice, and the second answer says that it is completed', async () => {
    const files = await clientOf({
      faults: [
        { on: 'completeUpload', fault: { kind: 'lose-answer' } },
        { on: 'listFiles', nth: 2, times: 4, fault: { kind: 'answer', status: 200, body: { json: { data: [] } } } },
      ],
    });
    const { id, upload } = await files.uploadInParts(path, 'fine-tune', IN_PARTS);
    expect(upload.recovered).toBe(true);
    expect(operations.filter((it) => it === 'completeUpload').length).toBe(2);
    await expectStoredOnce(files, id);
  });

  it('fault 77: an upload that expires on the way is begun anew', async () => {
    const files = await clientOf({
      faults: [{ on: 'addUploadPart', nth: 4, fault: { kind: 'upload', as: 'expired' } }],
    });
    const { id } = await files.uploadInParts(path, 'fine-tune', IN_PARTS);
    expect(operations.filter((it) => it === 'createUpload')).toHaveLength(2);
    await expectStoredOnce(files, id);
  });

  it('fault 77: a wrong MD5 is final', async () => {
    const files = await clientOf({
      faults: [{ on: 'completeUpload', fault: { kind: 'upload', as: 'wrong-checksum' } }],
    });
    await failureOf(files.uploadInParts(path, 'fine-tune', IN_PARTS), BadRequestError);
    expect(operations.filter((it) => it === 'completeUpload' || it === 'cancelUpload')).toEqual([
      'completeUpload',
      'cancelUpload',
    ]);
    expect((await files.listFiles()).data).toEqual([]);
  });

  it('a server without parts is named', async () => {
    const files = await clientOf({ faults: [{ on: 'createUpload', fault: { kind: 'upload', as: 'unsupported' } }] });
    await failureOf(files.uploadInParts(path, 'fine-tune', IN_PARTS), NotFoundError);
  });
});
