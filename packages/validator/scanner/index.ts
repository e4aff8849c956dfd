import { callCount } from './calls';
import { beginExample, endExample, pairs, textCount, traits } from './example';
import { flags, forgetFlags } from './flags';
import { EXAMPLE, OBJECT, OTHER } from './kinds';
import { findFeed, isPassing, MAX_LINES, places, records, traitLists, writeLine } from './lines';
import { h1, h2, hashBytes } from './murmur';
import { calls, EXAMPLE_HASH, keep, MAX_CALLS, MAX_TEXTS, result, texts, writeHead } from './result';
import { TEXT_SEED } from './seeds';
import { setLongText } from './traits';
import { isUtf8 } from './utf8';
import { KEYS_SIZE, readWhole } from './values';

export { calls, MAX_CALLS, MAX_LINES, MAX_TEXTS, places, records, result, texts, traitLists };

/** Read behind a line, and must be zero: whatever is cut off there ends. */
const MARGIN: usize = 64;

const keys: usize = (__heap_base + 63) & ~63;
const line: usize = (keys + KEYS_SIZE + 63) & ~63;

/** What a line can be. */
const BROKEN: u32 = 0;
const AN_OBJECT: u32 = 1;
const NO_OBJECT: u32 = 2;
const NOT_SCANNED: u32 = 3;
const NOT_WHOLE: u32 = 4;

const CARRIAGE_RETURN: u8 = 0x0d;

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
  setLongText(longText);
  return scanLine(line, end);
}

/** @param end - Behind it there are at least 16 bytes of zero. */
function scanLine(at: usize, end: usize): u32 {
  forgetFlags();
  beginExample();
  if (!isUtf8(at, end)) return BROKEN;
  const kind = readWhole(at, end, keys, EXAMPLE);
  if (kind !== OBJECT) return kind === 0 ? BROKEN : NO_OBJECT;
  keep(EXAMPLE_HASH, h1, h2);
  endExample();
  writeHead(flags, traits, pairs, textCount, callCount);
  return AN_OBJECT;
}

/** Where the next line begins, in bytes from the start; what the scan of it said, or why there was none. */
export let next: u32 = 0;
export let outcome: u32 = 0;

/**
 * Scans the lines that were written there, one after the other, while they pass: a chat that hides nothing and has none of
 * these traits. Stops behind the last whole line, at a line that does not pass, which has then been scanned as
 * {@link scan} does it, or at one for others to look at first: an empty one, one that ends in a carriage return.
 *
 * @param from, to - In bytes from the start.
 * @param place - Where the start is in the file.
 * @param firstLine, firstExample - Numbers of the line that begins at `from`.
 * @returns How many lines have passed.
 */
export function scanLines(
  from: usize,
  to: usize,
  longText: u32,
  loudTraits: u32,
  place: f64,
  firstLine: f64,
  firstExample: f64,
): u32 {
  const end = line + to;
  let at = line + from;
  let count: u32 = 0;
  setLongText(longText);
  outcome = NOT_SCANNED;
  while (count < <u32>MAX_LINES) {
    const feed = findFeed(at, end);
    if (feed === end) {
      outcome = NOT_WHOLE;
      break;
    }
    if (feed === at || load<u8>(feed - 1) === CARRIAGE_RETURN) break;
    // Whatever is cut off at the end of the line meets zeros there, as it would at the end of the file.
    const behind = v128.load(feed);
    v128.store(feed, v128.splat<u8>(0));
    const said = scanLine(at, feed);
    v128.store(feed, behind);
    if (said !== AN_OBJECT || !isPassing(loudTraits)) {
      outcome = said;
      break;
    }
    writeLine(count, firstLine, firstExample, place + <f64>(at - line), feed - at);
    count += 1;
    at = feed + 1;
  }
  next = <u32>(at - line);
  return count;
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
