import type { Fix, Severity } from '../diagnostic.js';
import { CustomRuleError } from '../errors.js';
import type { FormatName } from '../formats/index.js';
import type { ReportFinding, RuleContext } from './rule.js';

/** The id of a rule that is not of the catalogue. */
export type CustomRuleId = `custom/${string}`;

/** A rule of the user's own: looks at one example whose shape is known; a part that is faulty is absent. */
export interface CustomRule<Params = unknown, Example extends object = object> {
  /** `custom/what-is-wrong`. */
  readonly id: CustomRuleId;
  readonly severity: Severity;
  /** One sentence for reports. */
  readonly description: string;
  /** @default all */
  readonly formats?: readonly FormatName[];
  /** What is wrong. Never the text of an example: reports are less private than datasets. */
  message(params: Params): string;
  /** What to do. */
  help?(params: Params): string | undefined;
  /** What to write instead of the span that is reported. */
  fix?(params: Params, source: string): { readonly safety: Fix['safety']; readonly text: string } | undefined;
  check(example: Example, report: ReportFinding<Params>, context: RuleContext): void;
}

/**
 * Types a rule of your own: `params` comes from the parameter of `message`, the example from that of `check`.
 *
 * @example
 * const noSlang = defineRule({
 *   id: 'custom/no-slang',
 *   severity: 'warning',
 *   description: 'The assistant uses slang.',
 *   formats: ['chat'],
 *   message: ({ word }: { word: string }) => `the assistant says "${word}"`,
 *   check({ messages = [] }: ChatExample, report) {
 *     for (const [index, { role, content }] of messages.entries()) {
 *       if (role === 'assistant' && content === 'gonna') report(['messages', index, 'content'], { word: 'gonna' });
 *     }
 *   },
 * });
 */
export function defineRule<Params, Example extends object>(rule: CustomRule<Params, Example>): CustomRule {
  // What the rule reports is given back to it alone, so its own types are nobody else's matter.
  return rule as unknown as CustomRule;
}

/** The rule, whatever of it fails naming it. */
export function guardedRule(rule: CustomRule): CustomRule {
  const { id, message, help, fix, check } = rule;
  const guarded = <Args extends unknown[], Out>(call: (...args: Args) => Out) => {
    return (...args: Args): Out => {
      try {
        return call.apply(rule, args);
      } catch (error) {
        throw new CustomRuleError(id, error);
      }
    };
  };
  return {
    ...rule,
    message: guarded((params) => {
      const words: unknown = message.call(rule, params);
      if (typeof words === 'string') return words;
      throw new TypeError('its message is no text');
    }),
    ...(help === undefined ? {} : { help: guarded(help) }),
    ...(fix === undefined ? {} : { fix: guarded(fix) }),
    check: guarded((example, report, context) => {
      const outcome: unknown = check.call(rule, example, report, context);
      if (!(outcome instanceof Promise)) return;
      // Nobody waits for it, so its failure would end the process.
      outcome.catch(() => {});
      throw new TypeError('its check is asynchronous; a rule answers at once');
    }),
  };
}
