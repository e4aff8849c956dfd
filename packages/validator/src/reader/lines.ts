/** What ends a line. */
export const LINE_FEED = 0x0a;

/** What the line reader hands on. */
export interface LineSink {
  /**
   * A whole line, without its line feed.
   *
   * @param bytes - Valid during the call only.
   * @param start - Offset of its first byte in the file.
   */
  line(bytes: Uint8Array, start: number): void;
  /**
   * Whole lines with their line feeds, from one on: takes as many as it can at once, perhaps none.
   *
   * @param bytes - Valid during the call only. @param from - Where the line begins. @param start - The same in the file.
   * @returns Where the next line begins.
   */
  lines?(bytes: Uint8Array, from: number, start: number): number;
  /** The beginning of a line that is longer than the cap; its bytes follow in pieces. */
  oversizedStart(start: number): void;
  /** A piece of such a line. @param bytes - Valid during the call only. */
  oversizedPiece(bytes: Uint8Array): void;
  /** The end of such a line. @param length - Its bytes, the line feed aside. */
  oversizedEnd(length: number): void;
}

/** Cuts bytes into lines. */
export interface LineReader {
  /** Whether a line has begun that has not ended. */
  readonly isInLine: boolean;
  /** Takes the next bytes. They may be overwritten after the call. */
  push(chunk: Uint8Array): void;
  /** Hands on the last line, when the file does not end in a line feed. */
  end(): void;
}

/**
 * Cuts bytes at line feeds, and nowhere else: U+2028 and its like are text.
 *
 * A line that lies within one chunk is handed on without a copy. Never holds more than `maxLineBytes` and one chunk.
 *
 * @param byteStart - Offset of the first byte in the file.
 */
export function createLineReader(sink: LineSink, maxLineBytes: number, byteStart = 0): LineReader {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let lineStart = byteStart;
  let position = byteStart;
  let oversizedLength = -1;

  const hold = (bytes: Uint8Array) => {
    if (oversizedLength >= 0) {
      oversizedLength += bytes.length;
      if (bytes.length > 0) sink.oversizedPiece(bytes);
      return;
    }
    if (held + bytes.length > maxLineBytes) {
      sink.oversizedStart(lineStart);
      for (const piece of pieces) sink.oversizedPiece(piece);
      if (bytes.length > 0) sink.oversizedPiece(bytes);
      oversizedLength = held + bytes.length;
      pieces = [];
      held = 0;
      return;
    }
    // Not `slice()`: that of a Node Buffer copies nothing, and the bytes may be overwritten.
    if (bytes.length > 0) pieces.push(new Uint8Array(bytes));
    held += bytes.length;
  };

  const finishHeld = () => {
    if (oversizedLength >= 0) {
      sink.oversizedEnd(oversizedLength);
      oversizedLength = -1;
      return;
    }
    const line = pieces.length === 1 ? pieces[0]! : concatenate(pieces, held);
    pieces = [];
    held = 0;
    sink.line(line, lineStart);
  };

  return {
    get isInLine() {
      return held > 0 || oversizedLength >= 0;
    },
    push(chunk) {
      let from = 0;
      while (from < chunk.length) {
        if (sink.lines !== undefined && held === 0 && oversizedLength < 0) {
          const next = sink.lines(chunk, from, lineStart);
          position += next - from;
          lineStart = position;
          from = next;
          if (from === chunk.length) return;
        }
        const feed = chunk.indexOf(LINE_FEED, from);
        if (feed === -1) {
          hold(chunk.subarray(from));
          position += chunk.length - from;
          return;
        }
        const isWhole = held === 0 && oversizedLength < 0 && feed - from <= maxLineBytes;
        if (isWhole) sink.line(chunk.subarray(from, feed), lineStart);
        else {
          hold(chunk.subarray(from, feed));
          finishHeld();
        }
        position += feed + 1 - from;
        lineStart = position;
        from = feed + 1;
      }
    },
    end() {
      if (held > 0 || oversizedLength >= 0) finishHeld();
    },
  };
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
