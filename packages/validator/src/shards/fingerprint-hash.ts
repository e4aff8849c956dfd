import { createFingerprinter } from '../formats/fingerprint.js';

/** Words of the fingerprints that are written to files. */
export const WRITTEN_WORDS = 4;

const fingerprinter = createFingerprinter();

/** The 128 bits of the fingerprint of a value, in hexadecimal. */
export function hexFingerprint(value: unknown): string {
  const words = new Uint32Array(WRITTEN_WORDS);
  fingerprinter.forget();
  fingerprinter.write(value, words, 0, WRITTEN_WORDS);
  fingerprinter.forget();
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}

let known: string | undefined;

/**
 * What tells the hash of this version from others: what it makes of an example in which everything stands that an example
 * may hold. Nobody has to think of it when the hash is changed.
 */
export function fingerprintHash(): string {
  const long = 'Ω 🚲 of a text that is long enough to be taken in as bytes, '.repeat(8);
  known ??= hexFingerprint({ messages: [{ role: 'user', content: long }, ['a', 1.5, -2, true, false, null, {}]] });
  return known;
}
