import { valueFingerprint } from './fingerprint.js';

/** Which examples a training file holds, so that a validation file can be held against it. */
export interface ExampleFingerprints {
  /** Takes an example. @param file - As the caller names it. @param line - Physical line, from 1. */
  add(example: object, file: string, line: number): void;
  /** Where an equal example stands, the first of several; `undefined` when there is none. */
  find(example: object): { readonly file: string; readonly line: number } | undefined;
  readonly size: number;
}

/** An empty collection. It keeps a number for each different example, not the example. */
export function createExampleFingerprints(): ExampleFingerprints {
  const files: string[] = [];
  const places = new Map<number, { readonly file: number; readonly line: number }>();
  return {
    add(example, file, line) {
      const fingerprint = valueFingerprint(example);
      if (places.has(fingerprint)) return;
      if (files.at(-1) !== file) files.push(file);
      places.set(fingerprint, { file: files.length - 1, line });
    },
    find(example) {
      const place = places.get(valueFingerprint(example));
      return place === undefined ? undefined : { file: files[place.file]!, line: place.line };
    },
    get size() {
      return places.size;
    },
  };
}
