import { Readable } from 'node:stream';

/** A compression that a file can have. */
type Compression = 'gzip' | 'zstd';

/** What became of a file that may be compressed. */
export interface Unpacking {
  /** The bytes inside; those of the file itself when it is not compressed. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** `undefined` when the file is not compressed. */
  readonly compression: Compression | undefined;
  /** Whether this Node can unpack it; if not, there are no chunks. */
  readonly isReadable: boolean;
  /** Whether the data broke off or were not what they said: known when the chunks have been read. */
  readonly isDamaged: boolean;
}

const MAGIC: readonly (readonly [compression: Compression, bytes: readonly number[]])[] = [
  // Source: RFC 1952, section 2.3.1 (with the only method there is), and RFC 8878, section 3.1.1.
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];
const MAGIC_BYTES = 4;

/** Unpacks bytes that are compressed, and hands on all others as they are. Looks at the first four bytes only. */
export async function unpack(source: AsyncIterable<Uint8Array>): Promise<Unpacking> {
  const iterator = source[Symbol.asyncIterator]();
  const { start, isEnd } = await readStart(iterator);
  const compression = MAGIC.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte))?.[0];
  const whole = prepend(start, isEnd, iterator);
  if (compression === undefined) return { chunks: whole, compression, isReadable: true, isDamaged: false };
  const decompress = await decompressor(compression);
  if (decompress === undefined) {
    await whole.return(undefined);
    return { chunks: Readable.from([]), compression, isReadable: false, isDamaged: false };
  }
  const state = { isDamaged: false };
  return {
    compression,
    isReadable: true,
    chunks: inflate(whole, decompress, state),
    get isDamaged() {
      return state.isDamaged;
    },
  };
}

async function readStart(iterator: AsyncIterator<Uint8Array>): Promise<{ start: Uint8Array; isEnd: boolean }> {
  let start = new Uint8Array(0);
  while (start.length < MAGIC_BYTES) {
    const next = await iterator.next();
    if (next.done) return { start, isEnd: true };
    // Copied: the source may use its buffer again.
    const longer = new Uint8Array(start.length + next.value.length);
    longer.set(start);
    longer.set(next.value, start.length);
    start = longer;
  }
  return { start, isEnd: false };
}

async function* prepend(
  start: Uint8Array,
  isEnd: boolean,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    if (isEnd) return;
    for (;;) {
      const next = await rest.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* inflate(
  packed: AsyncIterable<Uint8Array>,
  decompress: NodeJS.ReadWriteStream,
  state: { isDamaged: boolean },
): AsyncGenerator<Uint8Array> {
  let sourceError: unknown;
  const copies = (async function* () {
    try {
      for await (const chunk of packed) yield Buffer.from(chunk);
    } catch (error) {
      sourceError = error;
      throw error;
    }
  })();
  const input = Readable.from(copies);
  const output = input.pipe(decompress) as unknown as Readable;
  input.on('error', (error) => output.destroy(error));
  try {
    for await (const chunk of output) yield chunk as Uint8Array;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z'))) throw error;
    state.isDamaged = true;
  } finally {
    input.destroy();
    output.destroy();
  }
}

/** Node has zstd from 22.15 on. */
async function decompressor(compression: Compression): Promise<NodeJS.ReadWriteStream | undefined> {
  const zlib = await import('node:zlib');
  if (compression === 'gzip') return zlib.createGunzip();
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof create === 'function' ? (create() as NodeJS.ReadWriteStream) : undefined;
}
