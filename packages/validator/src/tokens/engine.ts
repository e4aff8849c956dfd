import { type CounterPlace, createRoomyPlace, startEngine } from './vocabulary-memory.js';
import type { EngineExports } from './webassembly.js';

/*
 * The counting engine (`assembly/`). Texts are written into its memory as UTF-8: `encodeInto` takes a small part of the
 * time, and turns lone surrogates to U+FFFD on the way.
 */

/** Text is written and counted in parts of so many UTF-16 code units at most. */
const PART = 1 << 16;
/** UTF-8 has at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/** An engine with a vocabulary. */
export interface Engine {
  /** The number of tokens of a text, special tokens taken as plain text. */
  count(text: string): number;
  /** The same of a text in well-formed UTF-8. */
  countUtf8(bytes: Uint8Array): number;
  /** How many bytes were merged so far: what a test of linear time counts. */
  readonly mergedBytes: number;
}

export function createEngine(place: CounterPlace): Engine {
  const exports = startEngine(place, false);
  const room = makeRoom(place, exports, PART * BYTES_PER_UNIT)!;
  let mergedElsewhere = 0;
  /** In memory of its own, which is let go afterwards: pieces of many kilobytes are rare, and regions cannot grow. */
  const countElsewhere = (text: string): number => {
    const roomy = createRoomyPlace(place);
    const roomyExports = startEngine(roomy, true);
    const tokens = countInParts(roomy, roomyExports, text);
    mergedElsewhere += roomyExports.mergedBytes.value;
    return tokens;
  };
  const count = (text: string): number => {
    const tokens =
      text.length > PART
        ? countInParts(place, exports, text)
        : exports.count(encoder.encodeInto(text, room).written, 1);
    return tokens === OUT_OF_ROOM ? countElsewhere(text) : tokens;
  };
  return {
    count,
    countUtf8(bytes) {
      if (bytes.length > room.length) return count(decoder.decode(bytes));
      room.set(bytes);
      const tokens = exports.count(bytes.length, 1);
      return tokens === OUT_OF_ROOM ? countElsewhere(decoder.decode(bytes)) : tokens;
    },
    get mergedBytes() {
      return mergedElsewhere + exports.mergedBytes.value;
    },
  };
}

const encoder = new TextEncoder();
// A byte order mark within a text is text.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What `count` returns when a region is too small. */
const OUT_OF_ROOM = -1;

/** Where a text is written; `undefined` when the region is too small. */
function makeRoom({ memory }: CounterPlace, exports: EngineExports, size: number): Uint8Array | undefined {
  const address = exports.reserveText(size);
  return address === 0 ? undefined : new Uint8Array(memory.buffer, address, size);
}

function countInParts(place: CounterPlace, exports: EngineExports, text: string): number {
  let room = makeRoom(place, exports, PART * BYTES_PER_UNIT)!;
  let tokens = 0;
  let written = 0;
  let from = 0;
  while (from < text.length) {
    // As much again as is left from before, so that a piece of any length is looked through only a few times.
    let to = Math.min(from + Math.max(PART, written), text.length);
    if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to += 1;
    const needed = written + (to - from) * BYTES_PER_UNIT;
    if (needed > room.length) {
      const larger = makeRoom(place, exports, needed);
      if (larger === undefined) return OUT_OF_ROOM;
      room = larger;
    }
    written += encoder.encodeInto(text.slice(from, to), room.subarray(written)).written;
    const counted = exports.count(written, to === text.length ? 1 : 0);
    if (counted === OUT_OF_ROOM) return OUT_OF_ROOM;
    tokens += counted;
    const consumed = exports.consumed.value;
    room.copyWithin(0, consumed, written);
    written -= consumed;
    from = to;
  }
  return tokens;
}
