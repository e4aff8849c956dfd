import { main } from './main.js';
import type { Environment, Output } from './output.js';

/** A key that must appear nowhere. */
export const KEY = 'sk-not-to-be-printed';
/** Examples that every target takes, no two alike, each with its line end. */
export const examples = (count: number) =>
  Array.from({ length: count }, (_, index) => EXAMPLE.replace('10', String(10 + index))).join('');
const EXAMPLE =
  '{"messages":[{"role":"system","content":"Add."},{"role":"user","content":"What is 10+1?"},{"role":"assistant","content":"One more."}]}\n';

/** A dataset without findings. */
export const GOOD = examples(12);
/** An unknown role in line 11, cut off in line 12. */
export const BROKEN = `${examples(11).replace(/assistant(?=[^\n]*\n$)/, 'assistent')}{"messages": [\n`;

/** What a command line did. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: Environment;
  readonly stdin?: string | AsyncIterable<Uint8Array>;
  readonly isTTY?: boolean;
  readonly interruption?: AbortController;
  readonly onStdout?: (text: string) => Promise<void> | void;
  readonly onStderr?: (text: string) => Promise<void> | void;
}

/** Runs a command line in this process. */
export async function tunegate(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const { stdin = '' } = options;
  const output = (name: 'stdout' | 'stderr', onWrite?: RunOptions['onStderr']): Output => ({
    isTTY: options.isTTY ?? false,
    async write(text) {
      const said = typeof text === 'string' ? text : Buffer.from(text).toString();
      written[name] += said;
      await onWrite?.(said);
    },
    flush: async () => {},
  });
  const code = await main(argv, options.env ?? {}, {
    stdout: output('stdout', options.onStdout),
    stderr: output('stderr', options.onStderr),
    stdin:
      typeof stdin === 'string'
        ? (async function* () {
            yield Buffer.from(stdin);
          })()
        : stdin,
    isInteractive: options.isTTY ?? false,
    signal: (options.interruption ?? new AbortController()).signal,
    now: () => 0,
  });
  if ((written.stdout + written.stderr).includes(KEY)) throw new Error('the key was printed');
  return { code, ...written };
}
