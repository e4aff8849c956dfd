import { valueFingerprint } from '../../formats/fingerprint.js';

/** So much of the end of a text is compared: what people write as a separator is a few characters long. */
const MAX_END = 64;
/** So many distinct texts are counted; a dataset with more is no classification. */
const MAX_DISTINCT = 100_000;

/** How many texts there are, and what all of them end with. */
export interface CommonEnd {
  add(text: string): void;
  readonly texts: number;
  /** Empty when they end differently. */
  readonly end: string;
  /** How many different ones there are, at most {@link MAX_DISTINCT}. */
  readonly distinct: number;
}

/** Looks for what many texts end with, in bounded memory. */
export function createCommonEnd(): CommonEnd {
  const seen = new Set<number>();
  let texts = 0;
  let end = '';
  return {
    add(text) {
      if (seen.size < MAX_DISTINCT) seen.add(valueFingerprint(text));
      end = texts === 0 ? text.slice(-MAX_END) : commonEnd(end, text);
      texts += 1;
    },
    get texts() {
      return texts;
    },
    get end() {
      return end;
    },
    get distinct() {
      return seen.size;
    },
  };
}

function commonEnd(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length === 0 ? '' : a.slice(-length);
}
