import type { DiagnosticFields, Fix, Severity } from '../diagnostic.js';
import type { ExampleFingerprints } from '../formats/example-fingerprints.js';
import type { ChatExample, ConversationKind, FormatName } from '../formats/index.js';
import type { JsonPath } from '../json/path.js';
import type { Model } from '../targets/models.js';
import type { Target, TargetLimits } from '../targets/target.js';
import type { ExampleTokens } from '../tokens/example-tokens.js';

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
}

/** Where a finding stands that is made when its line is no longer at hand. */
export type LinePlace = Pick<
  DiagnosticFields,
  'line' | 'column' | 'endLine' | 'endColumn' | 'byteOffset' | 'example' | 'pointer'
>;

/** One example as `dataset` rules see it. */
export interface DatasetExample {
  /** Physical line, from 1. */
  readonly line: number;
  /** Where the example stands, for a finding at the end. Only while it is being looked at. */
  place(): LinePlace;
  /** The example; a part that is faulty is absent. */
  readonly example: object;
  /** Whether its shape has a fault: then what is absent means nothing. */
  readonly isFaulty: boolean;
  /** The fingerprint of the example or of what is made of its messages; equal values share it. */
  fingerprint(value: unknown): number;
  /** Absent when tokens are not counted. */
  readonly tokens?: ExampleTokens;
}

/** What has been read when the last line has been. */
export interface DatasetEnd {
  /** Every line that is not blank, parsed or not. */
  readonly examples: number;
  /** The epochs that the provider would choose. */
  readonly epochs: number;
}

/** A `dataset` rule at work: sees every example once, and keeps little of it. */
export interface DatasetObserver<Params> {
  example?(seen: DatasetExample, report: ReportFinding<Params>): void;
  /** Findings without a place are about the file. */
  end?(end: DatasetEnd, report: (params: Params, place?: LinePlace) => void): void;
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
  check(conversation: ChatExample, report: ReportFinding<Params>, context: RuleContext): void;
}

/** A rule that looks at the token counts of one example. */
export interface TokensRule<Id extends string, Params> extends RuleBase<Id, Params> {
  readonly stage: 'tokens';
  check(report: ReportFinding<Params>, context: TokensContext): void;
}

/** A rule that looks at the dataset as a whole, in bounded memory. */
export interface DatasetRule<Id extends string, Params> extends RuleBase<Id, Params> {
  readonly stage: 'dataset';
  /** Begins with one dataset. */
  observe(context: DatasetContext): DatasetObserver<Params>;
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
export function datasetRule<const Id extends string, Params>(rule: DatasetRule<Id, Params>): DatasetRule<Id, Params> {
  return rule;
}
