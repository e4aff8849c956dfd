import type { DiagnosticFields, Fix, Severity } from '../diagnostic.js';
import type { ExampleFingerprints } from '../formats/example-fingerprints.js';
import type { Fingerprint } from '../formats/fingerprint.js';
import type { OverflowRoom } from '../formats/fingerprint-overflow.js';
import type { ChatExample, ConversationKind, FormatName } from '../formats/index.js';
import type { JsonPath } from '../json/path.js';
import type { Model } from '../targets/models.js';
import type { Target, TargetLimits } from '../targets/target.js';
import type { ExampleTokens } from '../tokens/example-tokens.js';
import type { Trait } from './traits.js';

export type { JsonPath };

/** Where the arguments of a call do not fit the parameters of the function. */
export interface ArgumentMismatch {
  /** Path in the arguments. */
  readonly path: JsonPath;
  /** The keyword of JSON Schema that is not met. */
  readonly keyword: string;
  /** The type of the value at the path. */
  readonly found: string;
  /** The key that is missing, or too much. */
  readonly key?: string;
  /** The types, or the values, of which one was wanted. */
  readonly expected?: readonly unknown[];
  /** The number that the schema draws the line at. */
  readonly limit?: number;
}

/** Checks the arguments of calls. */
export interface ArgumentSchemas {
  /**
   * The first place where arguments do not fit; `undefined` when they fit, and when that cannot be told.
   *
   * @param schema - The `parameters` of the function.
   * @param value - The arguments, parsed.
   */
  check(schema: object, value: unknown): ArgumentMismatch | undefined;
}

/** What a rule knows besides the example it looks at. */
export interface RuleContext {
  readonly target: Target;
  readonly format: FormatName;
  /** The part that the conversation plays in its example; absent for rules that see the whole example. */
  readonly conversation?: ConversationKind;
  /** Absent where arguments of calls cannot be checked. */
  readonly argumentSchemas?: ArgumentSchemas;
  /** What the grader reads from every example: the `x.y` of its `{{ item.x.y }}`. */
  readonly graderFields: readonly JsonPath[];
  /**
   * Whether a mistake is seen for the first time in its example: the conversations of a preference may share one. Absent
   * for rules that see the whole example.
   *
   * @param mistake - Begins with the id of the rule.
   */
  isFirst?(mistake: string): boolean;
  /** Whether the shape of the value at this path was already found faulty, so that its absence means nothing. */
  isFaulty(path: JsonPath): boolean;
}

/** What a `tokens` rule knows besides. */
export interface TokensContext extends RuleContext {
  readonly tokens: ExampleTokens;
  /** The training context: longer examples are cut. Absent where none is known. */
  readonly maxExampleTokens?: number;
}

/** What a `dataset` rule knows before the first example. */
export interface DatasetContext {
  readonly target: Target;
  readonly format: FormatName | 'unknown';
  /** The model that was named; absent when none was, or nothing is known of it. */
  readonly model: Model | undefined;
  /** Whether the dataset is trained on, or held out to validate. */
  readonly split: 'train' | 'valid';
  /** The examples of the training file, when this is the validation file beside it. */
  readonly training: ExampleFingerprints | undefined;
  /** How many words of 32 bits a fingerprint has: 2 where a second look can tell, 4 where none can be taken. */
  readonly fingerprintWords: number;
  /** Where fingerprints go that are too many for the memory; absent where there is no such place. */
  readonly overflow?: OverflowRoom | undefined;
}

/** Where a finding stands that is made when its line is no longer at hand. */
export type LinePlace = Pick<
  DiagnosticFields,
  'line' | 'column' | 'endLine' | 'endColumn' | 'byteOffset' | 'example' | 'pointer' | 'messageIndex'
> & {
  /** Where that is not the file at hand: the dataset may be several files. */
  readonly file?: string;
};

/** One example as `dataset` rules see it. */
export interface DatasetExample {
  /** Its number, from 1: every line that is not blank counts. */
  readonly number: number;
  /** Where the value at this path stands, for a finding at the end. Only while the example is being looked at. */
  place(path?: JsonPath): LinePlace;
  /** The example; a part that is faulty is absent. Where nothing had to look at it yet, it is parsed only now. */
  readonly example: object;
  /** Whether the example has a trait; `undefined` where that is not known without a look. */
  has(trait: Trait): boolean | undefined;
  /** Absent when tokens are not counted. */
  readonly tokens?: ExampleTokens | undefined;
}

/**
 * One example by its fingerprints, as the rules see it that compare examples with each other. Its shape has no fault.
 *
 * It is one object for all examples, and its fingerprints too: what is kept of it is copied.
 */
export interface RecordedExample {
  /** Physical line, from 1. */
  readonly line: number;
  /** What equal examples share, equal JSON values whatever the order of their keys. */
  readonly fingerprint: Fingerprint;
  /** That of what the model is given; absent where the example has no prompt and answer. */
  readonly prompt?: Fingerprint | undefined;
  readonly answer?: Fingerprint | undefined;
  /** Where it stands. */
  place(): LinePlace;
  /** Whether it really is equal to the example in this earlier line. True where that cannot be read again. */
  isSameAs(line: number): boolean;
  /** Whether it really has the prompt of the example in this earlier line. True where that cannot be read again. */
  hasPromptOf(line: number): boolean;
}

