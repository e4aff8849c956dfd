import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalFilesServer, startLocalFilesServer } from '../index.js';
import { keptIn } from '../kept-in.harness.js';

let scratch: string;
let now: number;
let server: LocalFilesServer;
let client: OpenAI;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tunegate-test-'));
  now = Date.UTC(2026, 0, 1);
  server = await startLocalFilesServer({ directory: join(scratch, 'files'), clock: () => now });
  client = new OpenAI({ apiKey: 'sk-anything', baseURL: server.url, maxRetries: 0 });
});

afterEach(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

const begin = (bytes: number, more: object = {}) =>
  client.uploads.create({ bytes, filename: 'train.jsonl', mime_type: 'text/jsonl', purpose: 'fine-tune', ...more });

const addPart = async (id: string, content: string | Buffer) =>
  client.uploads.parts.create(id, { data: await toFile(Buffer.from(content), 'part') });

const contentOf = async (id: string) => Buffer.from(await (await client.files.content(id)).arrayBuffer());

describe('an upload in parts, by the official client', () => {
  it('joins the parts in the order of the completion, not in that of their arrival', async () => {
    const content = randomBytes(1_000_000);
    const upload = await begin(content.length, { expires_after: { anchor: 'created_at', seconds: 3600 } });
    expect(upload).toMatchObject({ object: 'upload', status: 'pending', bytes: 1_000_000, file: null });
    expect(upload.expires_at - upload.created_at).toBe(3600);
    const second = await addPart(upload.id, content.subarray(400_000));
    const first = await addPart(upload.id, content.subarray(0, 400_000));
    expect(first).toMatchObject({ object: 'upload.part', upload_id: upload.id });
    const md5 = createHash('md5').update(content).digest('hex');
    const completed = await client.uploads.complete(upload.id, { part_ids: [first.id, second.id], md5 });
    expect(completed).toMatchObject({ status: 'completed', file: { bytes: 1_000_000, filename: 'train.jsonl' } });
    const id = completed.file?.id ?? '';
    expect((await contentOf(id)).equals(content)).toBe(true);
    expect((await client.files.retrieve(id)).expires_at).toBe(upload.created_at + 3600);
    expect((await keptIn(server.directory)).sort()).toEqual([`${id}.data`, `${id}.json`]);
  });

  it('keeps the last segment of a path as the name', async () => {
    expect((await begin(3, { filename: '../../etc/train.jsonl' })).filename).toBe('train.jsonl');
    await expect(begin(3, { filename: '../..' })).rejects.toMatchObject({ status: 400, param: 'file' });
  });

  it('leaves out the parts that the completion does not name', async () => {
    const upload = await begin(3);
    await addPart(upload.id, 'lost');
    const { id } = await addPart(upload.id, 'abc');
    const completed = await client.uploads.complete(upload.id, { part_ids: [id] });
    expect((await contentOf(completed.file?.id ?? '')).toString()).toBe('abc');
  });

  it('is not completed with too few bytes, an unknown part, a part named twice or another checksum, and can be mended', async () => {
    const upload = await begin(6);
    const { id } = await addPart(upload.id, 'abc');
    const complete = (part_ids: string[], md5?: string) =>
      client.uploads.complete(upload.id, { part_ids, ...(md5 === undefined ? {} : { md5 }) });
    await expect(complete([id])).rejects.toMatchObject({ status: 400, code: 'bytes_mismatch' });
    await expect(complete([id, id])).rejects.toMatchObject({ status: 400, param: 'part_ids' });
    await expect(complete([id, 'part_none'])).rejects.toMatchObject({ status: 400, param: 'part_ids' });
    const other = await addPart(upload.id, 'def');
    await expect(complete([id, other.id], '0'.repeat(32))).rejects.toMatchObject({ code: 'checksum_mismatch' });
    expect((await client.files.list()).data).toEqual([]);
    expect((await complete([id, other.id])).status).toBe('completed');
  });

  it('is over once completed or cancelled', async () => {
    const upload = await begin(3);
    const { id } = await addPart(upload.id, 'abc');
    await client.uploads.complete(upload.id, { part_ids: [id] });
    await expect(client.uploads.complete(upload.id, { part_ids: [id] })).rejects.toMatchObject({
      status: 400,
      code: 'upload_completed',
    });
    const other = await begin(3);
    await addPart(other.id, 'abc');
    expect(await client.uploads.cancel(other.id)).toMatchObject({ status: 'cancelled' });
    await expect(addPart(other.id, 'abc')).rejects.toMatchObject({ status: 400, code: 'upload_cancelled' });
    expect(await keptIn(server.directory)).toHaveLength(2);
  });

  it('expires after an hour, and its parts go with the next upload', async () => {
    const upload = await begin(3);
    const { id } = await addPart(upload.id, 'abc');
    now += 3_599_000;
    await addPart(upload.id, 'def');
    now += 1000;
    await expect(client.uploads.complete(upload.id, { part_ids: [id] })).rejects.toMatchObject({
      status: 400,
      code: 'upload_expired',
    });
    await begin(1);
    expect(await keptIn(server.directory)).toEqual([]);
  });

  it('can be made to expire by a fault', async () => {
    const upload = await begin(3);
    server.addFaults({ on: 'addUploadPart', fault: { kind: 'upload', as: 'expired' } });
    await expect(addPart(upload.id, 'abc')).rejects.toMatchObject({ code: 'upload_expired' });
  });

  it('is unknown to a server that was started again, which removes its parts', async () => {
    const upload = await begin(3);
    await addPart(upload.id, 'abc');
    await server.close();
    server = await startLocalFilesServer({ directory: server.directory });
    client = new OpenAI({ apiKey: 'sk-anything', baseURL: server.url, maxRetries: 0 });
    expect(await keptIn(server.directory)).toEqual([]);
    await expect(addPart(upload.id, 'abc')).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['purpose', { purpose: 'evals' as 'batch' }],
    ['bytes', { bytes: 0 }],
    ['bytes', { bytes: 8_589_934_593 }],
    ['filename', { filename: '' }],
    ['mime_type', { mime_type: undefined }],
    ['expires_after.seconds', { expires_after: { anchor: 'created_at', seconds: 60 } }],
    ['colour', { colour: 'red' }],
  ])('is refused for its %s: %j', async (param, more) => {
    await expect(begin(3, more)).rejects.toMatchObject({ status: 400, param });
  });

  it('takes no empty part and none that is over 64 MiB', async () => {
    const upload = await begin(3);
    await expect(addPart(upload.id, '')).rejects.toMatchObject({ status: 400, param: 'data' });
    await expect(addPart(upload.id, Buffer.alloc(67_108_865))).rejects.toMatchObject({ status: 400, param: 'data' });
    expect(await keptIn(server.directory)).toEqual([]);
  });
});
