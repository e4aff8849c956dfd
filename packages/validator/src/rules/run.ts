import type { FormatName } from '../formats/index.js';
import { type Finding, type RuleId, rules } from './index.js';
import type { DatasetContext, JsonPath, RuleContext, TokensContext } from './rule.js';

/** A finding of a rule's check, by its place in the example. */
export interface RuleFinding {
  readonly finding: Finding;
  readonly path: JsonPath;
  readonly at: 'key' | 'value';
}

/** The checks that are to be run on every example of one format. */
export interface RuleRun {
  example(example: object, context: RuleContext, found: (finding: RuleFinding) => void): void;
  tokens(context: TokensContext, found: (finding: RuleFinding) => void): void;
  dataset(context: DatasetContext, found: (finding: Finding) => void): void;
}

type Check = (
  example: object,
  report: (path: JsonPath, params: unknown, at?: 'key' | 'value') => void,
  context: RuleContext,
) => void;

/** Chooses, once, the rules that have something to say. Knows none of them. */
export function prepareRules(isOn: (id: RuleId) => boolean): (format: FormatName) => RuleRun {
  const wanted = rules.filter(({ id }) => isOn(id));
  const tokensRules = wanted.filter((rule) => rule.stage === 'tokens');
  const datasetRules = wanted.filter((rule) => rule.stage === 'dataset');
  // A rule is only ever given the params type that it declares itself; that link is lost in a list of all rules.
  const finding = (rule: RuleId, params: unknown) => ({ rule, params }) as unknown as Finding;

  return (format) => {
    const checks = wanted
      .filter((rule) => rule.stage === 'example')
      .filter((rule) => (rule.formats as readonly FormatName[]).includes(format))
      .map((rule) => ({ id: rule.id, check: rule.check as unknown as Check }));
    return {
      example(example, context, found) {
        for (const { id, check } of checks) {
          check(example, (path, params, at = 'value') => found({ finding: finding(id, params), path, at }), context);
        }
      },
      tokens(context, found) {
        for (const rule of tokensRules) {
          rule.check((path, params, at = 'value') => found({ finding: finding(rule.id, params), path, at }), context);
        }
      },
      dataset(context, found) {
        for (const rule of datasetRules) rule.check((params) => found(finding(rule.id, params)), context);
      },
    };
  };
}
