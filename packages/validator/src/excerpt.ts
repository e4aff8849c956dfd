import type { Excerpt } from './diagnostic.js';
import type { Span } from './json/locate.js';

const CONTEXT = 60;
const MAX_SPAN = 120;
const SPAN_HEAD = 80;
const SPAN_TAIL = 30;

/** The part of a line around a span. Its strings are copies: a slice would keep the whole line in memory. */
export function cutExcerpt(text: string, { start, end }: Span): Excerpt {
  const from = boundary(text, Math.max(0, start - CONTEXT));
  const to = boundary(text, Math.min(text.length, end + CONTEXT));
  const span =
    end - start <= MAX_SPAN
      ? text.slice(start, end)
      : `${text.slice(start, boundary(text, start + SPAN_HEAD))}…${text.slice(boundary(text, end - SPAN_TAIL), end)}`;
  return {
    before: copyText(text.slice(from, start)),
    span: copyText(span),
    after: copyText(text.slice(end, to)),
    isCutBefore: from > 0,
    isCutAfter: to < text.length,
    lineLength: text.length,
  };
}

/** The same offset, or the next one where it would divide a surrogate pair. */
function boundary(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  const isInsidePair = code >= 0xdc00 && code <= 0xdfff && offset > 0;
  return isInsidePair ? offset + 1 : offset;
}

/** JavaScript engines keep the whole string alive for a slice of it; a round trip through JSON makes one of its own. */
export function copyText(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
