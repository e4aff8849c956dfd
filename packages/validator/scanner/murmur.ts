/*
 * MurmurHash3 with 128 bits, by Austin Appleby (public domain; `MurmurHash3_x64_128` has the constants). All of the input
 * goes into both halves, so that the first 64 bits alone are a hash as good as any of that size.
 */

const C1: u64 = 0x87c37b91114253d5;
const C2: u64 = 0x4cf5ad432745937f;

/** The hash that was made last: two numbers cannot be returned. */
export let h1: u64 = 0;
export let h2: u64 = 0;

/** Of what the last value was: its kind goes into its hash as the seed, so that `"1"` and `1` differ. */
export function hashBytes(from: usize, length: usize, seed: u64): void {
  let a = seed;
  let b = seed;
  const end = from + (length & ~15);
  for (; from < end; from += 16) {
    a = (rotl(a ^ (rotl(load<u64>(from) * C1, 31) * C2), 27) + b) * 5 + 0x52dce729;
    b = (rotl(b ^ (rotl(load<u64>(from, 8) * C2, 33) * C1), 31) + a) * 5 + 0x38495ab5;
  }
  const rest = length & 15;
  if (rest > 8) b ^= rotl((load<u64>(from, 8) & mask(rest - 8)) * C2, 33) * C1;
  if (rest > 0) a ^= rotl((load<u64>(from) & mask(min(rest, 8))) * C1, 31) * C2;
  end128(a, b, length);
}

/** The lowest so many bytes; 1 to 8. */
@inline
function mask(bytes: usize): u64 {
  return u64.MAX_VALUE >> (64 - (bytes << 3));
}

/** Where a hash of hashes is made: one at a time, between {@link begin} and {@link finish}. */
let a: u64 = 0;
let b: u64 = 0;

@inline
export function begin(seed: u64): void {
  a = seed;
  b = seed;
}

/** Goes on where {@link stateA} and {@link stateB} were noted. */
@inline
export function resume(savedA: u64, savedB: u64): void {
  a = savedA;
  b = savedB;
}

@inline
export function stateA(): u64 {
  return a;
}

@inline
export function stateB(): u64 {
  return b;
}

@inline
export function absorb(k1: u64, k2: u64): void {
  a = (rotl(a ^ (rotl(k1 * C1, 31) * C2), 27) + b) * 5 + 0x52dce729;
  b = (rotl(b ^ (rotl(k2 * C2, 33) * C1), 31) + a) * 5 + 0x38495ab5;
}

/** @param count - How much was absorbed. */
@inline
export function finish(count: u64): void {
  end128(a, b, count);
}

@inline
function end128(a: u64, b: u64, length: u64): void {
  a ^= length;
  b ^= length;
  a += b;
  b += a;
  a = spread(a);
  b = spread(b);
  h1 = a + b;
  h2 = b + h1;
}

@inline
function spread(k: u64): u64 {
  k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
  k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
  return k ^ (k >> 33);
}
