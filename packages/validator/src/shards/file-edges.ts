const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** What a file begins and ends with, besides examples: it decides what its lines are between other files. */
export interface FileEdges {
  readonly startsWithMark: boolean;
  /** Blank lines before the first example; all lines, when there is none. */
  readonly leading: number;
  /** Blank lines behind the last example; all lines, when there is none. */
  readonly trailing: number;
}

/** Looks for the edges of a file. */
export interface EdgeFinder {
  /** Takes the next bytes. */
  push(bytes: Uint8Array): void;
  end(): FileEdges;
}

/** Looks at the first and last few bytes of each chunk, and at no others unless these are blank. */
export function createEdgeFinder(): EdgeFinder {
  let position = 0;
  let mark = 0;
  let leading = 0;
  let isBlankSoFar = true;
  /** Line feeds behind the last byte that is not blank, and whether anything follows the last of them. */
  let feeds = 0;
  let isInLine = false;

  return {
    push(bytes) {
      let from = 0;
      for (; position < BYTE_ORDER_MARK.length && from < bytes.length; position += 1, from += 1) {
        if (mark !== position || bytes[from] !== BYTE_ORDER_MARK[position]) break;
        mark += 1;
      }
      position += bytes.length - from;
      // Part of a mark is none: it is text that cannot be read.
      if (mark > 0 && mark < BYTE_ORDER_MARK.length && from < bytes.length) isBlankSoFar = false;
      if (isBlankSoFar) {
        for (; from < bytes.length && isBlank(bytes[from]!); from += 1) {
          isInLine = bytes[from] !== LINE_FEED;
          if (!isInLine) leading += 1;
        }
        if (from === bytes.length) return;
        isBlankSoFar = false;
      }
      let last = bytes.length - 1;
      while (last >= from && isBlank(bytes[last]!)) last -= 1;
      if (last >= from) {
        feeds = 0;
        isInLine = false;
      }
      for (let at = Math.max(last + 1, from); at < bytes.length; at += 1) {
        isInLine = bytes[at] !== LINE_FEED;
        if (!isInLine) feeds += 1;
      }
    },
    end() {
      const startsWithMark = mark === BYTE_ORDER_MARK.length;
      if (isBlankSoFar) {
        // A mark alone is a line as well.
        const lines = leading + (isInLine || (startsWithMark && leading === 0) ? 1 : 0);
        return { startsWithMark, leading: lines, trailing: lines };
      }
      return { startsWithMark, leading, trailing: Math.max(0, feeds - 1) + (isInLine && feeds > 0 ? 1 : 0) };
    },
  };
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED;
}
