import { execFile } from 'node:child_process';
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
