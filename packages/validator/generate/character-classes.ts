import { createTiktoken } from '../src/tokens/tiktoken.js';
import { writeRanks } from './ranks.js';

/** The bits of `assembly/classes.ts`. */
const UPPER = 1;
const LOWER = 2;
const SHARED = 4;
const NUMBER = 8;
const SPACE = 16;
const NEWLINE = 32;
const OTHER = 64;

const CODE_POINTS = 0x110000;
const BLOCK = 64;
/** What the engine has room for. */
const MAX_BLOCKS = 512;

/** What each code point is to a pattern. */
export type CharacterClasses = Uint8Array;

/** The classes that the two patterns tell apart, as `o200k_base` and `cl100k_base` need them. */
export interface ClassesByPattern {
  readonly o200k: CharacterClasses;
  readonly cl100k: CharacterClasses;
}

/**
 * Asks the regular expressions inside tiktoken what each code point is to them: so the version of Unicode is theirs by
 * construction (16.0 in tiktoken 1.0.22), and not the one of this Node.
 */
export async function askCharacterClasses(): Promise<ClassesByPattern> {
  const o200k = new Uint8Array(CODE_POINTS).fill(OTHER);
  const cl100k = new Uint8Array(CODE_POINTS).fill(OTHER);
  const everything = allCharacters();
  const answers: readonly (readonly [pattern: string, ofO200k: number, ofCl100k: number])[] = [
    ['[\\p{Lu}\\p{Lt}]', UPPER, LOWER],
    ['\\p{Ll}', LOWER, LOWER],
    ['[\\p{Lm}\\p{Lo}]', SHARED, LOWER],
    ['\\p{M}', SHARED | OTHER, OTHER],
    ['\\p{N}', NUMBER, NUMBER],
    ['\\s', SPACE, SPACE],
    ['[\\r\\n]', NEWLINE, NEWLINE],
  ];
  for (const [pattern, ofO200k, ofCl100k] of answers) {
    for (const character of await matchesOf(pattern, everything)) {
      const codePoint = character.codePointAt(0)!;
      o200k[codePoint] = ofO200k;
      cl100k[codePoint] = ofCl100k;
    }
  }
  return { o200k, cl100k };
}

/** What is matched by the pattern, in one string: with a token for each byte and no other, tokens are matched bytes. */
async function matchesOf(pat_str: string, text: string): Promise<string> {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  const tiktoken = await createTiktoken({ bpe_ranks: writeRanks(bytes), special_tokens: {}, pat_str });
  const matched = new TextDecoder().decode(Uint8Array.from(tiktoken.encode_ordinary(text)));
  tiktoken.free();
  return matched;
}

function allCharacters(): string {
  let text = '';
  for (let codePoint = 0; codePoint < CODE_POINTS; codePoint += 1) {
    if (codePoint < 0xd800 || codePoint > 0xdfff) text += String.fromCodePoint(codePoint);
  }
  return text;
}

/**
 * Each different block of 64 code points once: a block number for each 64 code points, then the blocks.
 *
 * @throws {Error} When there are more blocks than the engine has room for.
 */
export function packClasses(classes: CharacterClasses): { readonly numbers: Uint16Array; readonly blocks: Uint8Array } {
  const numbers = new Uint16Array(CODE_POINTS / BLOCK);
  const known = new Map<string, number>();
  const blocks: number[] = [];
  for (let number = 0; number < numbers.length; number += 1) {
    const block = classes.subarray(number * BLOCK, (number + 1) * BLOCK);
    const key = block.join();
    let at = known.get(key);
    if (at === undefined) {
      at = known.size;
      known.set(key, at);
      blocks.push(...block);
    }
    numbers[number] = at;
  }
  if (known.size > MAX_BLOCKS) {
    throw new Error(`the character classes have ${known.size} different blocks; ${MAX_BLOCKS} fit`);
  }
  return { numbers, blocks: Uint8Array.from(blocks) };
}
