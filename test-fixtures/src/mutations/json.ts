import { lineText, type MutableDataset, type Mutations } from '../mutation.js';
import type { Random } from '../random.js';

/** Puts something into the text of the first message of an example, just behind its opening quote. */
function insertIntoContent(dataset: MutableDataset, random: Random, inserted: string): number {
  const example = random.int(0, dataset.examples.length - 1);
  dataset.rawLines.set(
    example,
    lineText(dataset, example).replace('"content":"', () => `"content":"${inserted}`),
  );
  return example;
}

/** A member, as text, before all others of an example. */
function insertMember(dataset: MutableDataset, random: Random, member: string): number {
  const example = random.int(0, dataset.examples.length - 1);
  dataset.rawLines.set(example, `{${member},${lineText(dataset, example).slice(1)}`);
  return example;
}

/** Ways to break a line, each of which is one mistake. */
const SYNTAX: readonly ((text: string, random: Random) => string)[] = [
  (text) => `${text.slice(0, -1)},}`,
  (text) => text.replace('"messages":[', '"messages":[,'),
  (text) => text.replace('"messages"', 'messages'),
  (text) => text.replace('"messages"', "'messages'"),
  (text) => text.replace('"messages"', '“messages”'),
  (text) => text.replace('"messages":', '"messages":/* all */'),
  (text) => `${text} // done`,
  (text) => text.replace('},{', '}{'),
  (text, random) => text.replace('"content":"', `"content":"${random.pick(['\t', '\u0001', '\u0000', '\u001f'])}`),
  (text, random) => text.replace('"content":"', `"content":"${random.pick(['\\q', '\\x41', "\\'", '\\u12', '\\uD8'])}`),
  (text) => text.replace('"content":"', '"content":"He said "yes" and '),
  (text, random) => `${random.pick(['1: ', 'data: ', '\u00a0', '\u200b', ','])}${text}`,
  (text) => `${text}${text}`,
  (text) => `${text}}`,
  (text) => text.replace('"messages":', '"messages":None,"a":'),
  (text) => text.replace('"messages":', '"messages":01,"a":'),
];

export const jsonMutations: Mutations = {
  'json/syntax': {
    mutate(dataset, random) {
      const example = random.int(1, dataset.examples.length - 1);
      dataset.rawLines.set(example, random.pick(SYNTAX)(lineText(dataset, example), random));
      return { rule: 'json/syntax', example, pointer: '' };
    },
  },
  'json/non-finite-number': {
    mutate(dataset, random) {
      const literal = random.pick(['NaN', 'Infinity', '-Infinity']);
      return {
        rule: 'json/non-finite-number',
        example: insertMember(dataset, random, `"score":${random.pick(['', '[1,'])}${literal}`),
        pointer: '',
      };
    },
  },
  'json/number-overflow': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const number = random.pick(['1e309', '-1e309', '1E+400', `${'9'.repeat(310)}`, '2.0e308']);
      return {
        rule: 'json/number-overflow',
        example: insertMember(dataset, random, `"score":${number}`),
        pointer: '/score',
      };
    },
  },
  'json/not-an-object': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const text = lineText(dataset, example);
      const values = ['null', '42', 'true', '"text"', `[${text},1]`, JSON.stringify(text), '[]'];
      // An array on the first line would make the file one.
      dataset.rawLines.set(example, random.pick(example === 0 ? values.filter((it) => !it.startsWith('[')) : values));
      return { rule: 'json/not-an-object', example, pointer: '' };
    },
  },
  'json/duplicate-key': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const text = lineText(dataset, example);
      const [changed, pointer] = random.pick([
        [`{"messages":[],${text.slice(1)}`, '/messages'],
        [text.replace('"role":', '"role":"user","role":'), '/messages/0/role'],
        [text.replace('"role":', '"r\\u006fle":null,"role":'), '/messages/0/role'],
      ] as const);
      dataset.rawLines.set(example, changed);
      return { rule: 'json/duplicate-key', example, pointer };
    },
  },
  'json/lone-surrogate': {
    mutate(dataset, random) {
      const half = random.pick(['\\ud83d', '\\uDEB2', '\\ud83dx', '\\\\\\ud83d', '\\ud83d\\u0041']);
      const example = insertIntoContent(dataset, random, half);
      return { rule: 'json/lone-surrogate', example, pointer: '/messages/0/content' };
    },
  },
  'json/nul-character': {
    mutate(dataset, random) {
      const example = insertIntoContent(dataset, random, random.pick(['\\u0000', 'a\\u0000b', '\\\\\\u0000']));
      return { rule: 'json/nul-character', example, pointer: '/messages/0/content' };
    },
  },
  'json/too-deep': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const depth = random.int(500, 5_000);
      const member = random.pick([
        `"data":${'['.repeat(depth)}${']'.repeat(depth)}`,
        `"data":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      ]);
      return { rule: 'json/too-deep', example: insertMember(dataset, random, member), pointer: '' };
    },
  },
};
