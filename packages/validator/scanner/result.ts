/*
 * What a scan leaves for the host, which knows the layout (src/json/line-scanner.ts): 32-bit words, little-endian, and
 * behind them the texts of the messages.
 */

/** `flags`, `traits`, `pairs` and the number of texts. */
const HEAD_SIZE: i32 = 16;
export const HASH_SIZE: i32 = 16;

const RESULT_SIZE: i32 = HEAD_SIZE + 8 * HASH_SIZE + 4;
export const result: usize = memory.data(RESULT_SIZE, 16);

export const EXAMPLE_HASH: usize = result + HEAD_SIZE;
/** A prompt and an answer, in this order, for each format that has the two. */
export const CHAT_PAIR: usize = EXAMPLE_HASH + HASH_SIZE;
export const PREFERENCE_PAIR: usize = CHAT_PAIR + 2 * HASH_SIZE;
export const COMPLETION_PAIR: usize = PREFERENCE_PAIR + 2 * HASH_SIZE;

/** Of the list of tools that the example declares. */
export const TOOLS_HASH: usize = COMPLETION_PAIR + 2 * HASH_SIZE;
const CALL_COUNT: usize = TOOLS_HASH + HASH_SIZE;

/** Which pairs there are: bits. */
export const HAS_CHAT_PAIR: u32 = 1;
export const HAS_PREFERENCE_PAIR: u32 = 2;
export const HAS_COMPLETION_PAIR: u32 = 4;

/** Beside a role: the message has weight 0; it has a name. */
export const UNTRAINED: u32 = 16;
export const NAMED: u32 = 32;

/** The role, the address and the length of the text of each message, up to so many messages. */
export const MAX_TEXTS: i32 = 256;
const TEXT_SIZE: i32 = 12;
export const texts: usize = memory.data(MAX_TEXTS * TEXT_SIZE, 16);

export function writeText(index: u32, role: u32, at: usize, length: usize): void {
  if (index >= <u32>MAX_TEXTS) return;
  const entry = texts + <usize>index * <usize>TEXT_SIZE;
  store<u32>(entry, role);
  store<u32>(entry, at, 4);
  store<u32>(entry, length, 8);
}

/** The address and the length of the id, the name and the arguments of each call, up to so many calls. */
export const MAX_CALLS: i32 = 64;
const CALL_SIZE: i32 = 24;
export const calls: usize = memory.data(MAX_CALLS * CALL_SIZE, 16);

export const ID: usize = 0;
export const FUNCTION_NAME: usize = 8;
export const ARGUMENTS: usize = 16;

/** @param what - {@link ID}, {@link FUNCTION_NAME} or {@link ARGUMENTS}. */
export function writeCallText(index: u32, what: usize, at: usize, length: usize): void {
  if (index >= <u32>MAX_CALLS) return;
  const entry = calls + <usize>index * <usize>CALL_SIZE + what;
  store<u32>(entry, at);
  store<u32>(entry, length, 4);
}

export function writeHead(flags: u32, traits: u32, pairs: u32, textCount: u32, callCount: u32): void {
  store<u32>(result, flags);
  store<u32>(result, traits, 4);
  store<u32>(result, pairs, 8);
  store<u32>(result, textCount, 12);
  store<u32>(CALL_COUNT, callCount);
}

@inline
export function keep(slot: usize, k1: u64, k2: u64): void {
  store<u64>(slot, k1);
  store<u64>(slot, k2, 8);
}

@inline
export function copyHash(slot: usize, from: usize): void {
  keep(slot, load<u64>(from), load<u64>(from, 8));
}
