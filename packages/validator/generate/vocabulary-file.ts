import { type CharacterClasses, packClasses } from './character-classes.js';
import { findJoinedCharacters } from './joined-characters.js';
import { findSolidCharacters } from './solid-characters.js';

/** The first four bytes of a vocabulary file. */
const MAGIC = 'TGV3';
const MAX_TOKEN_BYTES = 255;
/** The engine keeps ranks in 20 bits, and its tables where 8 MB are before its region. */
const MAX_TOKENS = 400_000;

/** As `assembly/split.ts` knows them. p50k_base's is that of r50k_base too. */
const PATTERN_NUMBERS = { cl100k_base: 0, o200k_base: 1, p50k_base: 2 } as const;

/** What a vocabulary file is made of. */
export interface Vocabulary {
  readonly tokens: readonly (Uint8Array | undefined)[];
  readonly classes: CharacterClasses;
  /** The pattern that texts are split by, see `assembly/split.ts`. */
  readonly pattern: keyof typeof PATTERN_NUMBERS;
}

/**
 * The bytes of a vocabulary file, from which the engine builds its tables, all numbers little-endian:
 *
 * | bytes          | what                                                                   |
 * | -------------- | ---------------------------------------------------------------------- |
 * | 4              | `TGV3`                                                                 |
 * | 4              | number of ranks                                                        |
 * | 4              | number of blocks of character classes                                  |
 * | 4              | number of the pattern                                                  |
 * | 4              | number of solid characters                                             |
 * | 4              | number of open borders                                                 |
 * | 4              | number of joined characters                                            |
 * | 4              | 1 if pieces may be cut at the other borders, otherwise 0               |
 * | 34,816         | for each 64 code points the number of their block, in two bytes        |
 * | 64 a block     | the class of each code point                                           |
 * | 4 each         | the code points of the solid characters                                |
 * | 2 each         | the open borders, the byte behind it in the high byte                  |
 * | 8 each         | two characters that are joined, filled with zeros                      |
 * | 1 a rank       | how many bytes the token has; 0 when there is none of that rank        |
 * | the rest       | the tokens in the order of their ranks                                 |
 */
export function packVocabulary({ tokens, classes, pattern }: Vocabulary): Uint8Array {
  if (tokens.length > MAX_TOKENS) throw new Error(`a vocabulary has ${tokens.length} ranks; ${MAX_TOKENS} fit`);
  const { numbers, blocks } = packClasses(classes);
  const { codePoints, openBorders } = findSolidCharacters(tokens);
  const joined = findJoinedCharacters(tokens);
  const head = Buffer.alloc(32);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(tokens.length, 4);
  head.writeUInt32LE(blocks.length / 64, 8);
  head.writeUInt32LE(PATTERN_NUMBERS[pattern], 12);
  head.writeUInt32LE(codePoints.length, 16);
  head.writeUInt32LE(openBorders.length, 20);
  head.writeUInt32LE(joined?.length ?? 0, 24);
  head.writeUInt32LE(joined === undefined ? 0 : 1, 28);
  const lengths = Uint8Array.from({ length: tokens.length }, (_, rank) => tokens[rank]?.length ?? 0);
  const present = tokens.filter((token) => token !== undefined);
  const longest = present.reduce((most, token) => Math.max(most, token.length), 0);
  if (longest > MAX_TOKEN_BYTES) throw new Error(`a token has ${longest} bytes; ${MAX_TOKEN_BYTES} fit`);
  const solid = [Uint32Array.from(codePoints), Uint16Array.from(openBorders)].map((it) => Buffer.from(it.buffer));
  return Buffer.concat([
    head,
    new Uint8Array(numbers.buffer),
    blocks,
    ...solid,
    ...(joined ?? []),
    lengths,
    ...present,
  ]);
}
