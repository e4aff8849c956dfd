import { beginExample, endExample, pairs, textCount, traits } from './example';
import { flags, forgetFlags } from './flags';
import { EXAMPLE, OBJECT, OTHER } from './kinds';
import { h1, h2 } from './murmur';
import { EXAMPLE_HASH, keep, MAX_TEXTS, result, texts, writeHead } from './result';
import { setLongText } from './traits';
import { isUtf8 } from './utf8';
import { KEYS_SIZE, readWhole } from './values';

export { MAX_TEXTS, result, texts };

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
 * @returns Whether it is one JSON object, in UTF-8 and not nested too deep; then `result` tells what else was seen.
 */
export function scan(length: usize, longText: u32): bool {
  const end = line + length;
  memory.fill(end, 0, MARGIN);
  forgetFlags();
  beginExample();
  setLongText(longText);
  if (!isUtf8(line, end) || readWhole(line, end, keys, EXAMPLE) !== OBJECT) return false;
  keep(EXAMPLE_HASH, h1, h2);
  endExample();
  writeHead(flags, traits, pairs, textCount);
  return true;
}

/** Scans any JSON value, of which only the hash is wanted. */
export function scanValue(length: usize): bool {
  const end = line + length;
  memory.fill(end, 0, MARGIN);
  if (readWhole(line, end, keys, OTHER) === 0) return false;
  keep(EXAMPLE_HASH, h1, h2);
  return true;
}
