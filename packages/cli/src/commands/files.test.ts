import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFilesClient, type FilesClient } from '@tunegate/uploader';
import { type LocalFilesServer, startLocalFilesServer } from '@tunegate/uploader/local';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GOOD, KEY, tunegate } from '../run-in-process.harness.js';

let folder: string;
let server: LocalFilesServer;
let client: FilesClient;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = await startLocalFilesServer();
  client = createFilesClient({ apiKey: KEY, baseURL: server.url });
});
afterEach(async () => {
  await server.close();
  for (const close of closing.splice(0)) await close();
});

const files = (...argv: string[]) => tunegate(['files', ...argv], { env: env() });
const env = () => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url });
const add = async (filename = 'train.jsonl', purpose: 'fine-tune' | 'batch' = 'fine-tune') =>
  (await client.createFile({ bytes: Buffer.from(GOOD), filename }, purpose)).id;

async function listening(answer: RequestListener): Promise<string> {
  const other: Server = createServer(answer);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    other.closeAllConnections();
    return new Promise((resolve) => other.close(resolve));
  });
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1`;
}

describe('files list', () => {
  test('writes a line for each file, newest first', async () => {
    const first = await add();
    const second = await add('b.jsonl', 'batch');
    const { code, stdout } = await files('list');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      new RegExp(`^${second} +${GOOD.length}  \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z  processed  batch +b\\.jsonl$`),
    );
    expect(lines[1]).toContain(first);
  });

  test('writes json and jsonl, of one purpose, no more than asked for', async () => {
    const ids = [await add(), await add(), await add()];
    await add('b.jsonl', 'batch');
    const json = await files('list', '--purpose', 'fine-tune', '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      files: [...ids].reverse().map((id) => ({ id, object: 'file', bytes: GOOD.length, purpose: 'fine-tune' })),
    });
    const jsonl = await files('list', '--limit', '2', '--format', 'jsonl', '--order', 'asc');
    expect(
      jsonl.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(ids.slice(0, 2));
  });

  test('says that there is none, and writes an empty list', async () => {
    expect(await files('list')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no files at') });
    const { stdout } = await files('list', '--format', 'json');
    expect(JSON.parse(stdout)).toEqual({ schemaVersion: 1, files: [] });
  });

  test("a server's text cannot drive the terminal", async () => {
    const url = await listening((_request, response) =>
      response.end(JSON.stringify({ data: [{ id: 'file-1', filename: 'a\u001b[31m\nb', created_at: 1e30 }] })),
    );
    const { stdout } = await files('list', '--base-url', url);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('files get', () => {
  test('describes a file', async () => {
    const id = await add();
    const { code, stdout } = await files('get', id);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^id +${id}$`, 'm'));
    expect(stdout).toMatch(/^created_at +\d{4}-/m);
    expect(JSON.parse((await files('get', id, '--format', 'json')).stdout)).toMatchObject({ id, bytes: GOOD.length });
  });

  test('says 3 for a file that is not there, 2 for an id that is none', async () => {
    expect(await files('get', 'file-none')).toMatchObject({ code: 3, stdout: '' });
    expect(await files('get', '../files')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('files delete', () => {
  test('needs --yes where nobody can answer', async () => {
    const id = await add();
    expect(await files('delete', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await client.listFiles()).data).toHaveLength(1);
  });

  test('deletes several with --yes', async () => {
    const ids = [await add(), await add()];
    expect(await files('delete', ...ids, '--yes')).toMatchObject({ code: 0, stdout: `${ids.join('\n')}\n` });
    expect((await client.listFiles()).data).toEqual([]);
    const id = await add();
    const json = await files('delete', id, '--yes', '--format', 'json');
    expect(JSON.parse(json.stdout)).toEqual({ schemaVersion: 1, deleted: [{ id, object: 'file', deleted: true }] });
  });

  test.each([
    ['y\n', 0],
    ['YES\n', 0],
    ['n\n', 1],
    ['\n', 1],
    ['yellow\n', 1],
    ['', 1],
  ])('asks on a terminal; after %j there are %i', async (stdin, left) => {
    const id = await add();
    const run = await tunegate(['files', 'delete', id], { env: env(), isTTY: true, stdin });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(
      `delete ${id} (train.jsonl, ${GOOD.length} bytes) at 127.0.0.1:${server.port} for good? [y/N]`,
    );
    expect((await client.listFiles()).data).toHaveLength(left);
  });

  test('an interruption while it asks deletes nothing', async () => {
    const id = await add();
    const interruption = new AbortController();
    const run = await tunegate(['files', 'delete', id], {
      env: env(),
      isTTY: true,
      interruption,
      // Nobody answers.
      stdin: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
      onStderr: (text) => {
        if (text.includes('[y/N]')) setImmediate(() => interruption.abort(new Error('interrupted')));
      },
    });
    expect(run).toMatchObject({ code: 130, stdout: '' });
    expect((await client.listFiles()).data).toHaveLength(1);
  });
});

describe('files download', () => {
  test('writes to a file, and over none without --overwrite', async () => {
    const id = await add();
    const out = join(folder, 'out.jsonl');
    const json = await files('download', id, '-o', out, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ id, path: out, bytes: GOOD.length });
    expect(await readFile(out, 'utf8')).toBe(GOOD);
    await writeFile(out, 'mine');
    const refused = await files('download', id, '-o', out);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('help: give --overwrite to replace it') });
    expect(await readFile(out, 'utf8')).toBe('mine');
    expect(await files('download', id, '--output', out, '--overwrite')).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe(GOOD);
  });

  test('writes to standard output, but not to a terminal unasked', async () => {
    const id = await add();
    expect(await files('download', id)).toMatchObject({ code: 0, stdout: GOOD });
    expect(await tunegate(['files', 'download', id], { env: env(), isTTY: true })).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect(await tunegate(['files', 'download', id, '-o', '-'], { env: env(), isTTY: true })).toMatchObject({
      stdout: GOOD,
    });
  });
});

describe('files wait', () => {
  const stateServer = (file: Record<string, unknown>) =>
    listening((_request, response) => response.end(JSON.stringify({ id: 'file-1', object: 'file', ...file })));

  test('says that a file is processed', async () => {
    expect(await files('wait', await add())).toMatchObject({ code: 0, stdout: 'processed\n' });
  });

  test.each([
    ['error', 4, ''],
    ['indexing', 0, 'unknown\n'],
  ])('to the state %s says %i', async (status, code, stdout) => {
    const url = await stateServer({ status, status_details: 'line 3' });
    expect(await files('wait', 'file-1', '--base-url', url)).toMatchObject({ code, stdout });
  });

  test('writes json', async () => {
    const { stdout } = await files('wait', await add(), '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'processed', processing: { outcome: 'processed', polls: 1 } });
  });
});

test.each([
  [[], 'files needs a command'],
  [['lst'], 'files has no command "lst"'],
  [['toString'], 'files has no command "toString"'],
  [['list', 'file-1'], 'files list takes no id'],
  [['get'], 'files get needs an id'],
  [['get', 'a', 'b'], 'files get takes one id'],
  [['get', 'a', '--format', 'jsonl'], 'files get writes pretty or json, not "jsonl"'],
])('files %j is refused', async (argv, message) => {
  const run = await files(...argv);
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});

test('a broken connection and a wrong key are told apart from a usage error', async () => {
  const url = await listening(
    (_request, response) => void response.writeHead(401).end(`{"error":{"message":"${KEY}"}}`),
  );
  const refused = await files('list', '--base-url', url);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('the key came from OPENAI_API_KEY') });
});
