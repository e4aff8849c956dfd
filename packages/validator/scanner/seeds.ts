/*
 * What a hash is of goes into it as the seed, so that values of different kinds differ: `"1"` and `1`, `[]` and `{}`, a
 * list and the text that has the hashes of its items as bytes.
 */

export const TEXT_SEED: u64 = 1;
export const KEY_SEED: u64 = 2;
export const NUMBER_SEED: u64 = 3;
export const LIST_SEED: u64 = 4;
export const OBJECT_SEED: u64 = 5;
export const PAIR_SEED: u64 = 6;
export const LITERAL_SEED: u64 = 7;

/** What stands for each literal in its hash. */
export const TRUE: u64 = 1;
export const FALSE: u64 = 2;
export const NULL_WORD: u64 = 3;
