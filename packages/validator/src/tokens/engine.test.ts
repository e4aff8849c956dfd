import { beforeAll, describe, expect, it } from 'vitest';
import { exampleLines } from '../../../../bench/text/examples.js';
import { createRandom, type Random } from '../../../../bench/text/random.js';
import { CL100K_PATTERN, O200K_PATTERN } from '../../generate/patterns.js';
import { writeRanks } from '../../generate/ranks.js';
import { packVocabulary } from '../../generate/vocabulary-file.js';
import { compileEngine, createEngine, type Engine, type WebAssemblyModule } from './engine.js';
import { loadAsset } from './load-asset.js';
import { createTiktoken, loadTiktokenRanks } from './tiktoken.js';

/*
 * The engine against tiktoken itself: no difference is allowed. With TUNEGATE_FULL=1 ten million random strings and all
 * code points (about ten minutes), otherwise a part of them by a fixed seed.
 */
const IS_FULL = process.env.TUNEGATE_FULL === '1';
const RANDOM_STRINGS = IS_FULL ? 10_000_000 : 50_000;
/** The planes with most of what is assigned; and where thousands in a row are alike, one of 16 is enough. */
const isTried = (codePoint: number): boolean =>
  IS_FULL ||
  (codePoint < 0x20000 &&
    (codePoint % 16 === 0 ||
      !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Tangut}\p{Co}\p{Cn}]/u.test(String.fromCodePoint(codePoint))));
const LONG_TIMEOUT = IS_FULL ? 3_600_000 : 60_000;

const WHITE_SPACE = [
  ...'\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
  // Not white space, though it looks like it, or though JavaScript says so.
  ...'\u200b\u180e\ufeff\u001f',
];
const CONTRACTIONS = [
  's',
  't',
  're',
  've',
  'm',
  'll',
  'd',
  '\u017f',
  'RE',
  'rE',
  'Ve',
  'LL',
  'lL',
  'l',
  'r',
  'v',
  'e',
  'K',
  '\u212a',
  'ﬆ',
];
/** Pieces of text that the patterns treat in different ways; what they are next to each other is where mistakes are made. */
const HARD = [
  ...WHITE_SPACE,
  ..." aBz'1.!/-_\u017fªßéÉǅʰ²½ⅷ٣你好あア한\u0301\u0300\u200d\ufe0f\u{1f469}\u{1f3fd}किा्ءا\u{10400}\u{10428}\u{1d7d8}\u{e0001}\u{10ffff}\ud800\udfff\0",
  ...CONTRACTIONS.map((it) => `'${it}`),
  '  ',
  '\r\n',
  ' \n ',
  'the',
  ' The',
  'ing',
  '://',
  '<|endoftext|>',
];

let module: WebAssemblyModule;
beforeAll(async () => {
  module = await compileEngine(await loadAsset('engine.wasm'));
});

type Count = (text: string) => number;

/** Compares a text as a whole, and looks for the part that differs only if it does. */
function expectSame(engine: Engine, oracle: Count, texts: readonly string[]): void {
  const all = texts.join('');
  if (texts.length > 1 && engine.count(all) === oracle(all)) return;
  for (const text of texts) {
    const [ours, theirs] = [engine.count(text), oracle(text)];
    if (ours !== theirs) {
      expect.fail(
        `${ours} tokens instead of ${theirs} in ${JSON.stringify(text.slice(0, 200))} (${text.length} units)`,
      );
    }
  }
}

