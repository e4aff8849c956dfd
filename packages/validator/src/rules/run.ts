import { type ConversationKind, conversationsOf, type FormatName } from '../formats/index.js';
import { type CustomRule, guarded } from './custom.js';
import { type AnyRuleId, type Finding, rules } from './index.js';
import type {
  DatasetContext,
  DatasetEnd,
  DatasetExample,
  DatasetObserver,
  DatasetRule,
  JsonPath,
  LinePlace,
  RecordedExample,
  RuleContext,
  TokensContext,
} from './rule.js';
import { ALL_TRAITS, type Trait, traitBits } from './traits.js';

/** A finding of a rule's check, by its place in the example. */
export interface RuleFinding {
  readonly finding: Finding;
  readonly path: JsonPath;
  readonly at: 'key' | 'value';
}

/** The rules that look at all examples, at work. What they keep of a stretch of the dataset is one list of states. */
export interface DatasetRun {
  /** Whether a rule compares examples with each other. */
  readonly needsRecords: boolean;
  /** Begins with a stretch. */
  start(): unknown[];
  example(states: readonly unknown[], seen: DatasetExample): void;
  /** Takes in what was kept of the stretch behind. */
  join(states: readonly unknown[], later: readonly unknown[]): void;
  /** Takes the records of all examples, one after the other. */
  recorded(seen: RecordedExample, found: (finding: Finding) => void): void;
  end(states: readonly unknown[], end: DatasetEnd, found: (finding: Finding, place?: LinePlace) => void): void;
  /** What was kept, as JSON, by the id of the rule. */
  pack(states: readonly unknown[]): Readonly<Record<string, unknown>>;
  /** What was kept again; of rules that are not named: of no example. */
  unpack(packed: Readonly<Record<string, unknown>>): unknown[];
}

/** The checks that are to be run on every example of one format. */
export interface RuleRun {
  /** Whether no check is to be run on an example with these traits. */
  isQuiet(traits: number): boolean;
  /** @param traits - What the example has, or may have: checks that need something else are left out. */
  example(example: object, traits: number, context: RuleContext, found: (finding: RuleFinding) => void): void;
  tokens(context: TokensContext, found: (finding: RuleFinding) => void): void;
  /** Begins with one dataset. */
  dataset(context: DatasetContext): DatasetRun;
}

type Report = (path: JsonPath, params: unknown, at?: 'key' | 'value') => void;
type Check = (part: object, report: Report, context: RuleContext) => void;
type Found = (finding: RuleFinding) => void;

/** A rule for conversations, as far as it matters who is asked. */
interface AnyConversationRule {
  readonly id: AnyRuleId;
  readonly check: unknown;
  readonly needs?: readonly Trait[];
}

const CONVERSATION_KINDS: readonly ConversationKind[] = [
  'chat',
  'reinforcement',
  'preference-input',
  'preference-output',
];

/** The checks that have something to look for in an example with these traits. */
type ChooseChecks = (traits: number) => readonly BoundCheck[];

/** A check with its report, which is made once and not for every example. */
type BoundCheck = (part: object, context: RuleContext) => void;

