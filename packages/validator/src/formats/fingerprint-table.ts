import type { Fingerprint } from './fingerprint.js';

/** What is remembered of each different fingerprint, in typed arrays: many millions of them must fit into memory. */
export interface FingerprintTable {
  /**
   * Looks a fingerprint up.
   *
   * @returns The place of what is remembered of it, for `get`; -1 when there is nothing. Valid until the next `add`.
   */
  find(fingerprint: Fingerprint): number;
  /** Remembers one or two numbers, 32 bits each, of a fingerprint that was not found. The first of them must not be 0. */
  add(fingerprint: Fingerprint, first: number, second?: number): void;
  /** One of the numbers. @param index - Which of them, from 0. */
  get(place: number, index: number): number;
  readonly size: number;
  /** Of memory. */
  readonly bytes: number;
}

const FIRST_CAPACITY = 1024;
/** Fuller than this, and looking up takes too many steps; emptier, and memory is wasted. */
const MAX_LOAD = 0.85;
/** Grows by half: what is copied while it grows stays a small part of the whole. */
const GROWTH = 1.5;

/**
 * A hash table with open addressing and linear probing. The fingerprints are hashes already.
 *
 * @param words - 32-bit words of a fingerprint. @param values - Numbers that are remembered of each.
 */
export function createFingerprintTable(words: number, values: 1 | 2): FingerprintTable {
  const stride = words + values;
  let capacity = FIRST_CAPACITY;
  let table = new Uint32Array(capacity * stride);
  let size = 0;

  /** The slot of the fingerprint, or the free one where it belongs. */
  const slotOf = (key: Uint32Array, at: number): number => {
    // The highest bits choose the place, so that a larger table keeps the order of a smaller one.
    let slot = Math.floor((key[at]! / 2 ** 32) * capacity);
    for (;;) {
      const from = slot * stride;
      if (table[from + words] === 0) return from;
      let word = 0;
      while (word < words && table[from + word] === key[at + word]) word += 1;
      if (word === words) return from;
      slot += 1;
      if (slot === capacity) slot = 0;
    }
  };

  const grow = () => {
    const old = table;
    capacity = Math.ceil(capacity * GROWTH);
    table = new Uint32Array(capacity * stride);
    for (let from = 0; from < old.length; from += stride) {
      if (old[from + words] === 0) continue;
      const slot = slotOf(old, from);
      for (let index = 0; index < stride; index += 1) table[slot + index] = old[from + index]!;
    }
  };

  return {
    find({ words: key, at }) {
      const slot = slotOf(key, at);
      return table[slot + words] === 0 ? -1 : slot;
    },
    add({ words: key, at }, first, second = 0) {
      if (size >= capacity * MAX_LOAD) grow();
      const slot = slotOf(key, at);
      for (let word = 0; word < words; word += 1) table[slot + word] = key[at + word]!;
      table[slot + words] = first;
      if (values === 2) table[slot + words + 1] = second;
      size += 1;
    },
    get: (place, index) => table[place + words + index]!,
    get size() {
      return size;
    },
    get bytes() {
      return table.byteLength;
    },
  };
}
