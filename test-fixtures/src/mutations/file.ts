import { lineText, type MutableDataset, type Mutations, serializeDataset } from '../mutation.js';
import type { Random } from '../random.js';

const MARK = new Uint8Array([0xef, 0xbb, 0xbf]);

/** A dataset with this text, or these bytes, in the place of its lines. */
function replace(dataset: MutableDataset, content: string | Uint8Array): void {
  dataset.bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function textOf(dataset: MutableDataset): string {
  return new TextDecoder().decode(serializeDataset(dataset));
}

function withMark(bytes: Uint8Array): Uint8Array {
  return new Uint8Array([...MARK, ...bytes]);
}

function utf16(text: string, isLittleEndian: boolean, hasMark: boolean): Uint8Array {
  const units = (hasMark ? '\ufeff' : '') + text;
  const bytes = new Uint8Array(units.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < units.length; index += 1)
    view.setUint16(index * 2, units.charCodeAt(index), isLittleEndian);
  return bytes;
}

function asTable(examples: readonly unknown[], separator: string): string {
  return examples.map((_, index) => ['number', index, 'what is it', 'it is red'].join(separator)).join('\n');
}

const otherKinds: readonly ((dataset: MutableDataset, random: Random) => string | Uint8Array)[] = [
  ({ examples }) => asTable(examples, ','),
  ({ examples }) => asTable(examples, '\t'),
  ({ examples }) => examples.map((_, index) => `- number: ${index}\n  answer: red`).join('\n'),
  ({ examples }) =>
    examples.map((_, index) => `{'messages': [{'role': 'user', 'content': 'number ${index}'}]}`).join('\n'),
  ({ examples }, random) => examples.map(() => `Once upon a time, ${random.int(1, 9)} times`).join('\n'),
  () => new TextEncoder().encode('PAR1\u0015\u0004PAR1'),
];

export const fileMutations: Mutations = {
  'file/empty': {
    mutate(dataset, random) {
      replace(dataset, random.pick(['', '\n', '\n\n\n', '  \r\n\t', ' ']));
      return { rule: 'file/empty' };
    },
  },
  'file/wrong-extension': {
    mutate(dataset, random) {
      dataset.fileName = random.pick([
        'train.json',
        'train.txt',
        'train',
        'train.jsonl.bak',
        'train.ndjson',
        'train.csv',
      ]);
      return { rule: 'file/wrong-extension' };
    },
  },
  'file/too-large': {
    mutate(dataset, random) {
      const framing = 1_024;
      dataset.config = { limits: { maxFileBytes: serializeDataset(dataset).length + framing - random.int(1, 1_000) } };
      return { rule: 'file/too-large' };
    },
  },
  'file/size-ambiguous': {
    mutate(dataset, random) {
      dataset.config = { limits: { ambiguousFileBytes: serializeDataset(dataset).length - random.int(1, 1_000) } };
      return { rule: 'file/size-ambiguous' };
    },
  },
  'file/byte-order-mark': {
    mutate(dataset) {
      replace(dataset, withMark(serializeDataset(dataset)));
      return { rule: 'file/byte-order-mark', pointer: '' };
    },
  },
  'file/missing-byte-order-mark': {
    mutate(dataset) {
      dataset.flags.push('--target', 'azure');
      return { rule: 'file/missing-byte-order-mark', pointer: '' };
    },
  },
  'file/utf16': {
    mutate(dataset, random) {
      // Without a mark only the NUL bytes of ASCII give it away.
      const hasMark = random.int(0, 1) === 1;
      const text = hasMark ? textOf(dataset) : textOf(dataset).replaceAll(/[^\n\x20-\x7e]/g, '.');
      replace(dataset, utf16(text, random.int(0, 1) === 1, hasMark));
      return { rule: 'file/utf16', pointer: '' };
    },
  },
  'file/compressed': {
    mutate(dataset, random) {
      const rest = Array.from({ length: 200 }, () => random.int(0, 255));
      replace(dataset, new Uint8Array([0x50, 0x4b, 0x03, 0x04, ...rest]));
      return { rule: 'file/compressed', pointer: '' };
    },
  },
  'file/git-lfs-pointer': {
    mutate(dataset, random) {
      const digest = Array.from({ length: 64 }, () => random.int(0, 15).toString(16)).join('');
      replace(
        dataset,
        `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${random.int(1, 1e9)}\n`,
      );
      return { rule: 'file/git-lfs-pointer', pointer: '' };
    },
  },
  'file/json-array': {
    mutate(dataset, random) {
      const { examples } = dataset;
      const lines = examples.map((_, index) => lineText(dataset, index));
      replace(
        dataset,
        random.pick([
          `[${lines.join(',')}]\n`,
          `[\n${lines.join(',\n')}\n]\n`,
          `[${lines.join(',\n')}]`,
          JSON.stringify(examples, undefined, 2),
        ]),
      );
      return { rule: 'file/json-array', pointer: '' };
    },
  },
  'file/pretty-printed': {
    mutate(dataset, random) {
      const indent = random.pick([1, 2, 4, '\t']);
      replace(dataset, dataset.examples.map((example) => `${JSON.stringify(example, undefined, indent)}\n`).join(''));
      return { rule: 'file/pretty-printed', pointer: '' };
    },
  },
  'file/not-jsonl': {
    mutate(dataset, random) {
      replace(dataset, random.pick(otherKinds)(dataset, random));
      return { rule: 'file/not-jsonl', pointer: '' };
    },
  },
  'file/lone-carriage-return': {
    mutate(dataset) {
      replace(dataset, textOf(dataset).replaceAll('\n', '\r'));
      return { rule: 'file/lone-carriage-return', pointer: '' };
    },
  },
  'file/crlf': {
    mutate(dataset, random) {
      const lines = textOf(dataset).split('\n');
      const from = random.int(0, lines.length - 2);
      replace(dataset, `${lines.slice(0, from).join('\n')}${from > 0 ? '\n' : ''}${lines.slice(from).join('\r\n')}`);
      return { rule: 'file/crlf' };
    },
  },
};
