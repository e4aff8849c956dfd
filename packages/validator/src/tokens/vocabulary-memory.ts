import { type EngineExports, PAGE, type WebAssemblyMemory, type WebAssemblyModule, wasm } from './webassembly.js';

/*
 * The memory of counters: the tables of a vocabulary, made when the package was built, and behind them a region for
 * each counter (see `assembly/region.ts`). The memory and the compiled engine may be sent to other threads.
 */

/** The engine, the tables, and the place of one counter. Structured cloning shares all of it, it copies nothing. */
export interface CounterPlace {
  readonly module: WebAssemblyModule;
  readonly memory: WebAssemblyMemory;
  /** Where the region of the counter begins. No two counters may have the same one. */
  readonly region: number;
  /** How large the tables are. */
  readonly imageSize: number;
}

/** A vocabulary in memory, with places for counters. */
export interface VocabularyMemory {
  /** Takes a place that no one else has. */
  take(): CounterPlace;
  /** Gives a place back, when its counter will never be used again. */
  giveBack(place: CounterPlace): void;
  /** The size of the memory. */
  readonly bytes: number;
}

/** What WebAssembly can address. Memory is reserved up to there but taken only as it is used. */
const MAX_PAGES = 65_536;

export function compileEngine(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssemblyModule> {
  return wasm.compile(bytes);
}

/** Tables in memory, behind which there is nothing yet. */
export interface LoadedImage {
  readonly memory: WebAssemblyMemory;
  readonly size: number;
}

/** Memory that the tables fit in, to be written to `image`. */
export function reserveImage(size: number): LoadedImage & { readonly image: Uint8Array } {
  const memory = new wasm.Memory({ initial: Math.ceil(size / PAGE), maximum: MAX_PAGES, shared: true });
  return { memory, size, image: new Uint8Array(memory.buffer, 0, size) };
}

/** A copy of tables, as {@link buildImage} made them. */
export function loadImage(image: Uint8Array): LoadedImage {
  const reserved = reserveImage(image.length);
  reserved.image.set(image);
  return reserved;
}

export function createVocabularyMemory(module: WebAssemblyModule, { memory, size }: LoadedImage): VocabularyMemory {
  const free: CounterPlace[] = [];
  return {
    take() {
      const place = free.pop();
      if (place === undefined) return appendPlace(module, memory, size);
      // Whoever had it may have been stopped while it wrote.
      new Uint8Array(memory.buffer, place.region, regionSize(place)).fill(0);
      return place;
    },
    giveBack(place) {
      free.push(place);
    },
    get bytes() {
      return memory.buffer.byteLength;
    },
  };
}

/** A place in a memory of its own, which can grow, with the same tables. */
export function createRoomyPlace({ module, memory, imageSize }: CounterPlace): CounterPlace {
  const own = loadImage(new Uint8Array(memory.buffer, 0, imageSize));
  return appendPlace(module, own.memory, imageSize);
}

/** @param mayGrow - Whether the memory has this region alone. */
export function startEngine({ module, memory, region }: CounterPlace, mayGrow: boolean): EngineExports {
  const { exports } = new wasm.Instance(module, { env: { memory, region, mayGrow: Number(mayGrow) } });
  exports.begin();
  return exports;
}

/**
 * Builds the tables of a vocabulary as the engine reads them.
 *
 * @param file - A vocabulary file, see `generate/vocabulary-file.ts`.
 */
export function buildImage(module: WebAssemblyModule, file: Uint8Array): Uint8Array {
  // Far behind any tables.
  const region = 256 * PAGE;
  const memory = new wasm.Memory({ initial: 256, maximum: MAX_PAGES, shared: true });
  const { exports } = new wasm.Instance(module, { env: { memory, region, mayGrow: 0 } });
  const at = region + exports.regionSize();
  memory.grow(Math.ceil((at - memory.buffer.byteLength + file.length) / PAGE));
  new Uint8Array(memory.buffer).set(file, at);
  exports.build(file.length);
  return new Uint8Array(memory.buffer).slice(0, exports.imageEnd());
}

function appendPlace(module: WebAssemblyModule, memory: WebAssemblyMemory, imageSize: number): CounterPlace {
  const place = { module, memory, region: memory.buffer.byteLength, imageSize };
  memory.grow(regionSize(place) / PAGE);
  return place;
}

function regionSize({ module, memory, region }: CounterPlace): number {
  return new wasm.Instance(module, { env: { memory, region, mayGrow: 0 } }).exports.regionSize();
}
