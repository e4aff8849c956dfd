import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_DEPTH } from './depth.js';
import { parseLine } from './parse.js';

/** A million lines take a minute or two; a sample shows at once when something is badly wrong. */
const LINES = process.env.TUNEGATE_FULL === '1' ? 1_000_000 : 5_000;

const seeds = [
  ...readFileSync(new URL('../../../../test-fixtures/datasets/bicycle-shop.jsonl', import.meta.url), 'utf8').split(
    '\n',
  ),
  '{"a":[1,-2.5e+10,0,true,false,null,"\\u00e9\\ud83d\\ude00\\n"],"b":{"":{}},"c":"😀 é \\" \\\\"}',
  `{"deep":${'['.repeat(498)}${']'.repeat(498)}}`,
].filter((line) => line !== '');
const pieces = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\t',
  '\u0000',
  '\u001f',
  '\u2028',
  '\ufeff',
  '\u00a0',
  '\ud800',
];
const words = [
  'NaN',
  'Infinity',
  'True',
  'null',
  '//',
  "'",
  '1e400',
  '01',
  '.5',
  '+1',
  '0x1',
  '\\u12',
  '\\x',
  '1.',
  '-',
];

/** Mulberry32: the same lines in every run. Source: Tommy Ettinger's public domain generator. */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function mutate(line: string, below: (limit: number) => number): string {
  let text = line;
  for (let times = 1 + below(3); times > 0; times -= 1) {
    const at = below(text.length + 1);
    const length = below(4) === 0 ? below(text.length - at + 1) : below(3);
    const list = below(3) === 0 ? words : pieces;
    const inserted = below(3) === 0 ? '' : list[below(list.length)]!;
    text = text.slice(0, at) + inserted + text.slice(at + length);
  }
  return text;
}

/** What `JSON.parse` says, and the two differences: an example is an object, and not too deep. */
function expected(text: string): 'object' | 'other' | 'syntax' | 'deep' {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"?|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth -= 1;
  }
  if (deepest > MAX_DEPTH) return 'deep';
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'object' : 'other';
  } catch {
    return 'syntax';
  }
}

function found(text: string): ReturnType<typeof expected> {
  const { fault } = parseLine(text);
  switch (fault?.finding.rule) {
    case undefined:
      return 'object';
    case 'json/not-an-object':
      return 'other';
    case 'json/too-deep':
      return 'deep';
    default:
      return 'syntax';
  }
}

it(`takes ${LINES.toLocaleString('en')} mutated lines as JSON.parse does, but for depth and what is no object`, () => {
  const below = random(20_261_122);
  const counts = { object: 0, other: 0, syntax: 0, deep: 0 };
  for (let index = 0; index < LINES; index += 1) {
    const text = mutate(seeds[below(seeds.length)]!, below);
    const outcome = found(text);
    counts[outcome] += 1;
    if (outcome !== expected(text)) expect([text, outcome]).toEqual([text, expected(text)]);
  }
  // Mutations that never leave a line valid, or never break one, would test nothing.
  expect(counts.object).toBeGreaterThan(LINES / 100);
  expect(counts.syntax).toBeGreaterThan(LINES / 10);
}, 600_000);
