import type { Method } from '../options.js';
import { detectForeignShape, detectFormat, type ForeignShape } from './detect.js';
import type { FormatName } from './index.js';

/** So many examples decide which format a dataset has. */
export const SAMPLE_EXAMPLES = 100;
/** … or so many bytes of them. */
export const SAMPLE_BYTES = 1024 * 1024;

/** The format that a dataset is taken for. */
export interface FormatChoice {
  readonly format: FormatName | 'unknown';
  /** Why, in a few words. */
  readonly reason: string;
  /** What an unknown format looks like. */
  readonly looksLike?: ForeignShape;
  /** When the method that was named takes another format. */
  readonly mismatch?: { readonly method: Method; readonly expected: FormatName; readonly found: FormatName };
}

const FORMAT_OF_METHOD: Readonly<Record<Method, FormatName>> = {
  supervised: 'chat',
  dpo: 'preference',
  reinforcement: 'reinforcement',
};

/**
 * Which format a dataset has: the first known one among its first examples, unless most of them have none.
 *
 * Reinforcement is taken only when the method says so: its examples look like unfinished chats.
 *
 * @param flag - What said so.
 */
export function chooseFormat(
  sample: readonly object[],
  method: Method | undefined,
  flag: string = `--method ${method}`,
): FormatChoice {
  const wanted = method === undefined ? undefined : FORMAT_OF_METHOD[method];
  if (sample.length === 0) {
    return {
      format: wanted ?? 'chat',
      reason: wanted === undefined ? 'no example could be read' : flag,
    };
  }
  const formats = sample.map(detectFormat);
  const known = formats.filter((format) => format !== undefined);
  const found = known[0];
  if (found === undefined || known.length * 2 < sample.length) {
    const looksLike = sample.map(detectForeignShape).find((shape) => shape !== undefined);
    return {
      format: 'unknown',
      reason: 'most examples have no known shape',
      ...(looksLike === undefined ? {} : { looksLike }),
    };
  }
  if (wanted === undefined) return { format: found, reason: REASONS[found] };
  const isTaken =
    found === wanted ||
    (wanted === 'reinforcement' && found === 'chat') ||
    (wanted === 'chat' && found === 'completion');
  if (!isTaken)
    return { format: found, reason: REASONS[found], mismatch: { method: method!, expected: wanted, found } };
  return { format: wanted === 'chat' ? found : wanted, reason: flag };
}

const REASONS: Readonly<Record<FormatName, string>> = {
  chat: 'the examples have "messages"',
  preference: 'the examples have "input" and outputs',
  reinforcement: '--method reinforcement',
  completion: 'the examples have "prompt" and "completion"',
};