/** What has been read when the last line has been. */
export interface DatasetEnd {
  /** Every line that is not blank, parsed or not. */
  readonly examples: number;
  /** The epochs that the provider would choose. */
  readonly epochs: number;
  /** Whether the examples in two lines really are equal. True where they cannot be read again. */
  isSame(firstLine: number, line: number): boolean;
  /** Whether the examples in two lines really have the same prompt. True where they cannot be read again. */
  hasSamePrompt(firstLine: number, line: number): boolean;
}

/**
 * A `dataset` rule at work.
 *
 * A dataset is looked at in stretches, at the same time and on several threads; what a rule keeps of a stretch is plain
 * data, and the stretches are put together in the order of the file. So the outcome is the same however it was cut.
 */
export interface DatasetObserver<Params, State = unknown> {
  /** Takes an example in. */
  example?(state: State, seen: DatasetExample): void;
  /** Takes in what was kept of the stretch behind. */
  join?(state: State, later: State): void;
  /** Sees every example once, in the order of the file. Findings are about that example. */
  recorded?(seen: RecordedExample, report: (params: Params) => void): void;
  /** Findings without a place are about the file. */
  end?(state: State, end: DatasetEnd, report: (params: Params, place?: LinePlace) => void): void;
}

/** Takes one finding: where in the example, and the facts that its message needs. */
export type ReportFinding<Params> = (path: JsonPath, params: Params, at?: 'key' | 'value') => void;

interface RuleBase<Id extends string, Params> {
  /** `category/what-is-wrong`; also the name of its file, its docs page and its fixture folder. */
  readonly id: Id;
  /** For the target `openai`; where another target differs, its own file says so. */
  readonly severity: Severity | 'off';
  /** Limits of which a target must publish one: without, the rule is off. */
  readonly limits?: readonly (keyof TargetLimits)[];
  /** One sentence for the catalogue. */
  readonly description: string;
  /** What is wrong and why it matters, one sentence without a full stop. Quotes at most 40 characters, never content. */
  message(params: Params): string;
  /** What to do. */
  help?(params: Params): string | undefined;
  /**
   * What to write instead of the span that is reported, where that mends the finding: `safe` when it is certain,
   * `unsafe` when it is a guess. @param source - The span as it stands in the file.
   */
  fix?(params: Params, source: string): { readonly safety: Fix['safety']; readonly text: string } | undefined;
  /** For the finding that is milder than its rule; a severity set by the user wins. */
  soften?(params: Params): Severity | undefined;
}

/** A rule whose findings come from an earlier stage. */
export interface StageRule<Id extends string, Params> extends RuleBase<Id, Params> {
  readonly stage: 'file' | 'line' | 'json' | 'format' | 'shape';
}

/** A rule that looks at a whole example whose shape is known; a part that is faulty is absent. */
export interface ExampleRule<Id extends string, Params, Example> extends RuleBase<Id, Params> {
  readonly stage: 'example';
  readonly formats: readonly FormatName[];
  check(example: Example, report: ReportFinding<Params>, context: RuleContext): void;
}

/** A rule that looks at a conversation, in whatever format it stands; a part that is faulty is absent. */
export interface ConversationRule<Id extends string, Params> extends RuleBase<Id, Params> {
  readonly stage: 'example';
  readonly conversations: readonly ConversationKind[];
  /**
   * The rule finds nothing in an example that has none of these, and is not run there.
   * @default it is run on every example
   */
  readonly needs?: readonly Trait[];
  check(conversation: ChatExample, report: ReportFinding<Params>, context: RuleContext): void;
}

/** A rule that looks at the token counts of one example. */
export interface TokensRule<Id extends string, Params> extends RuleBase<Id, Params> {
  readonly stage: 'tokens';
  check(report: ReportFinding<Params>, context: TokensContext): void;
}

/** A rule that looks at the dataset as a whole, in bounded memory. */
export interface DatasetRule<Id extends string, Params, State> extends RuleBase<Id, Params> {
  readonly stage: 'dataset';
  /** What is kept of no example; plain data. */
  start?(): State;
  /** The state as JSON, for a report that is merged with others: small, and nothing of the texts. @default as it is */
  pack?(state: State): unknown;
  /** The state again. What it is given comes from a file. @default as it is */
  unpack?(packed: unknown): State;
  /** Begins with one dataset, or with a stretch of one. */
  observe(context: DatasetContext): DatasetObserver<Params, State>;
}

/** The parameters of a rule, whatever its stage. */
export type ParamsOf<Rule> = Rule extends { message(params: infer Params): string } ? Params : never;

/** Types a {@link StageRule}: `params` comes from the parameter of `message`. */
export function stageRule<const Id extends string, Params>(rule: StageRule<Id, Params>): StageRule<Id, Params> {
  return rule;
}

/** Types an {@link ExampleRule}: `params` comes from the parameter of `message`. */
export function exampleRule<const Id extends string, Params, Example>(
  rule: ExampleRule<Id, Params, Example>,
): ExampleRule<Id, Params, Example> {
  return rule;
}

/** Types a {@link ConversationRule}: `params` comes from the parameter of `message`. */
export function conversationRule<const Id extends string, Params>(
  rule: ConversationRule<Id, Params>,
): ConversationRule<Id, Params> {
  return rule;
}

/** Types a {@link TokensRule}: `params` comes from the parameter of `message`. */
export function tokensRule<const Id extends string, Params>(rule: TokensRule<Id, Params>): TokensRule<Id, Params> {
  return rule;
}

/** Types a {@link DatasetRule}: `params` comes from the parameter of `message`. */
export function datasetRule<const Id extends string, Params, State>(
  rule: DatasetRule<Id, Params, State>,
): DatasetRule<Id, Params, State> {
  return rule;
}
