import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type FaultServer, startFaultServer } from '../../../../test-fixtures/src/fault-server.js';
import { silence } from '../../../../test-fixtures/src/faults.js';
import { sha256Of } from '../../../../test-fixtures/src/sha256.js';
import { examples, KEY, tunegate } from '../run-in-process.harness.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
/** Several parts of a megabyte, and more than the buffers of a connection hold. */
const CONTENT = Buffer.from(examples(60_000));
const PARTS = Math.ceil(CONTENT.length / 1_000_000);

let server: FaultServer;
let folder: string;
let path: string;

beforeEach(async () => {
  server = await startFaultServer();
  server.hasUploads = true;
  folder = await mkdtemp(join(tmpdir(), 'tunegate-cli-'));
  path = join(folder, 'train.jsonl');
  await writeFile(path, CONTENT);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const env = () => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url, XDG_STATE_HOME: join(folder, 'state') });
const IN_PARTS = ['--no-check', '--parts', 'always', '--part-size', '1MB', '--concurrency', '1'];
const journals = () => readdir(join(folder, 'state', 'tunegate', 'uploads')).catch(() => []);
const statuses = () => [...server.uploadsStore.uploads.values()].map(({ status }) => status);

describe('in parts', () => {
  test('--parts always sends a small file in parts, checked as ever', async () => {
    const small = examples(100);
    await writeFile(path, small);
    const argv = ['upload', path, '--parts', 'always', '--part-size', '5kB'];
    const { code, stdout, stderr } = await tunegate(argv, { env: env() });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'file-1\n' });
    expect(server.requests('part')).toHaveLength(Math.ceil(small.length / 5000));
    expect(server.files.get('file-1')?.content?.toString()).toBe(small);
    expect(stderr).toContain(': ok, 100 examples');
    expect(await journals()).toEqual([]);
  });

  test('--parts never sends it in one request', async () => {
    expect(await tunegate(['upload', path, '--no-check', '--parts', 'never'], { env: env() })).toMatchObject({
      code: 0,
    });
    expect(server.requests('upload')).toEqual([]);
  });

  test('a server without parts: says what to do', async () => {
    server.hasUploads = false;
    const { code, stderr } = await tunegate(['upload', path, ...IN_PARTS], { env: env() });
    expect(code).toBe(3);
    expect(stderr).toContain('send the file in one request with --parts never');
  });

  test.each([
    [['--part-size', '65MiB'], '--part-size takes 1 to 67108864 bytes'],
    [['--part-size', 'much'], '--part-size takes a number of bytes'],
    [['--concurrency', '17'], '--concurrency takes 1 to 16'],
    [['--parts', 'some'], '--parts takes auto, always, never'],
  ])('%j is refused before anything is read or sent', async (flags, message) => {
    const { code, stderr } = await tunegate(['upload', path, ...flags], { env: env() });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(server.connections()).toBe(0);
  });
});

describe('fault 55: Ctrl-C in the middle of an upload', () => {
  /** Runs the real program: what a signal does to a process cannot be seen from inside of one. */
  function start(argv: readonly string[], more: NodeJS.ProcessEnv = {}) {
    const child: ChildProcess = spawn(process.execPath, [BIN, 'upload', path, ...argv], {
      env: { PATH: process.env.PATH, ...env(), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (text) => {
      stdout += text;
    });
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>((done) =>
      child.on('close', (code, signal) => done({ code, signal, stdout, stderr })),
    );
    return { interrupt: () => child.kill('SIGINT'), ended };
  }

  test('in one request: the request stays incomplete, there is no file, and the exit code is 130', async () => {
    const begun = new Promise<void>((tell) => {
      server.faults.create.push(async ({ readSome }) => {
        await readSome(100_000);
        tell();
      });
    });
    const run = start(['--no-check', '--parts', 'never']);
    await begun;
    run.interrupt();
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('tunegate: interrupted: nothing was uploaded\n');
    expect(server.files.size).toBe(0);
    expect(server.requests('create')).toMatchObject([{ isComplete: false }]);
  });

  /** Two parts get through, the third is held; says when it is there. */
  function holdThird(): Promise<void> {
    return new Promise((tell) => {
      const behave: Fault = (exchange) => exchange.behave();
      server.faults.part.push(behave, behave, async ({ readSome }) => {
        await readSome(1000);
        tell();
      });
    });
  }

  test('in parts: what is there is kept, and the same command goes on with it', async () => {
    const held = holdThird();
    const run = start(IN_PARTS);
    await held;
    run.interrupt();
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain(`2 of ${PARTS} parts are kept for an hour: the same command goes on with them`);
    expect(stderr).toContain('tunegate: interrupted: nothing was uploaded\n');
    expect(server.files.size).toBe(0);
    expect(statuses()).toEqual(['pending']);
    expect(await journals()).toHaveLength(1);

    const again = await start(IN_PARTS).ended;
    expect(again).toMatchObject({ code: 0, stdout: 'file-1\n' });
    expect(again.stderr).toContain(`going on with an earlier upload of this file: 2 of ${PARTS} parts are there`);
    expect(server.requests('part')).toHaveLength(PARTS + 1);
    expect(sha256Of(server.files.get('file-1')?.content ?? '')).toBe(sha256Of(CONTENT));
    expect(await journals()).toEqual([]);
  });

  test('in parts, where no journal can be kept: the upload is cancelled on the server', async () => {
    const held = holdThird();
    const run = start(IN_PARTS, { XDG_STATE_HOME: path });
    await held;
    run.interrupt();
    expect(await run.ended).toMatchObject({ code: 130, stdout: '' });
    expect(statuses()).toEqual(['cancelled']);
  });

  test('twice: the process ends at once, whatever it still waits for', async () => {
    const held = holdThird();
    const cancelled = new Promise<void>((tell) => {
      server.faults.cancel.push((exchange) => {
        tell();
        return silence(exchange);
      });
    });
    const run = start(IN_PARTS, { XDG_STATE_HOME: path });
    await held;
    run.interrupt();
    await cancelled;
    // A second signal that comes sooner is the echo of the first.
    await new Promise((later) => setTimeout(later, 350));
    run.interrupt();
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/tunegate: interrupted\n$/);
    expect(server.files.size).toBe(0);
  });
});
