import type { Fingerprint } from './fingerprint.js';
import { createFingerprintTable } from './fingerprint-table.js';

/** Which examples a training file holds, so that a validation file can be held against it. */
export interface ExampleFingerprints {
  /** Takes the fingerprint of an example. @param file - As the caller names it. @param line - Physical line, from 1. */
  add(fingerprint: Fingerprint, file: string, line: number): void;
  /** Where the example with this fingerprint stands, the first of several; `undefined` when there is none. */
  find(fingerprint: Fingerprint): { readonly file: string; readonly line: number } | undefined;
  readonly size: number;
}

/** The collection may be of a stream, which cannot be read again: 128 bits need no second look. */
export const COLLECTED_WORDS = 4;

/** An empty collection. It keeps a few numbers for each different example, not the example. */
export function createExampleFingerprints(): ExampleFingerprints {
  const files: string[] = [];
  const table = createFingerprintTable(COLLECTED_WORDS, 2);
  return {
    add(fingerprint, file, line) {
      if (table.find(fingerprint) !== -1) return;
      if (files.at(-1) !== file) files.push(file);
      table.add(fingerprint, line, files.length - 1);
    },
    find(fingerprint) {
      const place = table.find(fingerprint);
      return place === -1 ? undefined : { file: files[table.get(place, 1)]!, line: table.get(place, 0) };
    },
    get size() {
      return table.size;
    },
  };
}
