/** Which examples a training file holds, so that a validation file can be held against it. */
export interface ExampleFingerprints {
  /** Takes the fingerprint of an example. @param file - As the caller names it. @param line - Physical line, from 1. */
  add(fingerprint: number, file: string, line: number): void;
  /** Where the example with this fingerprint stands, the first of several; `undefined` when there is none. */
  find(fingerprint: number): { readonly file: string; readonly line: number } | undefined;
  readonly size: number;
}

/** An empty collection. It keeps a number for each different example, not the example. */
export function createExampleFingerprints(): ExampleFingerprints {
  const files: string[] = [];
  const places = new Map<number, { readonly file: number; readonly line: number }>();
  return {
    add(fingerprint, file, line) {
      if (places.has(fingerprint)) return;
      if (files.at(-1) !== file) files.push(file);
      places.set(fingerprint, { file: files.length - 1, line });
    },
    find(fingerprint) {
      const place = places.get(fingerprint);
      return place === undefined ? undefined : { file: files[place.file]!, line: place.line };
    },
    get size() {
      return places.size;
    },
  };
}
