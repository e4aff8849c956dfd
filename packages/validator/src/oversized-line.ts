import { createOversizedScan } from './json/oversized.js';
import type { Finding } from './rules/index.js';
import type { LinePlace } from './rules/rule.js';

/** A line that is too long to be parsed, read over in constant memory. */
export interface OversizedLine {
  /** Takes the next bytes. */
  push(bytes: Uint8Array): void;
  /**
   * What is to be said of it, and where in its line and in the file that is.
   *
   * @param length - Its bytes. @param cap - The most that are parsed.
   */
  end(length: number, cap: number): { readonly finding: Finding; readonly place: LinePlace };
}

/**
 * @param start - Offset in the file of its first byte.
 * @param foundMark - Called when it begins with a byte order mark, which is not of the text.
 */
export function createOversizedLine(start: number, foundMark: () => void): OversizedLine {
  const scan = createOversizedScan();
  // Keeps a byte order mark: inside the file it is data.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let characters = 0;
  return {
    push(bytes) {
      let text = decoder.decode(bytes, { stream: true });
      if (start === 0 && characters === 0 && text.startsWith('\ufeff')) {
        text = text.slice(1);
        foundMark();
      }
      characters += text.length;
      scan.push(text);
    },
    end(length, cap) {
      return {
        finding: { rule: 'line/too-long', params: { bytes: length, cap, ...scan.end() } },
        place: { column: 1, endColumn: characters + 1, byteOffset: [start, start + length], pointer: '' },
      };
    },
  };
}
