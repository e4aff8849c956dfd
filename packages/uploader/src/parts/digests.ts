import { createHash, type Hash } from 'node:crypto';
import type { ByteRange } from '../multipart/body.js';
import { stretchesOf } from './plan.js';

/** What one reading of a file tells for an upload in parts. */
export interface PartDigests {
  readonly ranges: readonly ByteRange[];
  /** Lower-case hexadecimal, for the server's own check; absent where this machine must not compute MD5 (FIPS). */
  readonly md5: string | undefined;
}

export interface PartDigester {
  /** Takes the bytes of the file in their order. */
  update(chunk: Uint8Array): void;
  /** To be called after the last byte. */
  end(): PartDigests;
}

/** @throws {ConfigError} when there would be too many parts */
export function createPartDigester(size: number, partSize: number): PartDigester {
  const stretches = stretchesOf(size, partSize);
  const md5 = createMd5();
  const ranges: ByteRange[] = [];
  let hash = createHash('sha256');
  let filled = 0;
  return {
    update(chunk) {
      md5?.update(chunk);
      for (let at = 0; at < chunk.length; ) {
        const stretch = stretches[ranges.length];
        if (stretch === undefined) throw new RangeError('more bytes than the file has');
        const take = Math.min(stretch.length - filled, chunk.length - at);
        hash.update(chunk.subarray(at, at + take));
        at += take;
        filled += take;
        if (filled < stretch.length) continue;
        ranges.push({ ...stretch, sha256: hash.digest('hex') });
        hash = createHash('sha256');
        filled = 0;
      }
    },
    end() {
      if (ranges.length !== stretches.length) throw new RangeError('fewer bytes than the file has');
      return { ranges, md5: md5?.digest('hex') };
    },
  };
}

/** MD5 may be forbidden; it is there for the server's convenience, SHA-256 is what decides here. */
function createMd5(): Hash | undefined {
  try {
    return createHash('md5');
  } catch {
    return undefined;
  }
}
