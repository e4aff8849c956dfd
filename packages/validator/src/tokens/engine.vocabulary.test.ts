import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../bench/text/random.js';
import { findJoinedCharacters } from '../../generate/joined-characters.js';
import { CL100K_PATTERN, O200K_PATTERN, P50K_PATTERN } from '../../generate/patterns.js';
import { writeRanks } from '../../generate/ranks.js';
import { packVocabulary } from '../../generate/vocabulary-file.js';
import { type Count, engineOf, expectSame, HARD, IS_FULL, LONG_TIMEOUT, RANDOM_STRINGS } from './engine.harness.js';
import type { Engine } from './engine.js';
import { loadAsset } from './load-asset.js';
import { createTiktoken } from './tiktoken.js';
import { buildImage, compileEngine } from './vocabulary-memory.js';
import type { WebAssemblyModule } from './webassembly.js';

/* Made-up vocabularies show what the real ones hide: where pieces end, and how merging goes when it is at its worst. */

let module: WebAssemblyModule;
beforeAll(async () => {
  module = await compileEngine(await loadAsset('engine.wasm'));
});

describe.each([
  ['o200k_base', O200K_PATTERN],
  ['cl100k_base', CL100K_PATTERN],
  ['p50k_base', P50K_PATTERN],
] as const)('the pieces of %s', (encoding, pat_str) => {
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
      const file = packVocabulary({ tokens: list, classes, pattern: encoding });
      const engine = engineOf(module, buildImage(module, file));
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

/** Trains a vocabulary as byte-pair encoding does: the commonest two neighbours become a token. */
function trainTokens(source: Buffer, merges: number): readonly Uint8Array[] {
  let parts = [...source.toString('latin1')];
  const tokens = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  for (let left = merges; left > 0; left -= 1) {
    const counts = new Map<string, number>();
    for (const [at, part] of parts.slice(1).entries())
      counts.set(parts[at]! + part, (counts.get(parts[at]! + part) ?? 0) + 1);
    const [token] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
    if (token === '') break;
    tokens.push(token);
    const merged: string[] = [];
    for (let at = 0; at < parts.length; at += 1) {
      const isMerged = at + 1 < parts.length && parts[at]! + parts[at + 1]! === token;
      merged.push(isMerged ? token : parts[at]!);
      if (isMerged) at += 1;
    }
    parts = merged;
  }
  return [...new Set(tokens)].map((token) => Buffer.from(token, 'latin1'));
}

/** The classes in an image, where `assembly/classes.ts` has them. */
function unpackClasses(image: Uint8Array): Uint8Array {
  const view = new DataView(image.buffer, image.byteOffset);
  return Uint8Array.from({ length: 0x110000 }, (_, codePoint) => {
    const block = view.getUint16(0x1000 + (codePoint >> 6) * 2, true);
    return image[0xa000 + block * 64 + (codePoint & 63)]!;
  });
}

describe('the engine with a made-up vocabulary', () => {
  const BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  /** All is one piece. */
  const classes = new Uint8Array(0x110000).fill(2);

  async function both(tokens: readonly Uint8Array[]): Promise<readonly [Engine, Count]> {
    const tiktoken = await createTiktoken({ bpe_ranks: writeRanks(tokens), special_tokens: {}, pat_str: '[\\s\\S]+' });
    const file = packVocabulary({ tokens, classes, pattern: 'cl100k_base' });
    return [engineOf(module, buildImage(module, file)), (text) => tiktoken.encode_ordinary(text).length];
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

  it(
    'cuts pieces only where no token goes across, when all tokens are what their bytes are merged to',
    async () => {
      const random = createRandom(8);
      for (let number = 0; number < (IS_FULL ? 500 : 10); number += 1) {
        const alphabet = [
          ...random.pick(['a你好é', 'äöü好😀', '你好吗中文字', '😀🎉👍🏽👩\u200d', 'नमस्तेा', 'приветa ']),
        ];
        const write = (length: number): string => Array.from({ length }, () => random.pick(alphabet)).join('');
        const tokens = trainTokens(Buffer.from(write(random.between(50, 300))), random.between(5, 60));
        expect(findJoinedCharacters(tokens)).toBeDefined();
        const [engine, oracle] = await both(tokens);
        for (let strings = 0; strings < 60; strings += 1) {
          expectSame(engine, oracle, [write(random.between(1, strings < 50 ? 80 : 1500))]);
        }
      }
    },
    LONG_TIMEOUT,
  );

  it('cuts no piece when a token is not what its bytes are merged to', async () => {
    // Alone, 你好 is one token; within a longer piece its bytes are merged to more.
    const hidden = Buffer.from('你好');
    const tokens = [...BYTES, Buffer.from('😀'), hidden];
    expect(findJoinedCharacters(tokens)).toBeUndefined();
    const [engine, oracle] = await both(tokens);
    expect(oracle('你好')).toBe(1);
    expect(oracle('😀你好😀')).toBeGreaterThan(3);
    expectSame(engine, oracle, ['你好', '😀你好😀', '你好😀你好', 'a你好a你好']);
  });

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
