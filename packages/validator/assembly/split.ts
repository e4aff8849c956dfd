import { classAt, classOfByte, END, LETTER, LOWER, NEWLINE, NUMBER, OTHER, SHARED, SPACE, UPPER, width } from './classes';

/*
 * The patterns of o200k_base, of cl100k_base, and of p50k_base and r50k_base by hand. The classes carry most of what
 * differs between the first two: in all but o200k_base letters are LOWER and marks are only OTHER, which turns the words
 * of the one into those of the other.
 */

const SPACE_BYTE: u8 = 0x20;
const APOSTROPHE: u8 = 0x27;
const SLASH: u8 = 0x2f;

/** The patterns by their numbers in a vocabulary file. */
const O200K: u32 = 1;
const P50K: u32 = 2;

/** o200k_base: a contraction ends a word, and slashes may follow other characters among the newlines. */
let contractionsEndWords: bool = true;
/** p50k_base and r50k_base: only a space may begin a word, numbers are of any length, and newlines are white space. */
let isP50k: bool = false;

/** How far was looked for the last piece, if that is farther than its end; otherwise something before it. */
export let reach: usize = 0;
/** How many bytes behind its end a piece may depend on without saying so in `reach`: those of a contraction. */
export const LOOK_AHEAD: usize = 4;

export function setPattern(pattern: u32): void {
  contractionsEndWords = pattern === O200K;
  isP50k = pattern === P50K;
}

/** Where the piece that begins at `at` ends. */
@inline
export function pieceEnd(at: usize): usize {
  const plain = plainWordEnd(at);
  return plain !== 0 ? plain : anyPieceEnd(at);
}

/**
 * The commonest pieces at a glance: a space or none, a capital or none, lower letters of ASCII, 15 bytes in all, and
 * behind them something of ASCII that surely ends the word. Returns 0 for all others.
 */
@inline
function plainWordEnd(at: usize): usize {
  const bytes = v128.load(at);
  const space: u32 = load<u8>(at) === SPACE_BYTE ? 1 : 0;
  const capital = i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(26))) & (1 << space);
  const lower = i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x61)), i8x16.splat(26)));
  const length = ctz(~(lower | capital | space));
  // The end of a word of one capital alone would have to look for others behind it.
  if ((lower & (1 << (length - 1))) === 0 || length > 15) return 0;
  const behind = load<u8>(at + length);
  const kind = classOfByte(behind);
  return kind === 0 || kind & (LOWER | SHARED) || behind === APOSTROPHE ? 0 : at + length;
}

function anyPieceEnd(at: usize): usize {
  const kind = classAt(at);
  if (isP50k) return p50kPieceEnd(at, kind);
  if (kind & LETTER) return wordEnd(at, kind);
  if (kind & (SPACE | OTHER)) {
    if (!contractionsEndWords && load<u8>(at) === APOSTROPHE) {
      const end = contractionEnd(at);
      if (end !== at) return end;
    }
    const second = at + width(at);
    const next = classAt(second);
    if (next & LETTER) return wordEnd(second, next);
    if (kind & OTHER) return othersEnd(second, next);
    if (next & OTHER && load<u8>(at) === SPACE_BYTE) return othersEnd(second, next);
    return spacesEnd(at);
  }
  if (kind & NUMBER) return numberEnd(at);
  return spacesEnd(at);
}

/** `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` */
function p50kPieceEnd(at: usize, kind: u32): usize {
  if (load<u8>(at) === APOSTROPHE) {
    const end = smallContractionEnd(at);
    if (end !== at) return end;
  }
  const start = at + (load<u8>(at) === SPACE_BYTE ? 1 : 0);
  const first = start === at ? kind : classAt(start);
  if (first & LETTER) return runEnd(start, LETTER);
  if (first & NUMBER) return runEnd(start, NUMBER);
  if (first & OTHER) return runEnd(start, OTHER);
  return spacesEnd(at);
}

/** Where the run of such characters ends that begins at `at`. */
function runEnd(at: usize, kinds: u32): usize {
  do at += width(at);
  while (classAt(at) & kinds);
  return at;
}

/**
 * `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` or, if that fails,
 * `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`, then a contraction.
 *
 * Where no lower letter follows the first run, the first alternative gives back characters until one is shared: the
 * word ends behind the last shared one. Only without any does the second alternative take the whole run.
 */
function wordEnd(start: usize, kind: u32): usize {
  let at = start;
  let behindShared: usize = 0;
  while (kind & (UPPER | SHARED)) {
    at += width(at);
    if (kind & SHARED) behindShared = at;
    kind = classAt(at);
  }
  if (kind & LOWER) {
    do {
      at += width(at);
      kind = classAt(at);
    } while (kind & (LOWER | SHARED));
  } else if (behindShared !== 0) {
    reach = at;
    at = behindShared;
  }
  return contractionsEndWords && load<u8>(at) === APOSTROPHE ? contractionEnd(at) : at;
}

/** `(?i:'s|'t|'re|'ve|'m|'ll|'d)`, or `at`. Ignoring case, U+017F is an s. */
function contractionEnd(at: usize): usize {
  const first = load<u8>(at, 1) | 0x20;
  const second = load<u8>(at, 2) | 0x20;
  switch (first) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return at + 2;
    case 0x72: // r
    case 0x76: // v
      return second === 0x65 ? at + 3 : at;
    case 0x6c: // l
      return second === 0x6c ? at + 3 : at;
    default:
      return load<u16>(at, 1) === 0xbfc5 ? at + 3 : at;
  }
}

/** `'s|'t|'re|'ve|'m|'ll|'d`, or `at`. */
function smallContractionEnd(at: usize): usize {
  switch (load<u8>(at, 1)) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return at + 2;
    case 0x72: // r
    case 0x76: // v
      return load<u8>(at, 2) === 0x65 ? at + 3 : at;
    case 0x6c: // l
      return load<u8>(at, 2) === 0x6c ? at + 3 : at;
    default:
      return at;
  }
}

/** `\p{N}{1,3}` */
function numberEnd(start: usize): usize {
  let at = start + width(start);
  if (!(classAt(at) & NUMBER)) return at;
  at += width(at);
  return classAt(at) & NUMBER ? at + width(at) : at;
}

/** The rest of `[^\s\p{L}\p{N}]+[\r\n/]*` in o200k_base, of `[^\s\p{L}\p{N}]+[\r\n]*` in cl100k_base. */
function othersEnd(start: usize, kind: u32): usize {
  let at = start;
  while (kind & OTHER) {
    at += width(at);
    kind = classAt(at);
  }
  while (kind & NEWLINE || (contractionsEndWords && load<u8>(at) === SLASH)) kind = classAt(++at);
  return at;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`, the first one not in p50k_base. */
function spacesEnd(start: usize): usize {
  let at = start;
  let last = start;
  let behindNewline: usize = 0;
  let kind = classAt(at);
  while (kind & (SPACE | NEWLINE)) {
    last = at;
    at += width(at);
    if (kind & NEWLINE) behindNewline = at;
    kind = classAt(at);
  }
  reach = at;
  if (behindNewline !== 0 && !isP50k) return behindNewline;
  return kind === END || last === start ? at : last;
}
