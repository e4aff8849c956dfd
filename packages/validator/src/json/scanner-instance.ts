import { scannerModule } from './scanner-module.gen.js';

/*
 * The compiled scanner (`scanner/`) with a memory of its own, and where in that memory is what it has found.
 */

/** So many lines pass at once. */
export const MAX_LINES = 256;
/** A record, see formats/fingerprint.ts, and whether it has a prompt and an answer. */
const PASSED_RECORD_WORDS = 13;
const PLACE_NUMBERS = 4;

/** So many messages of an example are listed with their texts. */
export const MAX_TEXTS = 256;

/** Lines that have passed, in the form in which they are kept: see formats/example-records.ts. */
export interface PassedLines {
  readonly records: Uint32Array;
  readonly places: Float64Array;
  readonly traits: Uint32Array;
}

/** The part of WebAssembly's interface that is used; the types of Node 20 have none of it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: ScannerExports };
}

interface ScannerExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly result: { readonly value: number };
  readonly texts: { readonly value: number };
  readonly calls: { readonly value: number };
  readonly records: { readonly value: number };
  readonly places: { readonly value: number };
  readonly traitLists: { readonly value: number };
  readonly next: { readonly value: number };
  readonly outcome: { readonly value: number };
  readonly scanLines: (
    from: number,
    to: number,
    longText: number,
    loudTraits: number,
    place: number,
    line: number,
    example: number,
  ) => number;
  readonly reserve: (size: number) => number;
  readonly scan: (length: number, longText: number) => number;
  readonly scanValue: (length: number) => number;
  readonly hashText: (length: number) => void;
}

const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

/** Nearly all lines are shorter. */
const USUAL_LINE = 256 * 1024;
/* The layout of `scanner/result.ts`, in words. */

const RESULT_WORDS = 37;
export const FLAGS = 0;
export const TRAITS = 1;
export const PAIRS = 2;
export const TEXTS = 3;
export const EXAMPLE = 4;
export const HASH_WORDS = 4;
export const PAIR_BITS = { chat: 1, preference: 2, completion: 4 } as const;
export const PAIR_AT = { chat: 8, preference: 16, completion: 24 } as const;
export const TOOLS_AT = 32;
export const CALLS = 36;
export const TEXT_WORDS = 3;
export const CALL_WORDS = 6;
export const CALL_PARTS = { id: 0, name: 2, arguments: 4 } as const;
/** So many calls are listed; an example with more has no certain shape. */
const MAX_CALLS = 64;
export const ROLE_BITS = 15;
export const UNTRAINED = 16;
export const NAMED = 32;
export const ROLES = ['user', 'system', 'user', 'assistant'] as const;

/** A scanner. Its views are made anew when its memory grows. */
export interface Instance {
  readonly exports: ScannerExports;
  /** Where a line is written. */
  room: Uint8Array;
  result: Uint32Array;
  texts: Uint32Array;
  calls: Uint32Array;
  passed: PassedLines;
}

let compiled: object | undefined;

/** With 1 MB of memory. */
export function start(): Instance {
  compiled ??= new wasm.Module(bytesOfBase64(scannerModule));
  let memory: { readonly buffer: ArrayBuffer } | undefined;
  const readNumber = (at: number, length: number) => Number(decoder.decode(new Uint8Array(memory!.buffer, at, length)));
  const { exports } = new wasm.Instance(compiled, { host: { readNumber } });
  memory = exports.memory;
  return { exports, ...viewsOf(exports, USUAL_LINE) };
}

/** A plain loop: `Uint8Array.from` takes some milliseconds where nothing is compiled yet. */
function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Makes room for a line of so many bytes. */
export function viewsOf(exports: ScannerExports, size: number): Omit<Instance, 'exports'> {
  // Growing gives the memory another buffer, so the address comes first.
  const address = exports.reserve(size);
  const { buffer } = exports.memory;
  return {
    room: new Uint8Array(buffer, address, size),
    result: new Uint32Array(buffer, exports.result.value, RESULT_WORDS),
    texts: new Uint32Array(buffer, exports.texts.value, MAX_TEXTS * TEXT_WORDS),
    calls: new Uint32Array(buffer, exports.calls.value, MAX_CALLS * CALL_WORDS),
    passed: {
      records: new Uint32Array(buffer, exports.records.value, MAX_LINES * PASSED_RECORD_WORDS),
      places: new Float64Array(buffer, exports.places.value, MAX_LINES * PLACE_NUMBERS),
      traits: new Uint32Array(buffer, exports.traitLists.value, MAX_LINES),
    },
  };
}

const decoder = new TextDecoder();
