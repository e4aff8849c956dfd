import { CustomRuleError } from '../errors.js';
import { type Conversation, type ConversationKind, conversationsOf, type FormatName } from '../formats/index.js';
import type { CustomRule } from './custom.js';
import { type AnyRuleId, type Finding, rules } from './index.js';
import type {
  DatasetContext,
  DatasetEnd,
  DatasetExample,
  DatasetObserver,
  JsonPath,
  LinePlace,
  RuleContext,
  TokensContext,
} from './rule.js';

/** A finding of a rule's check, by its place in the example. */
export interface RuleFinding {
  readonly finding: Finding;
  readonly path: JsonPath;
  readonly at: 'key' | 'value';
}

/** The rules that look at all examples, at work. */
export interface DatasetRun {
  example(seen: DatasetExample, found: (finding: RuleFinding) => void): void;
  end(end: DatasetEnd, found: (finding: Finding, place?: LinePlace) => void): void;
}

/** The checks that are to be run on every example of one format. */
export interface RuleRun {
  example(example: object, context: RuleContext, found: (finding: RuleFinding) => void): void;
  tokens(context: TokensContext, found: (finding: RuleFinding) => void): void;
  /** Begins with one dataset. */
  dataset(context: DatasetContext): DatasetRun;
}

type Report = (path: JsonPath, params: unknown, at?: 'key' | 'value') => void;
type Check = (part: object, report: Report, context: RuleContext) => void;

/** Chooses, once, the rules that have something to say. Knows none of them. */
export function prepareRules(
  isOn: (id: AnyRuleId) => boolean,
  customRules: readonly CustomRule[] = [],
): (format: FormatName) => RuleRun {
  const wanted = rules.filter(({ id }) => isOn(id));
  const exampleRules = wanted.filter((rule) => rule.stage === 'example');
  const tokensRules = wanted.filter((rule) => rule.stage === 'tokens');
  const datasetRules = wanted.filter((rule) => rule.stage === 'dataset');
  // A rule is only ever given what it declares itself; that link is lost in a list of all rules.
  const finding = (rule: AnyRuleId, params: unknown) => ({ rule, params }) as unknown as Finding;
  const checkOf = (rule: { id: AnyRuleId; check: unknown }) => ({ id: rule.id, check: rule.check as Check });

  return (format) => {
    const custom = customRules.filter(
      ({ id, formats }) => isOn(id) && (formats === undefined || formats.includes(format)),
    );
    const whole = [
      ...exampleRules.filter((rule) => formatsOf(rule).includes(format)).map(checkOf),
      ...custom.map(guarded),
    ];
    const byKind = new Map<ConversationKind, { id: AnyRuleId; check: Check }[]>();
    for (const rule of exampleRules) {
      if (!('conversations' in rule)) continue;
      for (const kind of rule.conversations) byKind.set(kind, [...(byKind.get(kind) ?? []), checkOf(rule)]);
    }
    return {
      example(example, context, found) {
        for (const { id, check } of whole) {
          check(example, (path, params, at = 'value') => found({ finding: finding(id, params), path, at }), context);
        }
        for (const part of conversationsOf(format, example))
          checkConversation(part, byKind.get(part.kind), context, found);
      },
      tokens(context, found) {
        for (const rule of tokensRules) {
          rule.check((path, params, at = 'value') => found({ finding: finding(rule.id, params), path, at }), context);
        }
      },
      dataset(context) {
        const observers = datasetRules.map(({ id, observe }) => ({
          id,
          observer: observe(context) as DatasetObserver<unknown>,
        }));
        const watching = observers.filter(({ observer }) => observer.example !== undefined);
        return {
          example(seen, found) {
            for (const { id, observer } of watching) {
              observer.example?.(seen, (path, params, at = 'value') =>
                found({ finding: finding(id, params), path, at }),
              );
            }
          },
          end(end, found) {
            for (const { id, observer } of observers) {
              observer.end?.(end, (params, place) => found(finding(id, params), place));
            }
          },
        };
      },
    };
  };

  function checkConversation(
    { kind, conversation, locate }: Conversation,
    checks: readonly { id: AnyRuleId; check: Check }[] = [],
    context: RuleContext,
    found: (finding: RuleFinding) => void,
  ): void {
    const inside = {
      ...context,
      conversation: kind,
      isFaulty: (path: JsonPath) => context.isFaulty(locate(path)),
    };
    for (const { id, check } of checks) {
      check(
        conversation,
        (path, params, at = 'value') => found({ finding: finding(id, params), path: locate(path), at }),
        inside,
      );
    }
  }
}

/** A rule of the user's own may throw: the error says which one it was. */
function guarded({ id, check }: CustomRule): { id: AnyRuleId; check: Check } {
  return {
    id,
    check(example, report, context) {
      try {
        check(example, report, context);
      } catch (error) {
        throw new CustomRuleError(id, error);
      }
    },
  };
}

/** The formats of a rule for whole examples; a rule for conversations names none. */
function formatsOf(rule: object): readonly FormatName[] {
  return 'formats' in rule ? (rule.formats as readonly FormatName[]) : [];
}
