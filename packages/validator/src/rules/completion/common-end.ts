import { valueFingerprint } from '../../formats/fingerprint.js';

/** So much of the end of a text is compared: what people write as a separator is a few characters long. */
const MAX_END = 64;
/** So many distinct texts are counted; a dataset with more is no classification. */
const MAX_DISTINCT = 100_000;

/** How many texts there are, how many different ones, and what all of them end with. */
export interface CommonEnd {
  texts: number;
  /** Empty when they end differently. */
  end: string;
  /** Fingerprints of the different ones, at most {@link MAX_DISTINCT}. */
  readonly distinct: Set<number>;
}

/** Of no text. */
export function startCommonEnd(): CommonEnd {
  return { texts: 0, end: '', distinct: new Set() };
}

export function addText(state: CommonEnd, text: string): void {
  if (state.distinct.size < MAX_DISTINCT) state.distinct.add(valueFingerprint(text));
  state.end = state.texts === 0 ? text.slice(-MAX_END) : commonEnd(state.end, text);
  state.texts += 1;
}

export function joinCommonEnds(state: CommonEnd, later: CommonEnd): void {
  if (later.texts === 0) return;
  for (const text of later.distinct) {
    if (state.distinct.size >= MAX_DISTINCT) break;
    state.distinct.add(text);
  }
  state.end = state.texts === 0 ? later.end : commonEnd(state.end, later.end);
  state.texts += later.texts;
}

function commonEnd(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length === 0 ? '' : a.slice(-length);
}
