import { execFile, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Sends the process one signal as soon as it listens for it: the earliest moment at which anybody could be heard. */
const interruptAtOnce = (name: string) =>
  `data:text/javascript,process.on('newListener', function send(name) {
    if (name !== '${name}') return;
    process.off('newListener', send);
    setImmediate(() => process.kill(process.pid, name));
  });`;

test.each(['SIGINT', 'SIGTERM'])(
  '%s while the program is still being loaded ends it with its line and 130',
  async (name) => {
    const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));
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
  const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));
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
