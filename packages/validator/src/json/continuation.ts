import { findTooDeep } from './depth.js';

/** The most characters of one value that are pieced together over several lines. */
const MAX_CHARACTERS = 1024 * 1024;
/** The most lines of one value that are pieced together. */
const MAX_LINES = 10_000;

/** A value that is not finished on its line, and may go on in the next ones. */
export interface Continuation {
  /** Whether its first line ends inside a string. */
  readonly breaksString: boolean;
  /** How many lines it has so far. */
  readonly lines: number;
  /**
   * Takes the next line that is not blank.
   *
   * @returns `open`: it may go on; `closed`: this line completes it; `broken`: the lines do not belong together.
   */
  next(text: string): 'open' | 'closed' | 'broken';
}

/**
 * Begins with a line that ends before its value does.
 *
 * Somebody who writes one example over eleven lines has made one mistake, not eleven.
 */
export function createContinuation(first: string): Continuation {
  let text = first;
  let state = scan(first, { depth: 0, isInString: false });
  let lines = 1;
  const breaksString = state.isInString;
  return {
    breaksString,
    get lines() {
      return lines;
    },
    next(line) {
      if (isWholeObject(line)) return 'broken';
      // Inside a string the line break is the fault; written as an escape it shows whether the rest is right.
      text += (state.isInString ? '\\n' : '\n') + line;
      lines += 1;
      state = scan(line, state);
      if (state.depth < 0 || lines > MAX_LINES || text.length > MAX_CHARACTERS) return 'broken';
      if (state.depth > 0 || state.isInString) return 'open';
      return isWholeObject(text) ? 'closed' : 'broken';
    },
  };
}

interface ScanState {
  readonly depth: number;
  readonly isInString: boolean;
}

function scan(text: string, { depth, isInString }: ScanState): ScanState {
  let level = depth;
  let inString = isInString;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) level += 1;
    else if (code === 0x7d || code === 0x5d) level -= 1;
  }
  return { depth: level, isInString: inString };
}

function isWholeObject(text: string): boolean {
  if (!/^\s*\{/.test(text) || findTooDeep(text) !== -1) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