describe.each(['o200k_base', 'cl100k_base'] as const)('the engine with %s', (encoding) => {
  let engine: Engine;
  let oracle: Count;
  let random: Random;
  beforeAll(async () => {
    engine = createEngine(module, await loadAsset(`${encoding}.bin`));
    const tiktoken = await createTiktoken(await loadTiktokenRanks(encoding));
    oracle = (text) => tiktoken.encode_ordinary(text).length;
    random = createRandom(20_261_122);
  });

  it(
    'counts each code point as tiktoken does, alone and between letters, digits, spaces and apostrophes',
    () => {
      for (let first = 0; first < 0x110000; first += 64) {
        const texts: string[] = [];
        for (let codePoint = first; codePoint < first + 64; codePoint += 1) {
          if (!isTried(codePoint)) continue;
          const c = String.fromCodePoint(codePoint);
          texts.push(`${c}\nx${c}y ${c} 1${c}2'${c}s${c}'S ${c}${c}A\n`);
        }
        expectSame(engine, oracle, texts);
      }
    },
    LONG_TIMEOUT,
  );

  it('counts what looks like a contraction as tiktoken does', () => {
    for (const contraction of CONTRACTIONS) {
      for (const before of ['', 'it', 'IT', '你', 'A你', '你A', ' ', '\n', '1', '.', "'", '\u0301', 'x\u0301']) {
        const texts = ['', 'x', 'X', ' ', '1', '.', '\n', '\u0301', '你', "'s"].flatMap((after) => [
          `${before}'${contraction}${after}`,
          `${before}'${contraction.toUpperCase()}${after}`,
          `${before}\u2019${contraction}${after}`,
        ]);
        for (const text of texts) expectSame(engine, oracle, [text]);
      }
    }
  });

  it('counts white space of every kind at every place as tiktoken does', () => {
    for (const one of WHITE_SPACE) {
      for (const other of WHITE_SPACE) {
        for (const run of [one, one + other, one + other + one, one + other + other]) {
          for (const text of [run, `a${run}`, `${run}a`, `a${run}b`, `.${run}.`, `1${run}2`, `${run}'s`, `/${run}/`]) {
            if (engine.count(text) !== oracle(text)) expectSame(engine, oracle, [text]);
          }
        }
      }
    }
  });

  it(
    'counts random strings of what is hard as tiktoken does',
    () => {
      for (let number = 0; number < RANDOM_STRINGS; number += 1) {
        let text = '';
        for (let left = random.between(1, 12); left > 0; left -= 1) text += random.pick(HARD);
        if (engine.count(text) !== oracle(text)) expectSame(engine, oracle, [text]);
      }
    },
    LONG_TIMEOUT,
  );

  it(
    'counts random characters of one script as tiktoken does',
    () => {
      const scripts = [
        [0x21, 0x7e],
        [0x61, 0x7a],
        [0xc0, 0x24f],
        [0x400, 0x45f],
        [0x620, 0x64a],
        [0x900, 0x97f],
        [0x3040, 0x30ff],
        [0x4e00, 0x9fff],
        [0xac00, 0xd7a3],
        [0x1f300, 0x1f6ff],
        [0x80, 0xffff],
      ] as const;
      for (let number = 0; number < RANDOM_STRINGS / 10; number += 1) {
        const [first, last] = random.pick(scripts);
        let text = '';
        for (let left = random.between(1, 60); left > 0; left -= 1)
          text += String.fromCodePoint(random.between(first, last));
        if (engine.count(text) !== oracle(text)) expectSame(engine, oracle, [text]);
      }
    },
    LONG_TIMEOUT,
  );

  it(
    'counts generated chats in eight languages, code and tools as tiktoken does',
    () => {
      const lines = exampleLines(3);
      for (let bytes = 0; bytes < (IS_FULL ? 50_000_000 : 600_000); ) {
        const line = lines.next().value;
        bytes += line.length;
        expectSame(engine, oracle, [line]);
      }
    },
    LONG_TIMEOUT,
  );

  it.each(['\ud800', '\udbff', '\udc00', '\udfff', '\udc00\ud800'])(
    'counts the lone surrogate %j as tiktoken does',
    (lone) => {
      for (const text of [lone, `a${lone}`, `${lone}b`, `say ${lone} and ${lone}${lone}`, `1${lone}2`])
        expectSame(engine, oracle, [text]);
    },
  );

  it.each([
    'a',
    'ab',
    'abc',
    ' ',
    '\n',
    ' \n',
    '\t',
    '0',
    '=',
    '-',
    'Ab',
    'é',
    '你好',
    '中文字符号测试',
    'क्ष',
    'ا',
    '\u0301',
    'a\u0301',
    '👩‍👩‍👧',
    '👍🏽',
    '\u200b',
    '\0',
    'xyzzy',
  ])('counts a long run of %j as tiktoken does', (unit) => {
    for (const units of [63, 64, 65, 66, 130, 1000, 2048, 2049, 2600]) {
      expectSame(engine, oracle, [unit.repeat(Math.ceil(units / unit.length)).slice(0, units)]);
    }
  });

  it(
    'counts long pieces without any order as tiktoken does',
    () => {
      for (const [first, last] of [
        [0x4e00, 0x9fff],
        [0x61, 0x7a],
        [0xac00, 0xd7a3],
        [0x3040, 0x30ff],
        [0x21, 0x2f],
      ] as const) {
        for (let number = 0; number < (IS_FULL ? 300 : 6); number += 1) {
          let text = '';
          for (let left = random.between(60, 3000); left > 0; left -= 1)
            text += String.fromCodePoint(random.between(first, last));
          expectSame(engine, oracle, [text]);
        }
      }
    },
    LONG_TIMEOUT,
  );

  it('counts a text that is written in parts as tiktoken does, wherever it is cut', () => {
    const lines = exampleLines(4);
    let text = '';
    while (text.length < 65_536) text += lines.next().value;
    for (const middle of ["it's", '  \n  x', '😀😀', "DON'T ", '12345', '你A好', '\r\n\r\n ', '...\n/']) {
      for (const shift of new Set([1, Math.ceil(middle.length / 2), middle.length - 1])) {
        const start = text.slice(0, 65_536 - shift);
        expectSame(engine, oracle, [`${start}${middle} end`]);
      }
    }
  });

  it.each(['a', ' ', '\n', '你', '\u0301', '👩‍👩‍👧', '0', 'aB', '='])(
    'does work in proportion to the length of a run of %j',
    (unit) => {
      const mergedFor = (units: number): number => {
        const before = engine.mergedBytes;
        engine.count(unit.repeat(units / unit.length));
        return engine.mergedBytes - before;
      };
      const bytes = (200_000 / unit.length) * Buffer.byteLength(unit);
      expect(mergedFor(200_000)).toBeLessThan(4 * bytes);
      expect(mergedFor(1_600_000)).toBeLessThan(4 * 8 * bytes);
    },
  );

  it('stays small after a text of many megabytes', () => {
    expect(engine.count('a'.repeat(12_000_000))).toBe(1_500_000);
    expect(engine.memoryBytes).toBeLessThan(40_000_000);
    expectSame(engine, oracle, ['and then goes on counting']);
  });
});

