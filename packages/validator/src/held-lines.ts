import { type Continuation, createContinuation } from './json/continuation.js';
import { type LineFault, parseLine } from './json/parse.js';
import type { LineText } from './reporter.js';

/** What waits until it is known whether some lines belong together. */
interface HeldReport {
  /** The line that it is about, when it is one of these and so about the same mistake. */
  readonly part: LineText | undefined;
  report(): void;
}

/** A value that is not finished on its line, and the lines that may belong to it. */
export interface HeldLines {
  /** Whether there is such a value. */
  readonly isHolding: boolean;
  /** Begins with a line that ends before its value does. */
  begin(line: LineText, fault: LineFault): void;
  /** Takes the next line. @returns Whether it is part of the value; if not, what was held has been reported. */
  take(line: LineText): boolean;
  /** Holds back what is reported about something between the lines. */
  between(report: () => void): void;
  /** Reports the lines as faults of their own: they did not belong together. */
  end(): void;
}

/** @param report - Reports the fault of a line. */
export function createHeldLines(report: (line: LineText, fault: LineFault) => void): HeldLines {
  let held: { continuation: Continuation; line: LineText; fault: LineFault; later: HeldReport[] } | undefined;

  const end = () => {
    if (held === undefined) return;
    const { line, fault, later } = held;
    held = undefined;
    report(line, fault);
    for (const waiting of later) waiting.report();
  };

  /** The lines together are one value: the first says so. */
  const close = (last: LineText) => {
    const { line, fault, continuation, later } = held!;
    held = undefined;
    const { breaksString, lines } = continuation;
    const reason = breaksString ? 'raw-line-break' : 'truncated';
    report(line, { span: fault.span, finding: { rule: 'json/syntax', params: { reason, lines } } });
    // A line break in a text leaves lines that the server reads as examples; over a value that was laid out for people
    // it is one mistake.
    const parts = breaksString ? [...later, { part: last, report: () => {} }] : later;
    for (const waiting of parts) {
      if (waiting.part === undefined) waiting.report();
      else if (breaksString) report(waiting.part, restOfString(waiting.part, line.number));
    }
  };

  return {
    get isHolding() {
      return held !== undefined;
    },
    begin(line, fault) {
      held = { continuation: createContinuation(line.text), line, fault, later: [] };
    },
    take(line) {
      if (held === undefined) return false;
      switch (held.continuation.next(line.text)) {
        case 'broken':
          end();
          return false;
        case 'open': {
          const { fault } = parseLine(line.text);
          if (fault !== undefined) held.later.push({ part: line, report: () => report(line, fault) });
          return true;
        }
        case 'closed':
          close(line);
          return true;
      }
    },
    between(report) {
      held?.later.push({ part: undefined, report });
    },
    end,
  };
}

/** The fault of a line that is the rest of a string. */
function restOfString({ text }: LineText, startedIn: number): LineFault {
  const finding = { rule: 'json/syntax', params: { reason: 'raw-line-break', startedIn } } as const;
  return { finding, span: { start: 0, end: text.length } };
}
