import { createFingerprints, RECORD_WORDS } from '../formats/fingerprint.js';

/** Words of the fingerprints that are written to files: 128 bits. */
export const WRITTEN_WORDS = 4;

/** 128 bits that equal values share, in hexadecimal. */
export function hexFingerprint(value: object): string {
  const record = new Uint32Array(RECORD_WORDS);
  createFingerprints().ofLine(JSON.stringify(value), 'chat', record);
  // Those of the example, of its prompt and of its answer in one.
  const folded = Array.from(
    { length: WRITTEN_WORDS },
    (_, word) => record[word]! ^ record[word + 4]! ^ record[word + 8]!,
  );
  return folded.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

let known: string | undefined;

/**
 * What tells the fingerprints of this version from others: what becomes of an example in which everything stands that an
 * example may hold. Nobody has to think of it when the way to make them is changed.
 */
export function fingerprintHash(): string {
  const long = 'Ω 🚲 a text that is longer than what is taken in at once, '.repeat(8);
  const name = { name: 'f', parameters: { type: 'object', minimum: 1.5, enum: [-2, true, false, null, {}, []] } };
  known ??= hexFingerprint({
    messages: [
      { role: 'system', content: long },
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', content: 'b', weight: 1 },
    ],
    tools: [{ type: 'function', function: name }],
  });
  return known;
}
