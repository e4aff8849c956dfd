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
/** A counter takes 11 MB; after a text that needed more than this it starts afresh. */
const MAX_MEMORY = 32 * 1024 * 1024;
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
  let instance = startInstance(module, vocabulary);
  let mergedBefore = 0;
  // Memory only grows: after a piece of many megabytes a new one is taken, and what was cached is forgotten.
  const giveBackMemory = (): void => {
    if (instance.exports.memory.buffer.byteLength <= MAX_MEMORY) return;
    mergedBefore += instance.exports.mergedBytes.value;
    instance = startInstance(module, vocabulary);
  };
  return {
    count(text) {
      if (text.length > PART) {
        const tokens = countInParts(instance, text);
        giveBackMemory();
        return tokens;
      }
      // Merging a piece that is like no other may have grown the memory, which takes the room away from a view.
      if (instance.room.length === 0) {
        giveBackMemory();
        instance.room = makeRoom(instance.exports, PART * BYTES_PER_UNIT);
      }
      return instance.exports.count(encoder.encodeInto(text, instance.room).written, 1);
    },
    get mergedBytes() {
      return mergedBefore + instance.exports.mergedBytes.value;
    },
    get memoryBytes() {
      return instance.exports.memory.buffer.byteLength;
    },
  };
}

const encoder = new TextEncoder();

interface Instance {
  readonly exports: EngineExports;
  /** Where a text is written. */
  room: Uint8Array;
}

function startInstance(module: WebAssemblyModule, vocabulary: Uint8Array): Instance {
  const { exports } = new wasm.Instance(module);
  const at = exports.reserveVocabulary(vocabulary.length);
  new Uint8Array(exports.memory.buffer, at, vocabulary.length).set(vocabulary);
  exports.loadVocabulary();
  return { exports, room: makeRoom(exports, PART * BYTES_PER_UNIT) };
}

function makeRoom(exports: EngineExports, size: number): Uint8Array {
  // Growing gives the memory another buffer, so the address comes first.
  const address = exports.reserveText(size);
  return new Uint8Array(exports.memory.buffer, address, size);
}

function countInParts(instance: Instance, text: string): number {
  const { exports } = instance;
  let tokens = 0;
  let written = 0;
  let from = 0;
  while (from < text.length) {
    // As much again as is left from before, so that a piece of any length is looked through only a few times.
    let to = Math.min(from + Math.max(PART, written), text.length);
    if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to += 1;
    const needed = written + (to - from) * BYTES_PER_UNIT;
    if (needed > instance.room.length) instance.room = makeRoom(exports, needed);
    written += encoder.encodeInto(text.slice(from, to), instance.room.subarray(written)).written;
    tokens += exports.count(written, to === text.length ? 1 : 0);
    const consumed = exports.consumed.value;
    // See above.
    if (instance.room.length === 0) instance.room = makeRoom(exports, needed);
    instance.room.copyWithin(0, consumed, written);
    written -= consumed;
    from = to;
  }
  return tokens;
}