it('reads the classes of Unicode 16.0, as tiktoken does', async () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  const letters = await createTiktoken({ bpe_ranks: writeRanks(bytes), special_tokens: {}, pat_str: '\\p{L}' });
  // U+1C89 came with Unicode 16.0, U+A7CE with 17.0. A token for each byte: what is matched is what is returned.
  expect(new TextDecoder().decode(Uint8Array.from(letters.encode_ordinary('\u1c89\ua7ce')))).toBe('\u1c89');
});

describe.each([
  ['o200k_base', O200K_PATTERN, true],
  ['cl100k_base', CL100K_PATTERN, false],
] as const)('the pieces of %s', (encoding, pat_str, contractionsEndWords) => {
  it(
    'end where those of tiktoken end: the count shows it when any two neighbours are a token',
    async () => {
      const random = createRandom(11);
      const tokens = new Map<string, Uint8Array>();
      const add = (bytes: Uint8Array) => tokens.set(Buffer.from(bytes).toString('latin1'), bytes);
      for (let byte = 0; byte < 256; byte += 1) add(Uint8Array.of(byte));
      // A character is a token before any two of them are, as in a real vocabulary.
      for (const one of HARD) {
        const bytes = Buffer.from(one);
        for (let end = 2; end <= bytes.length; end += 1) add(bytes.subarray(0, end));
      }
      for (const one of HARD) for (const other of HARD) add(Buffer.from(one + other));
      const list = [...tokens.values()];
      const tiktoken = await createTiktoken({ bpe_ranks: writeRanks(list), special_tokens: {}, pat_str });
      const classes = unpackClasses(await loadAsset(`${encoding}.bin`));
      const engine = createEngine(module, packVocabulary({ tokens: list, classes, contractionsEndWords }));
      for (let number = 0; number < RANDOM_STRINGS / 2; number += 1) {
        let text = '';
        for (let left = random.between(1, 8); left > 0; left -= 1) text += random.pick(HARD);
        const theirs = tiktoken.encode_ordinary(text).length;
        if (engine.count(text) !== theirs) expectSame(engine, () => theirs, [text]);
      }
    },
    LONG_TIMEOUT,
  );
});

