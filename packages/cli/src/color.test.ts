import { expect, test } from 'vitest';
import { isColored } from './color.js';

test.each([
  ['on a terminal', undefined, {}, true, true],
  ['in a pipe', undefined, {}, false, false],
  ['on a dumb terminal', undefined, { TERM: 'dumb' }, true, false],
  ['with NO_COLOR', undefined, { NO_COLOR: '1' }, true, false],
  ['with an empty NO_COLOR', undefined, { NO_COLOR: '' }, true, true],
  ['with FORCE_COLOR in a pipe', undefined, { FORCE_COLOR: '1' }, false, true],
  ['with FORCE_COLOR=0', undefined, { FORCE_COLOR: '0' }, true, false],
  ['with FORCE_COLOR against NO_COLOR', 'auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ['with --color never', 'never', { FORCE_COLOR: '1' }, true, false],
  ['with --color always', 'always', { NO_COLOR: '1' }, false, true],
] as const)('%s', (_, flag, env, isTTY, expected) => {
  expect(isColored(flag, env, { isTTY })).toBe(expected);
});
