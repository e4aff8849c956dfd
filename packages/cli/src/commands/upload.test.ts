import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFilesClient } from '@tunegate/uploader';
import { type LocalFilesServer, startLocalFilesServer } from '@tunegate/uploader/local';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CommandError } from '../command-error.js';
import { BROKEN, examples, GOOD, KEY, tunegate } from '../run-in-process.harness.js';

const PROXY_PASSWORD = 'tr0ub4dor-and-3';

let folder: string;
let good: string;
let broken: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-cli-'));
  good = join(folder, 'good.jsonl');
  broken = join(folder, 'broken.jsonl');
  await writeFile(good, GOOD);
  await writeFile(broken, BROKEN);
});
afterAll(() => rm(folder, { recursive: true }));

describe('upload', () => {
  let server: LocalFilesServer;
  const closing: (() => Promise<unknown>)[] = [];
  const env = () => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url });
  const stored = async () => (await createFilesClient({ apiKey: KEY, baseURL: server.url }).listFiles()).data;

  /** Another server on loopback; closed after the test. */
  async function listening(answer: RequestListener): Promise<string> {
    const other: Server = createServer(answer);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      other.closeAllConnections();
      return new Promise((resolve) => other.close(resolve));
    });
    return `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1`;
  }

  beforeAll(async () => {
    server = await startLocalFilesServer();
  });
  afterAll(() => server.close());
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    const client = createFilesClient({ apiKey: KEY, baseURL: server.url });
    for (const { id } of (await client.listFiles()).data) await client.deleteFile(id);
  });

  test('prints the id alone, and the server has the same bytes', async () => {
    const { code, stdout, stderr } = await tunegate(['upload', good], { env: env() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^file-\w+\n$/);
    const client = createFilesClient({ apiKey: KEY, baseURL: server.url });
    const { content } = await client.downloadFile(stdout.trim());
    expect(Buffer.from(content).toString()).toBe(GOOD);
    expect(await stored()).toMatchObject([{ filename: 'good.jsonl', purpose: 'fine-tune', bytes: GOOD.length }]);
    expect(stderr).toContain('good.jsonl: ok, 12 examples');
    expect(stderr).toMatch(
      new RegExp(
        `uploaded .*good\\.jsonl to ${new URL(server.url).host} as ${stdout.trim()}: ${GOOD.length} bytes, sha256 [0-9a-f]{64}\n`,
      ),
    );
    expect(stderr).not.toContain('winds its fine-tuning down');
    expect(stderr).toContain(`next: openai fine-tuning jobs create --model MODEL --training-file ${stdout.trim()}\n`);
  });

  test('says nothing but the id when quiet', async () => {
    expect(await tunegate(['upload', good, '-q'], { env: env() })).toMatchObject({ code: 0, stderr: '' });
  });

  test('goes through the proxy that the environment names, and past it where NO_PROXY says so', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url }, socket) => {
      asked.push(url ?? '');
      const onward = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => proxy.close(resolve)));
    const HTTP_PROXY = `http://user:${PROXY_PASSWORD}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const run = await tunegate(['upload', good], { env: { ...env(), HTTP_PROXY } });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^file-/) });
    expect(run.stderr).not.toContain(PROXY_PASSWORD);
    const host = new URL(server.url).host;
    expect(new Set(asked)).toEqual(new Set([host]));
    asked.length = 0;
    await tunegate(['upload', good], { env: { ...env(), HTTP_PROXY, NO_PROXY: host } });
    expect(asked).toEqual([]);
  });

  test('a proxy that refuses is named, its password is not', async () => {
    const url = await listening((_request, response) => response.end());
    const proxy = new URL(url).host;
    const HTTPS_PROXY = `http://user:${PROXY_PASSWORD}@${proxy}`;
    const run = await tunegate(['upload', good, '--base-url', 'https://files.test/v1', '--retries', '0'], {
      env: { OPENAI_API_KEY: KEY, HTTPS_PROXY },
    });
    expect(run).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(`the proxy ${proxy} broke off`) });
    expect(run.stderr).not.toContain(PROXY_PASSWORD);
    const bad = await tunegate(['upload', good], {
      env: { OPENAI_API_KEY: KEY, HTTPS_PROXY: `socks5://user:${PROXY_PASSWORD}@${proxy}` },
    });
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('HTTPS_PROXY begins with socks5:') });
    expect(bad.stderr).not.toContain(PROXY_PASSWORD);
  });

  test('speaks to a compatible endpoint', async () => {
    const argv = [
      'upload',
      good,
      '--target',
      'compatible',
      '--base-url',
      server.url,
      '--retries',
      '0',
      '--timeout',
      '5',
    ];
    expect(await tunegate(argv, { env: { OPENAI_API_KEY: KEY } })).toMatchObject({ code: 0 });
  });

  test('sends nothing of a broken dataset', async () => {
    const { code, stdout, stderr } = await tunegate(['upload', broken], { env: env() });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error messages/unknown-role');
    expect(stderr).toMatch(/\nnot uploaded\n$/);
    expect(await stored()).toEqual([]);
  });

  test('skips the rules with --no-check, and says so', async () => {
    const { code, stderr } = await tunegate(['upload', broken, '--no-check'], { env: env() });
    expect(code).toBe(0);
    expect(stderr).toContain('the rules were not checked');
    expect(await stored()).toHaveLength(1);
  });

  test('keeps to names that the API knows, with --no-check too', async () => {
    for (const [name, code] of [
      ['data.txt', 2],
      ['data.ndjson', 0],
    ] as const) {
      await writeFile(join(folder, name), GOOD);
      expect(await tunegate(['upload', join(folder, name), '--no-check'], { env: env() })).toMatchObject({ code });
    }
    expect(await stored()).toMatchObject([{ filename: 'data.jsonl' }]);
  });

  test.each([
    ['a missing file', () => join(folder, 'missing.jsonl'), 'does not exist'],
    ['a directory', () => folder, 'is a directory'],
    ['standard input', () => '-', 'standard input cannot be uploaded'],
    ['a device', () => '/dev/null', '/dev/null is not a regular file: what is sent must be read twice'],
  ])('refuses %s', async (_, path, message) => {
    for (const more of [[], ['--no-check']]) {
      const { code, stdout, stderr } = await tunegate(['upload', path(), ...more], { env: env() });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      if (more.length === 0) expect(stderr).toContain(message);
    }
  });

  test('needs a key', async () => {
    expect(await tunegate(['upload', good])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'tunegate: no API key: OPENAI_API_KEY is not set\nhelp: export OPENAI_API_KEY and run this again\n',
    });
  });

  test('says 3 when nobody listens', async () => {
    const url = await listening(() => {});
    await closing.pop()?.();
    const { code, stdout, stderr } = await tunegate(['upload', good, '--base-url', url, '--retries', '0'], {
      env: env(),
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/\ntunegate: not uploaded: .*\n/);
  });

  test.each([
    [400, 4],
    [401, 3],
    [403, 3],
    [404, 3],
    [413, 4],
    [422, 4],
    [429, 3],
  ])('to the status %i of the server says %i', async (status, expected) => {
    const url = await listening((request, response) => {
      // The listing before the upload works; what is refused is the file.
      if (request.method === 'GET') return void response.end('{"object":"list","data":[],"has_more":false}');
      request.resume();
      request.on('end', () => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: `no\u001b[31m, ${KEY}`, type: 'invalid_request_error' } }));
      });
    });
    const { code, stdout, stderr } = await tunegate(['upload', good, '--base-url', url, '--retries', '0'], {
      env: env(),
    });
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).not.toContain('\u001b');
  });

  test('says what would be sent and sends nothing with --dry-run', async () => {
    const { code, stdout, stderr } = await tunegate(['upload', good, '--dry-run', '--expires-after', '30d'], {
      env: env(),
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /\nwould send .*good\.jsonl to 127\.0\.0\.1:\d+ as good\.jsonl: \d+ bytes, sha256 [0-9a-f]{64}, purpose fine-tune, to be deleted after 2592000 s; nothing was sent \(--dry-run\)\n$/,
    );
    expect(await stored()).toEqual([]);
    expect(await tunegate(['upload', broken, '--dry-run'], { env: env() })).toMatchObject({ code: 1 });
    expect(await tunegate(['upload', good, '--dry-run', '--no-check'], { env: env() })).toMatchObject({ code: 0 });
    expect(await tunegate(['upload', good, '--dry-run'])).toMatchObject({ code: 2 });
  });

  test('says that OpenAI winds its fine-tuning down, to those who talk to OpenAI itself', async () => {
    // A dry run: nothing leaves this machine.
    const { code, stderr } = await tunegate(['upload', good, '--dry-run'], { env: { OPENAI_API_KEY: KEY } });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'OpenAI winds its fine-tuning down: new jobs from existing customers only, and none from 2027-01-06 on',
    );
    expect(stderr).toContain('would send ');
    const quiet = await tunegate(['upload', good, '--dry-run', '-q'], { env: { OPENAI_API_KEY: KEY } });
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
  });

  test('has the file deleted after a time with --expires-after', async () => {
    expect(await tunegate(['upload', good, '--expires-after', '1h'], { env: env() })).toMatchObject({ code: 0 });
    const [file] = await stored();
    expect((file?.expires_at ?? 0) - (file?.created_at ?? 0)).toBe(3600);
  });

  test('says with exit code 4 that the server could not process the file, after its id', async () => {
    server.addFaults({ on: 'createFile', fault: { kind: 'alter', set: { status: 'error' } } });
    const { code, stdout, stderr } = await tunegate(['upload', good], { env: env() });
    expect(code).toBe(4);
    expect(stdout).toMatch(/^file-\w+\n$/);
    expect(stderr).toContain(`could not process ${stdout.trim()}: it is in the state "error"`);
    expect(stderr).not.toContain('next: ');
  });

  test('says under which name a file is sent, and why only where the API wants it so', async () => {
    const hashed = await tunegate(['upload', good, '--skip-existing'], { env: env() });
    expect(hashed.stderr).toMatch(/^sent under the name good-[0-9a-f]{8}\.jsonl$/m);
    const named = await tunegate(['upload', good, '--no-check', '--name', 'a.jsonl'], { env: env() });
    expect(named.stderr).toMatch(/^sent under the name a\.jsonl$/m);
    const path = join(folder, 'data.ndjson');
    await writeFile(path, GOOD);
    const renamed = await tunegate(['upload', path], { env: env() });
    expect(renamed.stderr).toMatch(/^sent under the name data\.jsonl: the API knows a fine-tuning file by \.jsonl$/m);
  });

  test('refuses a wrong name before it reads the file', async () => {
    const run = await tunegate(['upload', broken, '--name', 'a.json'], { env: env() });
    expect(run).toMatchObject({ code: 2, stderr: 'tunegate: not uploaded: --name a.json does not end in .jsonl\n' });
  });

  test('says the id on standard error where standard output is full', async () => {
    const onStdout = async () => {
      throw new CommandError(2, 'cannot write standard output: no space left');
    };
    const run = await tunegate(['upload', good], { env: env(), onStdout });
    const [file] = await stored();
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(`as ${file?.id}: `) });
    expect(run.stderr).toContain('cannot write standard output');
  });

  test('sends the same bytes once with --skip-existing', async () => {
    const first = await tunegate(['upload', good, '--skip-existing'], { env: env() });
    // The name that it has there, and no reason that is not the one.
    expect(first.stderr).toMatch(/^sent under the name good-[0-9a-f]{8}\.jsonl$/m);
    const again = await tunegate(['upload', good, '--skip-existing'], { env: env() });
    expect(first.code).toBe(0);
    expect(again).toMatchObject({ code: 0, stdout: first.stdout, stderr: expect.stringContaining('not sent: ') });
    expect(await stored()).toMatchObject([{ filename: expect.stringMatching(/^good-[0-9a-f]{8}\.jsonl$/) }]);
    // Other bytes of the same size and the same stem have another name.
    const other = join(folder, 'good.jsonl');
    await writeFile(other, GOOD.replace('Add.', 'Sum.'));
    const changed = await tunegate(['upload', other, '--skip-existing'], { env: env() });
    await writeFile(other, GOOD);
    expect(changed.stdout).not.toBe(first.stdout);
    expect(await stored()).toHaveLength(2);
  });

  test('finds the same bytes under another name with --compare-content', async () => {
    const client = createFilesClient({ apiKey: KEY, baseURL: server.url });
    await client.createFile(
      { bytes: Buffer.from(GOOD.replace('Add.', 'Sum.')), filename: 'same-size.jsonl' },
      'fine-tune',
    );
    const { id } = await client.createFile({ bytes: Buffer.from(GOOD), filename: 'other.jsonl' }, 'fine-tune');
    const run = await tunegate(['upload', good, '--skip-existing', '--compare-content'], { env: env() });
    expect(run).toMatchObject({ code: 0, stdout: `${id}\n` });
    expect(await stored()).toHaveLength(2);
  });

  test('sends a training and a validation file, each id on a line of its own', async () => {
    const valid = join(folder, 'valid.jsonl');
    await writeFile(valid, examples(40).split('\n').slice(30, 40).join('\n'));
    const { code, stdout, stderr } = await tunegate(['upload', '--train', good, '--valid', valid], { env: env() });
    expect(code).toBe(0);
    const [training, validation, ...rest] = stdout.split('\n');
    expect(rest).toEqual(['']);
    expect(stderr).toContain(`--training-file ${training} --validation-file ${validation}\n`);
    expect((await stored()).map(({ filename }) => filename)).toEqual(['valid.jsonl', 'good.jsonl']);
  });

  test('sends neither when the validation file holds what is trained on', async () => {
    const leaking = join(folder, 'leaking.jsonl');
    await writeFile(leaking, GOOD);
    const { code, stdout, stderr } = await tunegate(
      ['upload', '--train', good, '--valid', leaking, '--rule', 'dataset/leakage=error'],
      { env: env() },
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('dataset/leakage');
    expect(await stored()).toEqual([]);
  });

  test.each([
    [['a.jsonl', 'b.jsonl']],
    [['a.jsonl', '--train', 'b.jsonl']],
    [['--train', 'a.jsonl', '--train', 'b.jsonl']],
    [['--train', 'a.jsonl', '--valid', 'b.jsonl', '--valid', 'c.jsonl']],
  ])('%j are too many', async (argv) => {
    const run = await tunegate(['upload', ...argv], { env: env() });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('upload takes one file') });
  });

  test('fills a name in', async () => {
    await tunegate(['upload', good, '--name', 'run-7-{stem}-{sha256:12}.jsonl'], { env: env() });
    expect(await stored()).toMatchObject([{ filename: expect.stringMatching(/^run-7-good-[0-9a-f]{12}\.jsonl$/) }]);
  });

  test.each([
    [['--wait', '--no-wait'], '--wait and --no-wait exclude each other'],
    [['--valid', 'b.jsonl', '--name', 'a.jsonl'], 'two files cannot both be named a.jsonl'],
    [['--purpose', 'batch_output'], '--purpose batch_output is for files that the server makes'],
    [['--compare-content'], '--compare-content says how --skip-existing compares'],
    [['--skip-existing', '--name', 'a.jsonl'], '--skip-existing cannot tell files apart by the name a.jsonl'],
    [['--name', 'a.json'], '--name a.json does not end in .jsonl'],
  ])('%j is refused', async (flags, message) => {
    const run = await tunegate(['upload', good, ...flags], { env: env() });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  /** An Azure of this machine: a new file is pending, and then what the test says. */
  const azure = async (...states: string[]) => {
    const seen: (string | undefined)[] = [];
    const url = await listening((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['api-key']}`);
      const file = { id: 'file-1', object: 'file', bytes: GOOD.length, status: 'pending', filename: 'good.jsonl' };
      request.resume();
      request.on('end', () => {
        if (request.method === 'POST')
          response.writeHead(201, { location: '/openai/v1/files/file-1' }).end(JSON.stringify(file));
        else if (request.url?.includes('file-1')) response.end(JSON.stringify({ ...file, status: states.shift() }));
        else response.end('{"object":"list","data":[]}');
      });
    });
    return {
      seen,
      env: { AZURE_OPENAI_API_KEY: KEY, AZURE_OPENAI_ENDPOINT: new URL(url).origin, OPENAI_API_KEY: 'sk-of-openai' },
    };
  };
  const quick = ['upload', '--target', 'azure', '--no-check'];

  test('waits for Azure to process the file', async () => {
    const { seen, env } = await azure('processed');
    const { code, stdout, stderr } = await tunegate([...quick, good], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'file-1\n' });
    expect(stderr).toContain('file-1 is processed\nnext: create the fine-tuning job with file-1');
    expect(seen.map((it) => it?.replace(KEY, 'KEY'))).toEqual([
      'GET /openai/v1/files?purpose=fine-tune&limit=100&order=desc KEY',
      'POST /openai/v1/files KEY',
      'GET /openai/v1/files/file-1 KEY',
    ]);
  });

  test('does not wait for Azure with --no-wait, and says how to', async () => {
    const { seen, env } = await azure();
    const { code, stderr } = await tunegate([...quick, good, '--no-wait'], { env });
    expect(code).toBe(0);
    expect(stderr).toContain('next: tunegate files wait file-1 --target azure\n');
    expect(seen).toHaveLength(2);
  });

  test('says 4 when the file could not be processed, and its id all the same', async () => {
    const { env } = await azure('error');
    const { code, stdout, stderr } = await tunegate([...quick, good], { env });
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'file-1\n' });
    expect(stderr).toContain('tunegate: the server did not process file-1: error\n');
  });

  test('waits for others with --wait', async () => {
    const { code, stderr } = await tunegate(['upload', good, '--wait'], { env: env() });
    expect(code).toBe(0);
    expect(stderr).toMatch(/file-\w+ is processed\n/);
  });

  test('tells how Fireworks takes a file, before anything is read', async () => {
    const { code, stdout, stderr } = await tunegate(['upload', good, '--target', 'fireworks'], { env: env() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('firectl dataset create');
  });

  test('an interruption while a lost file is looked for says that it may exist', async () => {
    const interruption = new AbortController();
    const url = await listening((request, response) => {
      request.resume();
      request.on('end', () => {
        if (request.method === 'GET') response.end('{"object":"list","data":[],"has_more":false}');
        else response.writeHead(500).end();
      });
    });
    const { code, stdout, stderr } = await tunegate(['upload', good, '--no-check', '--base-url', url], {
      env: env(),
      interruption,
      onStderr: (text) => {
        if (text.includes('the answer was lost')) interruption.abort(new Error('interrupted'));
      },
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('interrupted after everything was sent: the server may have made the file');
    expect(stderr).toContain('help: list the files with purpose fine-tune and look for good.jsonl');
  });

  test('sends nothing of a file that changes after the check', async () => {
    const changing = join(folder, 'changing.jsonl');
    await writeFile(changing, GOOD);
    const { code, stdout, stderr } = await tunegate(['upload', changing], {
      env: env(),
      onStderr: (text) => (text.includes(': ok,') ? appendFile(changing, examples(1)) : undefined),
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('tunegate: not uploaded: ');
    expect(await stored()).toEqual([]);
  });

  test('leaves nothing behind when interrupted half-way', async () => {
    const large = join(folder, 'large.jsonl');
    await writeFile(large, examples(200_000));
    const interruption = new AbortController();
    let isComplete: boolean | undefined;
    const url = await listening((request, response) => {
      if (request.method === 'GET') return void response.end('{"object":"list","data":[],"has_more":false}');
      request.once('data', () => interruption.abort(new Error('interrupted')));
      request.on('close', () => {
        isComplete = request.complete;
      });
    });
    const run = await tunegate(['upload', large, '--no-check', '--base-url', url], { env: env(), interruption });
    expect(run).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('tunegate: interrupted: nothing was uploaded\n'),
    });
    await expect.poll(() => isComplete).toBe(false);
  });
});

describe('serve', () => {
  test('prints its address, takes files, and ends well when interrupted', async () => {
    const interruption = new AbortController();
    let url = '';
    const { code, stdout, stderr } = await tunegate(['serve', '--dir', join(folder, 'files')], {
      interruption,
      async onStderr(text) {
        url = /OPENAI_BASE_URL=(\S+)/.exec(text)?.[1] ?? url;
        if (!text.includes('Ctrl-C')) return;
        const uploaded = await tunegate(['upload', good], { env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url } });
        expect(uploaded.code).toBe(0);
        interruption.abort();
      },
    });
    expect(code).toBe(0);
    expect(stdout).toBe(`${url}\n`);
    expect(stderr).toContain('POST /v1/files 200');
  });

  test('says 2 when the port is taken', async () => {
    const server = await startLocalFilesServer();
    const { code, stderr } = await tunegate(['serve', '--port', String(server.port)]);
    await server.close();
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 2, lines: 2 });
  });
});
