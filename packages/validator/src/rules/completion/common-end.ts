import { valueFingerprint } from '../../formats/fingerprint.js';

/** So much of the end of a text is compared: whether texts have an end in common shows in the last UTF-16 code unit. */
const MAX_END = 1;
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

/** As JSON. */
export function packCommonEnd({ texts, end, distinct }: CommonEnd): unknown {
  return { texts, end, distinct: [...distinct] };
}

/** @param packed - What {@link packCommonEnd} made. */
export function unpackCommonEnd(packed: unknown): CommonEnd {
  const { texts, end, distinct } = packed as { texts: number; end: string; distinct: number[] };
  return { texts, end, distinct: new Set(distinct) };
}

function commonEnd(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length === 0 ? '' : a.slice(-length);
}
