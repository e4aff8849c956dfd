import { expect, it } from 'vitest';
import { findJoinedCharacters } from './joined-characters.js';

const BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));

function joinedIn(...tokens: readonly (string | Uint8Array)[]): readonly string[] | undefined {
  const all = [...BYTES, ...tokens.map((token) => (typeof token === 'string' ? Buffer.from(token) : token))];
  return findJoinedCharacters(all)?.map((pair) => Buffer.from(pair).toString().replace(/\0+$/, ''));
}

it('finds two characters that stand side by side in a token', () => {
  expect(joinedIn('é', 'aé', 'aéb')).toEqual(['aé', 'éb']);
});

it('finds them where one of them has four bytes', () => {
  const smile = Buffer.from('😀');
  expect(joinedIn(smile.subarray(0, 2), smile.subarray(0, 3), smile, '😀😀')).toEqual(['😀😀']);
});

it('leaves out two characters of ASCII', () => {
  expect(joinedIn('ab', 'abc')).toEqual([]);
});

it('leaves out what a token holds a part of only: that border is open anyway', () => {
  const [e, a] = [Buffer.from('é'), Buffer.from('a')];
  expect(joinedIn(Buffer.concat([e.subarray(1), a]), Buffer.concat([a, e.subarray(0, 1)]))).toEqual([]);
});

it('finds nothing to rely on where a token is not what its bytes are merged to', () => {
  expect(joinedIn('abc')).toBeUndefined();
  // The bytes of b and c are merged first, and nothing makes a token of a and bc.
  expect(joinedIn('bc', 'ab', 'abc', 'abcd')).toBeDefined();
  expect(joinedIn('bc', 'ab', 'abd', 'abcd')).toBeUndefined();
});
