/*
 * The counting engine (`assembly/`) in its WebAssembly memory. Texts are written there as UTF-8: `encodeInto` takes a
 * small part of the time, and turns lone surrogates to U+FFFD on the way.
 */

/** The part of WebAssembly's interface that is used; the types of Node 20 have none of it. */
interface WebAssemblyApi {
  readonly compile: (bytes: Uint8Array<ArrayBuffer>) => Promise<WebAssemblyModule>;
  readonly Instance: new (module: WebAssemblyModule) => { readonly exports: EngineExports };
}
/** Compiled code, which any number of instances may share. */
export type WebAssemblyModule = object & { readonly __module?: never };

interface EngineExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly reserveVocabulary: (size: number) => number;
  readonly loadVocabulary: () => void;
  readonly reserveText: (size: number) => number;
  readonly count: (length: number, isWhole: number) => number;
  readonly consumed: { readonly value: number };
  readonly mergedBytes: { readonly value: number };
}

const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

/** Text is written and counted in parts of so many UTF-16 code units at most. */
const PART = 1 << 16;
/** UTF-8 has at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/** An engine with a vocabulary. */
export interface Engine {
  /** The number of tokens of a text, special tokens taken as plain text. */
  count(text: string): number;
  /** How many bytes were merged so far: what a test of linear time counts. */
  readonly mergedBytes: number;
  /** The size of its memory. */
  readonly memoryBytes: number;
}

export function compileEngine(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssemblyModule> {
  return wasm.compile(bytes);
}

/** @param vocabulary - A vocabulary file, see `generate/vocabulary-file.ts`. */
export function createEngine(module: WebAssemblyModule, vocabulary: Uint8Array): Engine {
  const engine = new wasm.Instance(module).exports;
  const { memory } = engine;
  const at = engine.reserveVocabulary(vocabulary.length);
  new Uint8Array(memory.buffer, at, vocabulary.length).set(vocabulary);
  engine.loadVocabulary();

  const encoder = new TextEncoder();
  let capacity = 0;
  let room = new Uint8Array(0);
  const reserve = (size: number): void => {
    capacity = size;
    // Growing gives the memory another buffer, so the address comes first.
    const address = engine.reserveText(size);
    room = new Uint8Array(memory.buffer, address, size);
  };
  reserve(PART * BYTES_PER_UNIT);

  const countLong = (text: string): number => {
    let tokens = 0;
    let written = 0;
    let from = 0;
    while (from < text.length) {
      // As much again as is left from before, so that a piece of any length is looked through only a few times.
      let to = Math.min(from + Math.max(PART, written), text.length);
      if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to += 1;
      const needed = written + (to - from) * BYTES_PER_UNIT;
      if (needed > capacity) reserve(needed);
      written += encoder.encodeInto(text.slice(from, to), room.subarray(written)).written;
      tokens += engine.count(written, to === text.length ? 1 : 0);
      room.copyWithin(0, engine.consumed.value, written);
      written -= engine.consumed.value;
      from = to;
    }
    return tokens;
  };

  return {
    count: (text) => (text.length > PART ? countLong(text) : engine.count(encoder.encodeInto(text, room).written, 1)),
    get mergedBytes() {
      return engine.mergedBytes.value;
    },
    get memoryBytes() {
      return memory.buffer.byteLength;
    },
  };
}
