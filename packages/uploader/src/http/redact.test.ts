import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrub, cutText } from './redact.js';

const KEY = 'sk-proj-Q7vXw9LmZt3RbN5cKd8Hf2Js6Gy4Pa1e';
const OTHER_KEY = 'f1e2d3c4b5a697887766';

describe('what is blanked', () => {
  const scrub = createScrub([KEY, OTHER_KEY]);

  it.each([
    [`Incorrect API key provided: ${KEY}. You can find it`, 'Incorrect API key provided: [redacted]. You can find it'],
    ['key sk-abc...wxyz', 'key [redacted]'],
    ['key sk-ab****************wxyz.', 'key [redacted]'],
    ['key f1e2********7766', 'key [redacted]'],
    ['key f1e2…7766', 'key [redacted]'],
    ['key ************7766', 'key [redacted]'],
    ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer [redacted]'],
    ['Basic dXNlcjpwYXNz', 'Basic [redacted]'],
    [`part ${KEY.slice(10, 30)}!`, 'part [redacted]!'],
    [Buffer.from(OTHER_KEY).toString('base64'), '[redacted]'],
  ])('%j becomes %j', (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });

  it.each([
    'No such File object: file-abc123',
    'Wait... then try again',
    'a **bold** word',
    'task-12345678',
    'risk-based',
  ])('%j stays', (text) => {
    expect(scrub(text)).toBe(text);
  });

  it('a very short key is not searched for: it would eat words', () => {
    expect(createScrub(['a', ''])('banana')).toBe('banana');
  });

  it('a key that holds the word itself does no harm', () => {
    expect(createScrub(['xxredactedyy'])('a xxredactedyy, a redacted-y')).toBe('a [redacted], a [redacted]-y');
  });

  it('no eight characters of a key survive, wherever it stands', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const key = fc.string({ unit: fc.constantFrom(...'abcABC019-_'), minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(text, key, text, fc.nat(60), fc.nat(60), (before, secret, after, from, length) => {
        const echo = secret.slice(from % (secret.length - 7)).slice(0, 8 + length);
        const clean = createScrub([secret])(before + echo + after + secret).replaceAll('[redacted]', '\u0001');
        for (let at = 0; at + 8 <= secret.length; at++) expect(clean).not.toContain(secret.slice(at, at + 8));
      }),
      { seed: 74, numRuns: 300 },
    );
  });
});

describe('a text that is cut', () => {
  it('keeps whole characters and says so', () => {
    expect(cutText('äöü', 6)).toBe('äöü');
    expect(cutText('äöü', 5)).toBe('äö …');
    expect(cutText('😀😀', 7)).toBe('😀 …');
  });
});
