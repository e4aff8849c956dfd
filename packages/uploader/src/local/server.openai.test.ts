import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import OpenAI, { toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalFilesServer, startLocalFilesServer } from './index.js';
import { keptIn } from './kept-in.harness.js';

const LINES = '{"messages":[]}\n{"messages":[{"role":"user","content":"Grüße 🙂"}]}\n';

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

const upload = async (name: string, purpose: OpenAI.FilePurpose = 'fine-tune', content: string | Buffer = LINES) =>
  client.files.create({ file: await toFile(Buffer.from(content), name), purpose });

const contentOf = async (id: string) => Buffer.from(await (await client.files.content(id)).arrayBuffer());

describe('the official client, unchanged', () => {
  it('creates a file from a read stream', async () => {
    const path = join(scratch, 'train.jsonl');
    const content = randomBytes(3_000_000);
    await writeFile(path, content);

    const file = await client.files.create({ file: createReadStream(path), purpose: 'fine-tune' });

    expect(file).toEqual({
      id: expect.stringMatching(/^file-[A-Za-z0-9]{24}$/),
      object: 'file',
      bytes: 3_000_000,
      created_at: now / 1000,
      filename: 'train.jsonl',
      purpose: 'fine-tune',
      status: 'processed',
      status_details: null,
      expires_at: null,
    });
    expect(
      createHash('sha256')
        .update(await contentOf(file.id))
        .digest('hex'),
    ).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('creates a file from a File and from toFile()', async () => {
    const fromFile = await client.files.create({ file: new File([LINES], 'a.jsonl'), purpose: 'fine-tune' });
    const fromBuffer = await client.files.create({
      file: await toFile(Buffer.from(LINES), 'b.jsonl'),
      purpose: 'evals',
    });

    expect([fromFile.filename, fromBuffer.filename]).toEqual(['a.jsonl', 'b.jsonl']);
    expect(fromBuffer.purpose).toBe('evals');
    expect((await contentOf(fromFile.id)).toString()).toBe(LINES);
    expect((await contentOf(fromBuffer.id)).toString()).toBe(LINES);
  });

  it('keeps an empty file', async () => {
    const file = await upload('empty.jsonl', 'fine-tune', '');
    expect(file.bytes).toBe(0);
    expect((await contentOf(file.id)).length).toBe(0);
  });

  it('retrieves what it created', async () => {
    const file = await upload('train.jsonl');
    expect(await client.files.retrieve(file.id)).toEqual(file);
  });

  it('deletes a file for good, on disk too', async () => {
    const file = await upload('train.jsonl');
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(client.files.content(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(client.files.delete(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    expect(await keptIn(server.directory)).toEqual([]);
  });

  it('gets the four keys of an error and a request id', async () => {
    const error = await client.files.retrieve('file-none').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({
      status: 404,
      requestID: expect.stringMatching(/^req_/),
      error: { message: 'No such File object: file-none', type: 'invalid_request_error', param: 'id', code: null },
    });
  });

  it('is refused without a usable key', async () => {
    const keyless = new OpenAI({ apiKey: ' ', baseURL: server.url, maxRetries: 0 });
    await expect(keyless.files.list()).rejects.toThrow(OpenAI.AuthenticationError);
  });

  it('waits for processing, which is over at once', async () => {
    const file = await upload('train.jsonl');
    expect((await client.files.waitForProcessing(file.id)).status).toBe('processed');
  });
});

describe('expiry', () => {
  it('is taken from the two fields', async () => {
    const file = await client.files.create({
      file: await toFile(Buffer.from(LINES), 'a.jsonl'),
      purpose: 'fine-tune',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    expect(file.expires_at).toBe(now / 1000 + 3600);

    now += 3_599_999;
    expect((await client.files.list()).data).toHaveLength(1);
    now += 1;
    await expect(client.files.retrieve(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    expect((await client.files.list()).data).toEqual([]);
  });

  it.each([3599, 2_592_001])('is refused at %i seconds', async (seconds) => {
    const file = await toFile(Buffer.from(LINES), 'a.jsonl');
    const created = client.files.create({
      file,
      purpose: 'fine-tune',
      expires_after: { anchor: 'created_at', seconds },
    });
    await expect(created).rejects.toMatchObject({ status: 400, param: 'expires_after[seconds]' });
    expect(await keptIn(server.directory)).toEqual([]);
  });
});

describe('listing', () => {
  it('shows the newest first and pages through all of them', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      if (index % 3 === 0) now += 1000;
      ids.push((await upload(`${index}.jsonl`)).id);
    }
    const seen = async (order: 'asc' | 'desc') => {
      const found: string[] = [];
      for await (const file of client.files.list({ limit: 3, order })) found.push(file.id);
      return found;
    };
    expect(await seen('asc')).toEqual(ids);
    expect(await seen('desc')).toEqual([...ids].reverse());

    const page = await (await client.files.list({ limit: 3, order: 'asc' }).asResponse()).json();
    expect(page).toMatchObject({ object: 'list', first_id: ids[0], last_id: ids[2], has_more: true });
  });

  it('filters by purpose, also behind a cursor of another purpose', async () => {
    const batch = await upload('b.jsonl', 'batch');
    const tune = await upload('t.jsonl', 'fine-tune');
    expect((await client.files.list({ purpose: 'batch' })).data.map((file) => file.id)).toEqual([batch.id]);
    expect((await client.files.list({ purpose: 'batch', after: tune.id })).data).toHaveLength(1);
    expect((await client.files.list({ purpose: 'evals' })).data).toEqual([]);
  });

  it('refuses a cursor that names no file', async () => {
    await expect(client.files.list({ after: 'file-gone' })).rejects.toThrow(OpenAI.NotFoundError);
  });
});

describe('several things at once', () => {
  it('takes concurrent uploads apart', async () => {
    const contents = Array.from({ length: 12 }, () => randomBytes(200_000));
    const files = await Promise.all(contents.map((content, index) => upload(`${index}.jsonl`, 'fine-tune', content)));
    for (const [index, file] of files.entries()) {
      expect((await contentOf(file.id)).equals(contents[index] ?? Buffer.alloc(0))).toBe(true);
    }
    expect(new Set(files.map((file) => file.id)).size).toBe(12);
  });

  it('lets a running download finish while its file is deleted', async () => {
    const content = randomBytes(20_000_000);
    const file = await upload('big.jsonl', 'fine-tune', content);
    const response = await client.files.content(file.id);
    await client.files.delete(file.id);
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });
});

describe('file names', () => {
  it.each([
    ['a quote', 'say "hi".jsonl', 'say "hi".jsonl'],
    ['a line break', 'two\r\nlines.jsonl', 'two\r\nlines.jsonl'],
    ['an emoji', 'Grüße 🙂.jsonl', 'Grüße 🙂.jsonl'],
    ['300 characters', `${'x'.repeat(294)}.jsonl`, `${'x'.repeat(294)}.jsonl`],
    ['a path', '../../etc/passwd', 'passwd'],
    ['a semicolon and an equals sign', 'a; filename="b.jsonl', 'a; filename="b.jsonl'],
    ['percent signs', '100%.jsonl', '100%.jsonl'],
  ])('with %s come back as sent and touch no path', async (_, name, expected) => {
    const fromBuffer = await client.files.create({ file: new File([LINES], name), purpose: 'fine-tune' });
    expect(fromBuffer.filename).toBe(expected);
    expect((await keptIn(server.directory)).sort()).toEqual([`${fromBuffer.id}.data`, `${fromBuffer.id}.json`]);
  });

  it('round-trip whatever they hold', async () => {
    const character = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter((char) => !/[\p{Cc}\p{Cs}/\\]/u.test(char));
    const names = fc
      .array(fc.oneof(character, fc.constantFrom('"', '\n', '\r', ';', '=', '.', "'", '%')), {
        minLength: 1,
        maxLength: 40,
      })
      .map((characters) => characters.join(''))
      // Three sequences stand for other characters in a form: a name that holds them cannot be told from an escaped one.
      .filter((name) => !/%(22|0a|0d)/i.test(name) && name !== '.' && name !== '..');
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const file = await client.files.create({ file: new File([LINES], name), purpose: 'fine-tune' });
        expect(file.filename).toBe(name);
        expect((await client.files.retrieve(file.id)).filename).toBe(name);
      }),
      { seed: 20_260_101, numRuns: 150 },
    );
  });
});
