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

/** The functions of a rule of the user's own: where one of them throws, or gives what it may not, the error says which rule it was. */
export function guarded(rule: CustomRule): CustomRule {
  const { id } = rule;
  const guard = <Value>(run: () => Value): Value => {
    try {
      return run();
    } catch (error) {
      throw new CustomRuleError(id, error);
    }
  };
  return {
    ...rule,
    check: (example, report, context) =>
      guard(() => {
        const given: unknown = rule.check(example, report, context);
        if (!(given instanceof Promise)) return;
        // It goes on when the line has long been reported. What it throws has no one to catch it.
        given.catch(() => {});
        throw new TypeError('check must not be asynchronous');
      }),
    message: (params) =>
      guard(() => {
        const text: unknown = rule.message(params);
        if (typeof text === 'string') return text;
        throw new TypeError(`message gave ${typeof text}, not a string`);
      }),
    help: (params) => guard(() => rule.help?.(params)),
    fix: (params, source) => guard(() => rule.fix?.(params, source)),
  };
}
