import { lineText, type Mutations } from '../mutation.js';

/** Ill-formed sequences: a lone continuation, an overlong one, a surrogate, one cut short, one beyond Unicode. */
const ILL_FORMED = [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x9a], [0xf4, 0x90, 0x80, 0x80], [0xff]];

export const lineMutations: Mutations = {
  'line/invalid-utf8': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const bytes = new TextEncoder().encode(lineText(dataset, example));
      const at = random.int(1, bytes.length - 1);
      dataset.rawLines.set(
        example,
        new Uint8Array([...bytes.subarray(0, at), ...random.pick(ILL_FORMED), ...bytes.subarray(at)]),
      );
      return { rule: 'line/invalid-utf8', example, pointer: '' };
    },
  },
  'line/blank': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const blank = random.pick(['', ' ', '\t', '   \t ']);
      dataset.rawLines.set(example, `${blank}\n${lineText(dataset, example)}`);
      return { rule: 'line/blank', pointer: '' };
    },
  },
  'line/trailing-blank': {
    mutate(dataset, random) {
      const last = dataset.examples.length - 1;
      dataset.rawLines.set(last, lineText(dataset, last) + random.pick(['\n', '\n\n\n', '\n \t', '\n  \n']));
      return { rule: 'line/trailing-blank', pointer: '' };
    },
  },
  'line/too-long': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const cap = 16 * 1_024;
      dataset.config = { maxLineBytes: cap };
      const content = random.pick(['a', 'é', '🚲']).repeat(cap);
      dataset.examples[example] = { messages: [{ role: 'user', content }] };
      return { rule: 'line/too-long', example, pointer: '' };
    },
  },
  'line/raw-separator': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      // The first text of a message; JSON.stringify leaves these characters as they are.
      const text = lineText(dataset, example).replace(
        '"content":"',
        `"content":"${random.pick(['\u2028', '\u2029', '\u0085'])}`,
      );
      dataset.rawLines.set(example, text);
      return { rule: 'line/raw-separator', example, pointer: '' };
    },
  },
};
