import { callCount } from './calls';
import { beginExample, endExample, pairs, textCount, traits } from './example';
import { flags, forgetFlags } from './flags';
import { EXAMPLE, OBJECT, OTHER } from './kinds';
import { h1, h2, hashBytes } from './murmur';
import { calls, EXAMPLE_HASH, keep, MAX_CALLS, MAX_TEXTS, result, texts, writeHead } from './result';
import { TEXT_SEED } from './seeds';
import { setLongText } from './traits';
import { isUtf8 } from './utf8';
import { KEYS_SIZE, readWhole } from './values';

export { calls, MAX_CALLS, MAX_TEXTS, result, texts };

/** Read behind a line, and must be zero: whatever is cut off there ends. */
const MARGIN: usize = 64;

const keys: usize = (__heap_base + 63) & ~63;
const line: usize = (keys + KEYS_SIZE + 63) & ~63;

/** Makes room for a line of so many bytes. Returns where it is to be written. */
export function reserve(size: usize): usize {
  const missing = ((line + size + MARGIN + 0xffff) >> 16) - memory.size();
  if ((missing as i32) > 0 && memory.grow(missing as i32) < 0) unreachable();
  return line;
}

/**
 * Scans the line of so many bytes that was written there. Its texts are overwritten: escapes are resolved in place.
 *
 * @param longText - So many bytes a text may have and is not long.
 * @returns 1 for a JSON object, of which `result` tells what else was seen; 2 for another value; 0 for what is no JSON, not
 * UTF-8 or nested too deep.
 */
export function scan(length: usize, longText: u32): u32 {
  const end = line + length;
  memory.fill(end, 0, MARGIN);
  forgetFlags();
  beginExample();
  setLongText(longText);
  if (!isUtf8(line, end)) return 0;
  const kind = readWhole(line, end, keys, EXAMPLE);
  if (kind !== OBJECT) return kind === 0 ? 0 : 2;
  keep(EXAMPLE_HASH, h1, h2);
  endExample();
  writeHead(flags, traits, pairs, textCount, callCount);
  return 1;
}

/** Makes the hash of a text, whatever it is. */
export function hashText(length: usize): void {
  hashBytes(line, length, TEXT_SEED);
  keep(EXAMPLE_HASH, h1, h2);
}

/** Scans any JSON value, of which only the hash is wanted. */
export function scanValue(length: usize): bool {
  const end = line + length;
  memory.fill(end, 0, MARGIN);
  if (readWhole(line, end, keys, OTHER) === 0) return false;
  keep(EXAMPLE_HASH, h1, h2);
  return true;
}