/** Chooses, once, the rules that have something to say. Knows none of them. */
export function prepareRules(
  isOn: (id: AnyRuleId) => boolean,
  customRules: readonly CustomRule[] = [],
): (format: FormatName) => RuleRun {
  const wanted = rules.filter(({ id }) => isOn(id));
  const exampleRules = wanted.filter((rule) => rule.stage === 'example');
  const tokensRules = wanted.filter((rule) => rule.stage === 'tokens');
  const datasetRules = wanted.filter((rule) => rule.stage === 'dataset');

  return (format) => {
    // Who is told, and where a conversation stands in its example: set before the checks are run.
    let found: Found = () => {};
    let locate: (path: JsonPath) => JsonPath = itself;
    const reportFor = (id: AnyRuleId): Report => {
      return (path, params, at = 'value') => found({ finding: findingOf(id, params), path: locate(path), at });
    };
    const bind = ({ id, check }: { id: AnyRuleId; check: unknown }): BoundCheck => {
      const report = reportFor(id);
      return (part, context) => (check as Check)(part, report, context);
    };

    const custom = customRules.filter(({ id, formats }) => isOn(id) && (formats?.includes(format) ?? true));
    const whole = [...exampleRules.filter((rule) => formatsOf(rule).includes(format)), ...custom.map(guarded)].map(
      bind,
    );
    const byKind = new Map<ConversationKind, ChooseChecks>();
    for (const kind of CONVERSATION_KINDS) {
      const ofKind: readonly AnyConversationRule[] = exampleRules.filter(
        (rule) => 'conversations' in rule && (rule.conversations as readonly ConversationKind[]).includes(kind),
      );
      byKind.set(kind, chooseByTraits(ofKind.map((rule) => ({ check: bind(rule), bits: traitBits(rule.needs) }))));
    }
    const checksOf = (kind: ConversationKind, traits: number) => byKind.get(kind)!(traits);
    const tokensChecks = tokensRules.map(({ id, check }) => ({ check, report: reportFor(id) }));

    return {
      isQuiet(traits) {
        if (whole.length > 0) return false;
        switch (format) {
          case 'chat':
          case 'reinforcement':
            return checksOf(format, traits).length === 0;
          default:
            return false;
        }
      },
      example(example, traits, context, sink) {
        found = sink;
        for (const check of whole) check(example, context);
        for (const part of conversationsOf(format, example)) {
          const checks = checksOf(part.kind, traits);
          if (checks.length === 0) continue;
          locate = part.locate;
          const isFaulty = (path: JsonPath) => context.isFaulty(part.locate(path));
          const inside = { ...context, conversation: part.kind, isFaulty };
          for (const check of checks) check(part.conversation, inside);
        }
        locate = itself;
      },
      tokens(context, sink) {
        found = sink;
        for (const { check, report } of tokensChecks) check(report, context);
      },
      dataset(context) {
        const observers = datasetRules.map((rule) => ({
          id: rule.id,
          ...stateOf(rule),
          observer: rule.observe(context) as DatasetObserver<unknown>,
        }));
        const recording = observers.filter(({ observer }) => observer.recorded !== undefined);
        return {
          needsRecords: recording.length > 0,
          start: () => observers.map(({ start }) => start?.()),
          example(states, seen) {
            for (let index = 0; index < observers.length; index += 1) {
              observers[index]!.observer.example?.(states[index], seen);
            }
          },
          join(states, later) {
            for (const [index, { observer }] of observers.entries()) observer.join?.(states[index], later[index]);
          },
          recorded(seen, sink) {
            for (const { id, observer } of recording) {
              observer.recorded?.(seen, (params) => sink(findingOf(id, params)));
            }
          },
          end(states, end, sink) {
            for (const [index, { id, observer }] of observers.entries()) {
              observer.end?.(states[index], end, (params, place) => sink(findingOf(id, params), place));
            }
          },
          pack(states) {
            const packed: Record<string, unknown> = {};
            for (const [index, { id, start, pack }] of observers.entries()) {
              if (start !== undefined) packed[id] = pack === undefined ? states[index] : pack(states[index]);
            }
            return packed;
          },
          unpack: (packed) =>
            observers.map(({ id, start, unpack }) => {
              if (!Object.hasOwn(packed, id)) return start?.();
              // A copy: it is changed when another is joined to it.
              return unpack === undefined ? structuredClone(packed[id]) : unpack(packed[id]);
            }),
        };
      },
    };
  };
}

/** Chooses once for all examples with the same traits: there are few kinds of them in a file. */
function chooseByTraits(checks: readonly { readonly check: BoundCheck; readonly bits: number }[]): ChooseChecks {
  const chosen = new Map<number, readonly BoundCheck[]>();
  return (traits) => {
    let list = chosen.get(traits);
    if (list === undefined) {
      list = checks.filter(({ bits }) => (bits & traits) !== 0 || bits === ALL_TRAITS).map(({ check }) => check);
      chosen.set(traits, list);
    }
    return list;
  };
}

function itself(path: JsonPath): JsonPath {
  return path;
}

/** A rule is only ever given the parameters that it declares itself; that link is lost in a list of all rules. */
function findingOf(rule: AnyRuleId, params: unknown): Finding {
  return { rule, params } as unknown as Finding;
}

/** How a dataset rule begins, and how what it keeps becomes JSON; the type of that is the rule's own matter. */
function stateOf(rule: object): Pick<DatasetRule<string, unknown, unknown>, 'start' | 'pack' | 'unpack'> {
  return rule;
}

/** The formats of a rule for whole examples; a rule for conversations names none. */
function formatsOf(rule: object): readonly FormatName[] {
  return 'formats' in rule ? (rule.formats as readonly FormatName[]) : [];
}
