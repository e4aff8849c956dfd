import type { Fingerprint } from './fingerprint.js';

/** Fingerprints that no longer fit into memory, kept until the end. */
export interface FingerprintOverflow {
  /** Takes one, with numbers that go with it. */
  add(fingerprint: Fingerprint, numbers: readonly number[]): void;
  /** The numbers of all that share their fingerprint with another, in the order in which they came; group by group. */
  groups(): Iterable<readonly (readonly number[])[]>;
  /** Frees what they took. */
  close(): void;
}

/** Where fingerprints go that are too many. */
export interface OverflowRoom {
  /** So many different fingerprints a rule keeps in memory. */
  readonly after: number;
  /** @param words - Of a fingerprint. @param numbers - That go with each. */
  open(words: number, numbers: number): FingerprintOverflow;
}
