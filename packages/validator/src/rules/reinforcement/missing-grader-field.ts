import { type JsonPath, stepInto } from '../../json/path.js';
import { quote, shorten } from '../quote.js';
import { exampleRule } from '../rule.js';
import { suggest } from '../suggest.js';

export const reinforcementMissingGraderField = exampleRule({
  id: 'reinforcement/missing-grader-field',
  severity: 'error',
  stage: 'example',
  formats: ['reinforcement'],
  description: 'An example lacks a field that the grader reads.',
  message: ({ field }: { field: string; key: string; suggestion?: string }) =>
    `the grader reads ${quote(field)}, which this example does not have: it cannot be graded`,
  help: ({ key, suggestion }) =>
    suggestion === undefined ? `add ${quote(key)} to the example` : `did you mean "${suggestion}"?`,
  check(example: object, report, { graderFields, isFaulty }) {
    for (const field of graderFields) {
      const depth = missingAt(example, field);
      if (depth === undefined || isFaulty(field.slice(0, depth + 1))) continue;
      const path = field.slice(0, depth);
      const parent = path.reduce<unknown>(stepInto, example);
      const key = String(field[depth]);
      const suggestion =
        typeof parent === 'object' && parent !== null && !Array.isArray(parent)
          ? suggest(key, Object.keys(parent).slice(0, 50))
          : undefined;
      report(path, {
        field: shorten(`item.${field.join('.')}`),
        key: shorten(key),
        ...(suggestion === undefined ? {} : { suggestion: shorten(suggestion) }),
      });
    }
  },
});

/** Which step of a field leads nowhere; `undefined` when all lead somewhere. */
function missingAt(example: object, field: JsonPath): number | undefined {
  let value: unknown = example;
  for (const [depth, step] of field.entries()) {
    value = stepInto(value, step);
    if (value === undefined) return depth;
  }
  return undefined;
}
