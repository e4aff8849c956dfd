import { beforeAll, describe, expect, it } from 'vitest';
import { exampleLines } from '../../../../bench/text/examples.js';
import { createRandom, type Random } from '../../../../bench/text/random.js';
import { parseRanks, writeRanks } from '../../generate/ranks.js';
import {
  CONTRACTIONS,
  type Count,
  engineOf,
  expectSame,
  HARD,
  IS_FULL,
  LONG_TIMEOUT,
  RANDOM_STRINGS,
  WHITE_SPACE,
} from './engine.harness.js';
import { createEngine, type Engine } from './engine.js';
import { loadAsset } from './load-asset.js';
import { createTiktoken, loadTiktokenRanks } from './tiktoken.js';
import { compileEngine, createVocabularyMemory, loadImage } from './vocabulary-memory.js';
import type { WebAssemblyModule } from './webassembly.js';

/** The planes with most of what is assigned; and where thousands in a row are alike, one of 16 is enough. */
const isTried = (codePoint: number): boolean =>
  IS_FULL ||
  (codePoint < 0x20000 &&
    (codePoint % 16 === 0 ||
      !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Tangut}\p{Co}\p{Cn}]/u.test(String.fromCodePoint(codePoint))));

let module: WebAssemblyModule;
beforeAll(async () => {
  module = await compileEngine(await loadAsset('engine.wasm'));
});

describe.each(['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const)('the engine with %s', (encoding) => {
  let engine: Engine;
  let oracle: Count;
  let random: Random;
  beforeAll(async () => {
    engine = engineOf(module, await loadAsset(`${encoding}.bin`));
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
    'counts tokens beyond ASCII one after another as tiktoken does: some of them are merged across, most are not',
    async () => {
      const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      const tokens = parseRanks((await loadTiktokenRanks(encoding)).bpe_ranks).flatMap((token) => {
        if (token === undefined || token.every((byte) => byte < 0x80)) return [];
        try {
          return [utf8.decode(token)];
        } catch {
          return [];
        }
      });
      for (let number = 0; number < RANDOM_STRINGS / 10; number += 1) {
        // Neighbours by rank are often of one script.
        const near = random.between(0, tokens.length - 1);
        let text = '';
        for (let left = random.between(2, 15); left > 0; left -= 1)
          text += random.chance(0.5)
            ? random.pick(tokens)
            : tokens[Math.min(near + random.between(0, 300), tokens.length - 1)]!;
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

  it('stays small after a text of many megabytes', async () => {
    const memory = createVocabularyMemory(module, loadImage(await loadAsset(`${encoding}.bin`)));
    const small = createEngine(memory.take());
    const tokens = small.count('a'.repeat(1_200_000));
    expect(small.count('a'.repeat(12_000_000))).toBe(10 * tokens);
    expect(memory.bytes).toBeLessThan(40_000_000);
    expectSame(small, oracle, ['and then goes on counting']);
  });
});

it('reads the classes of Unicode 16.0, as tiktoken does', async () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  const letters = await createTiktoken({ bpe_ranks: writeRanks(bytes), special_tokens: {}, pat_str: '\\p{L}' });
  // U+1C89 came with Unicode 16.0, U+A7CE with 17.0. A token for each byte: what is matched is what is returned.
  expect(new TextDecoder().decode(Uint8Array.from(letters.encode_ordinary('\u1c89\ua7ce')))).toBe('\u1c89');
});