/** The classes of a vocabulary file. */
function unpackClasses(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset);
  const blocks = 24 + 0x110000 / 32;
  return Uint8Array.from({ length: 0x110000 }, (_, codePoint) => {
    const block = view.getUint16(24 + (codePoint >> 6) * 2, true);
    return file[blocks + block * 64 + (codePoint & 63)]!;
  });
}

describe('the engine with a made-up vocabulary', () => {
  const BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  /** All is one piece. */
  const classes = new Uint8Array(0x110000).fill(2);

  async function both(tokens: readonly Uint8Array[]): Promise<readonly [Engine, Count]> {
    const tiktoken = await createTiktoken({ bpe_ranks: writeRanks(tokens), special_tokens: {}, pat_str: '[\\s\\S]+' });
    const engine = createEngine(module, packVocabulary({ tokens, classes, contractionsEndWords: false }));
    return [engine, (text) => tiktoken.encode_ordinary(text).length];
  }

  it(
    'merges as tiktoken does, whatever the order of the ranks',
    async () => {
      const random = createRandom(7);
      for (let number = 0; number < (IS_FULL ? 500 : 10); number += 1) {
        const alphabet = random.pick(['ab', 'abc', 'abcdef', 'é你', 'a你好é', 'äöü好😀']);
        const parts = new Set<string>();
        // By bytes, not by characters: tokens may begin and end within one.
        const source = Buffer.from(Array.from({ length: 4000 }, () => random.pick([...alphabet])).join(''));
        while (parts.size < random.between(5, 60)) {
          const at = random.between(0, source.length - 10);
          const token = source.subarray(at, at + random.between(2, 7));
          parts.add(token.toString('latin1'));
          if (parts.size > 30 && random.chance(0.1)) break;
        }
        const [engine, oracle] = await both([...BYTES, ...[...parts].map((part) => Buffer.from(part, 'latin1'))]);
        for (let strings = 0; strings < 60; strings += 1) {
          let text = '';
          for (let left = random.between(1, strings < 50 ? 80 : 1500); left > 0; left -= 1)
            text += random.pick([...alphabet]);
          expectSame(engine, oracle, [text]);
        }
      }
    },
    LONG_TIMEOUT,
  );

  it('merges in larger windows when the end of a text decides how all of it is merged', async () => {
    // The pairs of a chain of characters, the last one first: whether the first two are merged depends on the last one.
    const chain = Array.from({ length: 4001 }, (_, index) => String.fromCharCode(0x4e00 + index));
    const characters = chain.map((character) => Buffer.from(character));
    const halves = new Map(characters.map((it) => [it.subarray(0, 2).toString('latin1'), it.subarray(0, 2)]));
    const pairs = characters.slice(1).map((character, index) => Buffer.concat([characters[index]!, character]));
    const [engine, oracle] = await both([...BYTES, ...halves.values(), ...characters, ...pairs.reverse()]);
    for (const length of [20, 21, 22, 23, 699, 700, 1999, 2000, 4000, 4001]) {
      expectSame(engine, oracle, [chain.slice(0, length).join('')]);
    }
    // The memory of the large windows is not that of the next text.
    const text = chain.join('').repeat(30);
    expect(engine.count(text)).toBe(engine.count(chain.join('')) * 30);
    expectSame(engine, oracle, [chain.slice(0, 101).join('')]);
  });
});
