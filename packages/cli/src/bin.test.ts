import { execFile, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));

/** Sends the process one signal as soon as it listens for it: the earliest moment at which anybody could be heard. */
const interruptAtOnce = (name: string) =>
  `data:text/javascript,process.on('newListener', function send(name) {
    if (name !== '${name}') return;
    process.off('newListener', send);
    setImmediate(() => process.kill(process.pid, name));
  });`;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  '%s while the program is still being loaded ends it with its line and 130',
  async (name) => {
    // A newer Node may warn of what tsx does.
    const argv = [
      '--no-warnings',
      '--import',
      import.meta.resolve('tsx'),
      '--import',
      interruptAtOnce(name),
      bin,
      'check',
      '-',
    ];
    const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(process.execPath, argv, (error, stdout, stderr) => {
        resolve({ code: error?.code, output: stdout + stderr });
      });
    });
    // Where Node loads without a pause, the command has begun and says more: standard input never ends here.
    expect({ code, output }).toEqual({ code: 130, output: expect.stringMatching(/^tunegate: interrupted.*\n$/) });
  },
);

test.runIf(process.platform !== 'win32')('a directory for standard input is no empty file', async () => {
  const directory = openSync(fileURLToPath(new URL('.', import.meta.url)), 'r');
  const argv = ['--no-warnings', '--import', import.meta.resolve('tsx'), bin, 'check', '-', '--no-config'];
  const child = spawn(process.execPath, argv, { stdio: [directory, 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'tunegate: standard input is a directory\nhelp: name a file in it\n',
  });
});

const run = (shell: string, ...argv: string[]) => {
  const node = [process.execPath, '--no-warnings', '--import', import.meta.resolve('tsx'), bin, ...argv];
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile('sh', ['-c', shell, 'sh', ...node], (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
};

test.skipIf(!existsSync('/dev/full'))('a version that cannot be written is one line and 2', async () => {
  expect(await run('exec "$@" > /dev/full', '--version')).toEqual({
    code: 2,
    output: expect.stringMatching(/^tunegate: cannot write standard output: .*\n$/),
  });
});

test.skipIf(process.platform === 'win32')('a configuration that waits for ever is told of, with 2', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunegate-bin-'));
  const config = join(folder, 'c.mjs');
  await writeFile(config, 'await new Promise(() => {});');
  expect(await run('exec "$@"', 'check', bin, '--config', config)).toEqual({
    code: 2,
    output: expect.stringMatching(/^tunegate: ended before the work was done.*\n$/),
  });
  await rm(folder, { recursive: true });
});
