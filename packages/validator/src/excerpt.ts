import type { Excerpt } from './diagnostic.js';
import type { Span } from './json/locate.js';

const CONTEXT = 60;
const MAX_SPAN = 120;
const SPAN_HEAD = 80;
const SPAN_TAIL = 30;

/** The part of a line around a span. Its strings are copies: a slice would keep the whole line in memory. */
export function cutExcerpt(text: string, { start, end }: Span): Excerpt {
  const from = boundaryFrom(text, Math.max(0, start - CONTEXT));
  const to = boundaryUpTo(text, Math.min(text.length, end + CONTEXT));
  const span =
    end - start <= MAX_SPAN
      ? text.slice(start, end)
      : `${text.slice(start, boundaryUpTo(text, start + SPAN_HEAD))}…${text.slice(boundaryFrom(text, end - SPAN_TAIL), end)}`;
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
function boundaryFrom(text: string, offset: number): number {
  return dividesPair(text, offset) ? offset + 1 : offset;
}

/** The same offset, or the one before where it would divide a surrogate pair. */
function boundaryUpTo(text: string, offset: number): number {
  return dividesPair(text, offset) ? offset - 1 : offset;
}

function dividesPair(text: string, offset: number): boolean {
  return offset > 0 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
}

/** JavaScript engines keep the whole string alive for a slice of it; a round trip through JSON makes one of its own. */
export function copyText(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
