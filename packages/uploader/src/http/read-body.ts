import type { Exchange } from './exchange.js';

/** What could be read of an answer. */
export interface BodyText {
  readonly text: string;
  /** The answer ended by itself and within the limit. */
  readonly isComplete: boolean;
  /** Why reading ended early; absent when only the limit did it. */
  readonly error?: unknown;
}

/**
 * Reads a short answer as UTF-8 text. Never rejects: half an answer may still name the file that was made.
 *
 * @param limits `bytes`: no more is read; `total`: most milliseconds for all of it, so that a byte now and then gains nothing
 */
export async function readText(exchange: Exchange, limits: { bytes: number; total: number }): Promise<BodyText> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isComplete = true;
  let error: unknown;
  try {
    for await (const chunk of exchange.chunks({ total: limits.total })) {
      const room = limits.bytes - size;
      chunks.push(chunk.subarray(0, room));
      size += Math.min(room, chunk.length);
      if (chunk.length > room) {
        isComplete = false;
        break;
      }
    }
  } catch (caught) {
    isComplete = false;
    error = caught;
  }
  // Without a byte order mark, which some servers send and JSON does not know.
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  return error === undefined ? { text, isComplete } : { text, isComplete, error };
}
