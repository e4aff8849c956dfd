import type { JsonPath } from '../json/path.js';

/** So many fields of one grader are looked for. */
const MAX_FIELDS = 200;

/** `{{ item.a.b[0]["c"] | filter }}`, as far as the path goes. */
const TEMPLATE =
  /\{\{-?\s*item((?:\s*\.\s*[\p{L}_][\p{L}\p{N}_-]*|\s*\[\s*(?:\d+|"[^"{}]*"|'[^'{}]*')\s*\])+)(\s*\()?/gu;
const STEP = /\.\s*([\p{L}_][\p{L}\p{N}_-]*)|\[\s*(?:(\d+)|"([^"]*)"|'([^']*)')\s*\]/gu;

/**
 * What a grader reads from an example: the paths behind `item` in the templates of all its strings, each once.
 *
 * Source: OpenAI's guide to graders: `{{ item.reference_answer }}` is replaced by the value of that key of the example.
 *
 * @param grader - The grader's JSON, parsed; whatever it is, its strings are read.
 */
export function graderFields(grader: unknown): readonly JsonPath[] {
  const fields = new Map<string, JsonPath>();
  const waiting: unknown[] = [grader];
  while (waiting.length > 0 && fields.size < MAX_FIELDS) {
    const value = waiting.pop();
    if (typeof value === 'string') {
      for (const path of fieldsOf(value)) fields.set(JSON.stringify(path), path);
    } else if (typeof value === 'object' && value !== null) {
      // From the back, so that they are read in their order.
      for (const inner of Object.values(value).reverse()) waiting.push(inner);
    }
  }
  return [...fields.values()];
}

function fieldsOf(text: string): JsonPath[] {
  return [...text.matchAll(TEMPLATE)].flatMap(([, steps = '', isCalled]) => {
    const path = [...steps.matchAll(STEP)].map(([, name, index, double, single]) =>
      index === undefined ? (name ?? double ?? single ?? '') : Number(index),
    );
    // `item.answer.strip()`: the last step is a method of the value.
    if (isCalled !== undefined) path.pop();
    return path.length === 0 ? [] : [path];
  });
}
