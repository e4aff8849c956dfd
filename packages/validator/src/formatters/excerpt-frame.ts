import type { Excerpt } from '../diagnostic.js';
import { type Cell, fitEnd, fitStart, textOf, toCells, widthOf } from './terminal-text.js';

/** The line of the dataset around a finding, and the marks that belong under it. */
export interface ExcerptFrame {
  readonly text: string;
  /** Spaces and carets, aligned with `text`. */
  readonly marks: string;
  /** Whether the line has more than `text` shows. */
  readonly isCut: boolean;
}

const SIDE_COLUMNS = 30;
const SPAN_COLUMNS = 60;
const ELLIPSIS: Cell = { text: '…', width: 1 };

/** Lays out an excerpt: about 30 columns on each side, the span shortened from its inside to 60. */
export function excerptFrame(excerpt: Excerpt): ExcerptFrame {
  const before = toCells(excerpt.before);
  const span = toCells(excerpt.span);
  const after = toCells(excerpt.after);
  const left = fitEnd(before, SIDE_COLUMNS);
  const right = fitStart(after, SIDE_COLUMNS);
  const middle = widthOf(span) <= SPAN_COLUMNS ? span : withoutMiddle(span);
  const isCutLeft = excerpt.isCutBefore || left.length < before.length;
  const isCutRight = excerpt.isCutAfter || right.length < after.length;
  const indent = widthOf(left) + (isCutLeft ? 1 : 0);
  return {
    text: textOf([...(isCutLeft ? [ELLIPSIS] : []), ...left, ...middle, ...right, ...(isCutRight ? [ELLIPSIS] : [])]),
    // An empty span (a missing value, the end of the line) still has a place.
    marks: ' '.repeat(indent) + '^'.repeat(Math.max(1, widthOf(middle))),
    isCut: isCutLeft || isCutRight || middle !== span,
  };
}

function withoutMiddle(span: readonly Cell[]): readonly Cell[] {
  const tail = Math.floor(SPAN_COLUMNS / 3);
  return [...fitStart(span, SPAN_COLUMNS - tail - 1), ELLIPSIS, ...fitEnd(span, tail)];
}
