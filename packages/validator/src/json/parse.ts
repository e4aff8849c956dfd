import type { Finding } from '../rules/index.js';
import { describeType } from '../rules/quote.js';
import { findTooDeep, MAX_DEPTH } from './depth.js';
import type { Span } from './locate.js';
import { parseJson } from './parse-json.js';
import { explainSyntax } from './syntax.js';
import { findSyntaxError } from './verify.js';

/** The one fault that ends a line. */
export interface LineFault {
  readonly finding: Finding;
  readonly span: Span;
}

/** An example, or why the line is none. */
export type ParsedLine =
  | { readonly value: object; readonly fault?: undefined }
  | { readonly value?: undefined; readonly fault: LineFault };

/**
 * Reads one line: a JSON object, or the one fault that ends the line. Never throws, whatever the text.
 *
 * @param isBroken - Whether somebody found out that `JSON.parse` will not take it: to have it throw costs more than to parse.
 */
export function parseLine(text: string, isBroken = false): ParsedLine {
  const deep = findTooDeep(text);
  if (deep !== -1) {
    return failed({ rule: 'json/too-deep', params: { limit: MAX_DEPTH } }, { start: deep, end: deep + 1 });
  }
  if (isBroken) {
    const at = findSyntaxError(text);
    if (at !== -1) return { fault: explainSyntax(text, at) };
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { fault: explainSyntax(text) };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
  const start = text.length - text.trimStart().length;
  return failed(
    { rule: 'json/not-an-object', params: { found: describeType(value) } },
    { start, end: text.trimEnd().length },
  );
}

function failed(finding: Finding, span: Span): ParsedLine {
  return { fault: { finding, span } };
}
