import type { Diagnostic, Severity } from './diagnostic.js';
import { OptionsError } from './errors.js';
import type { ExampleFingerprints } from './formats/example-fingerprints.js';
import { graderFields } from './formats/grader.js';
import { FORMATS } from './formats/index.js';
import type { JsonPath } from './json/path.js';
import { expectKinds, expectRuleKinds } from './option-kinds.js';
import type { CustomRule } from './rules/custom.js';
import { type AnyRuleId, rules } from './rules/index.js';
import { quote } from './rules/quote.js';
import { ruleSeverity } from './rules/severity.js';
import { suggest } from './rules/suggest.js';
import { type TargetName, targets } from './targets/index.js';
import { type Model, models } from './targets/models.js';
import { LIMIT_NAMES, type Target, type TargetLimits } from './targets/target.js';
import { ENCODINGS } from './tokens/encodings.js';

/** How a model is to be trained; decides which format an example must have. */
export type Method = 'supervised' | 'dpo' | 'reinforcement';

/** Options of every check. */
export interface ValidateOptions {
  /** The provider whose rules apply. @default 'openai' */
  readonly target?: TargetName;
  /** Limits that replace the target's own. @default none */
  readonly limits?: TargetLimits;
  /**
   * How the file will be sent. `always`: in parts (the Uploads API), so that a file over the limit of one request is only
   * warned of where the target takes parts. @default 'auto'
   */
  readonly parts?: 'auto' | 'always' | 'never';
  /** The base model: its encoding and training context apply. @default the target's usual ones */
  readonly model?: string;
  /** @default taken from the data */
  readonly method?: Method;
  /**
   * The grader of a reinforcement job, its JSON parsed: every `{{ item.x }}` in it is looked for in every example. Without
   * `method` the format is then reinforcement. @default none
   */
  readonly grader?: unknown;
  /** Whether the dataset is trained on, or held out to validate. @default 'train' */
  readonly split?: 'train' | 'valid';
  /** Gets the fingerprints of this dataset's examples, to hold a validation file against. @default none */
  readonly collectFingerprints?: ExampleFingerprints;
  /**
   * Gets the 128-bit fingerprints of this dataset's examples as the bytes of a file, piece by piece: with them, the reports
   * of several files are merged as if these were one. Checking waits for a promise that it returns. @default none
   */
  readonly onFingerprints?: (bytes: Uint8Array) => void | Promise<void>;
  /** The fingerprints of the training file: equal examples are dataset/leakage. @default none */
  readonly trainingFingerprints?: ExampleFingerprints;
  /** Further base models; an entry wins over that of the table with the same id. @default none */
  readonly models?: readonly Model[];
  /** What day it is, for models that are shut down. @default the clock of the machine */
  readonly now?: () => Date;
  /** Whether tokens are counted. @default 'exact' */
  readonly tokens?: 'exact' | 'off';
  /** Rule ids, or `category/*`, that alone apply. @default all */
  readonly select?: readonly string[];
  /** Rule ids, or `category/*`, that do not apply. @default none */
  readonly ignore?: readonly string[];
  /**
   * A JSON Schema of your own for the keys that examples have beside those of their format: the keys that it names are
   * allowed, and what it says of them is example/extra-key-mismatch. @default none
   */
  readonly extraKeys?: object;
  /** Rules of your own, made with `defineRule`. @default none */
  readonly customRules?: readonly CustomRule[];
  /** Severities by rule id. They win over those of rule and target. @default none */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  /** How many diagnostics the report keeps; totals stay exact, and `onDiagnostic` gets all. @default 1000 */
  readonly maxDiagnostics?: number;
  /**
   * How many diagnostics of each rule are made, for the report and for `onDiagnostic`; all are counted. Making a million
   * that nobody sees takes time. @default all
   */
  readonly maxDiagnosticsPerRule?: number;
  /**
   * How many threads check a large dataset; 1 is this one alone. A small dataset, and one with rules of your own, is checked on
   * this thread. @default as many as there are processors, at most 8
   */
  readonly workers?: number;
  /** The longest line, in bytes, that is parsed; a longer one is read over in constant memory. @default 67108864 */
  readonly maxLineBytes?: number;
  /** Whether diagnostics carry the text around the finding. Datasets are private: for people only. @default false */
  readonly excerpts?: boolean;
  /** What to call the dataset. @default the path; `<stream>` for a stream */
  readonly fileName?: string;
  /** Gets every diagnostic as it is found, in the order of the file. Reading waits for a promise that it returns. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void | Promise<void>;
  /** Called after each chunk that was read. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the check early: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How far a check has come. */
export interface Progress {
  /** Bytes read so far. */
  readonly bytes: number;
  /** Size of the file; absent for a stream. */
  readonly totalBytes?: number;
  readonly examples: number;
  readonly errors: number;
}

/** Every option, with its default where none was given. */
export interface NormalizedOptions {
  /** As they were given. */
  readonly given: ValidateOptions;
  /** With the limits that replace its own. */
  readonly target: Target<TargetName>;
  readonly parts: 'auto' | 'always' | 'never';
  readonly model: string | undefined;
  /** The given ones before those of the table. */
  readonly models: readonly Model[];
  readonly now: () => Date;
  readonly method: Method | undefined;
  /** Whether the method was not named, but follows from the grader. */
  readonly isMethodFromGrader: boolean;
  /** What the grader reads from every example. */
  readonly graderFields: readonly JsonPath[];
  readonly tokens: 'exact' | 'off';
  readonly split: 'train' | 'valid';
  readonly collectFingerprints: ExampleFingerprints | undefined;
  readonly trainingFingerprints: ExampleFingerprints | undefined;
  readonly onFingerprints: ((bytes: Uint8Array) => void | Promise<void>) | undefined;
  readonly extraKeys: object | undefined;
  readonly customRules: readonly CustomRule[];
  /** The severity of a rule after target and user had their say. */
  readonly severityOf: (id: AnyRuleId) => ResolvedSeverity;
  readonly maxDiagnostics: number;
  readonly maxDiagnosticsPerRule: number;
  /** `undefined` = as many as there are processors. */
  readonly workers: number | undefined;
  readonly maxLineBytes: number;
  readonly excerpts: boolean;
  readonly fileName: string | undefined;
  readonly onDiagnostic: ((diagnostic: Diagnostic) => void | Promise<void>) | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The options that decide what is found in a line, as plain data: another thread makes the same check of them. */
export function portableOptions(options: ValidateOptions): ValidateOptions {
  const { target, limits, model, models, method, grader, split, tokens, select, ignore, severities } = options;
  const { extraKeys, maxDiagnosticsPerRule, maxLineBytes, excerpts } = options;
  const portable = { target, limits, model, models, method, grader, split, tokens, select, ignore, severities };
  const all = { ...portable, extraKeys, maxDiagnosticsPerRule, maxLineBytes, excerpts };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A severity, and whether the user set it: then no rule may soften it. */
interface ResolvedSeverity {
  readonly severity: Severity | 'off';
  readonly isSetByUser: boolean;
}

const DEFAULTS = {
  target: 'openai',
  now: () => new Date(),
  tokens: 'exact',
  parts: 'auto',
  split: 'train',
  maxDiagnostics: 1_000,
  // Node's longest string has 2²⁹ − 24 code units; a line of 64 MiB is far over any training context already.
  maxLineBytes: 64 * 1024 * 1024,
  excerpts: false,
} as const;

const METHODS: readonly Method[] = ['supervised', 'dpo', 'reinforcement'];
const SEVERITIES: readonly (Severity | 'off')[] = ['off', 'info', 'warning', 'error'];

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {OptionsError} Naming the option, what was given and what is known.
 */
export function normalizeOptions(options: ValidateOptions = {}): NormalizedOptions {
  expectKinds(options);
  const target = options.target ?? DEFAULTS.target;
  expectOneOf('target', target, Object.keys(targets));
  if (options.method !== undefined) expectOneOf('method', options.method, METHODS);
  const tokens = options.tokens ?? DEFAULTS.tokens;
  expectOneOf('tokens', tokens, ['exact', 'off']);
  const parts = options.parts ?? DEFAULTS.parts;
  expectOneOf('parts', parts, ['auto', 'always', 'never']);
  const split = options.split ?? DEFAULTS.split;
  expectOneOf('split', split, ['train', 'valid']);
  const customRules = options.customRules ?? [];
  expectCustomRules(customRules);
  const ids = [...rules, ...customRules].map(({ id }) => id);
  for (const pattern of options.select ?? []) expectRule('select', pattern, ids);
  for (const pattern of options.ignore ?? []) expectRule('ignore', pattern, ids);
  for (const [pattern, severity] of Object.entries(options.severities ?? {})) {
    expectRule('severities', pattern, ids);
    expectOneOf('severity', severity, SEVERITIES);
  }
  for (const [name, limit] of Object.entries(options.limits ?? {})) {
    expectOneOf('limit', name, LIMIT_NAMES);
    expectCount(`limits.${name}`, limit);
  }
  for (const model of options.models ?? []) expectModel(model);
  const known: Target<TargetName> = targets[target];
  const limited = { ...known, limits: { ...known.limits, ...options.limits } };
  return {
    given: options,
    target: limited,
    parts,
    model: options.model,
    models: [...(options.models ?? []), ...models],
    now: options.now ?? DEFAULTS.now,
    method: options.method ?? (options.grader === undefined ? undefined : 'reinforcement'),
    isMethodFromGrader: options.method === undefined && options.grader !== undefined,
    graderFields: options.grader === undefined ? [] : graderFields(options.grader),
    tokens,
    split,
    collectFingerprints: options.collectFingerprints,
    trainingFingerprints: options.trainingFingerprints,
    onFingerprints: options.onFingerprints,
    extraKeys: options.extraKeys,
    customRules,
    severityOf: resolveSeverities(options, limited),
    maxDiagnostics: expectCount('maxDiagnostics', options.maxDiagnostics ?? DEFAULTS.maxDiagnostics),
    maxDiagnosticsPerRule:
      options.maxDiagnosticsPerRule === undefined
        ? Number.POSITIVE_INFINITY
        : expectCount('maxDiagnosticsPerRule', options.maxDiagnosticsPerRule),
    workers: options.workers === undefined ? undefined : Math.max(1, expectCount('workers', options.workers)),
    maxLineBytes: expectCount('maxLineBytes', options.maxLineBytes ?? DEFAULTS.maxLineBytes),
    excerpts: options.excerpts ?? DEFAULTS.excerpts,
    fileName: options.fileName,
    onDiagnostic: options.onDiagnostic,
    onProgress: options.onProgress,
    signal: options.signal,
  };
}

/** From the weakest to the strongest voice: the rule, the target, the severity set for the id, `select` and `ignore`. */
function resolveSeverities(options: ValidateOptions, target: Target): (id: AnyRuleId) => ResolvedSeverity {
  const resolved = new Map<AnyRuleId, ResolvedSeverity>();
  const covers = (patterns: readonly string[], id: string) => patterns.some((pattern) => matches(pattern, id));
  for (const rule of [...rules, ...(options.customRules ?? [])]) {
    const { id } = rule;
    const set = Object.entries(options.severities ?? {}).findLast(([pattern]) => matches(pattern, id))?.[1];
    const isOff = (options.select !== undefined && !covers(options.select, id)) || covers(options.ignore ?? [], id);
    const severity = isOff ? 'off' : (set ?? ruleSeverity(rule, target));
    resolved.set(id, { severity, isSetByUser: set !== undefined });
  }
  return (id) => resolved.get(id)!;
}

function matches(pattern: string, id: string): boolean {
  return pattern.endsWith('/*') ? id.startsWith(pattern.slice(0, -1)) : pattern === id;
}

/** A model of the user's own table: it may come from a JSON file. */
function expectModel({ id, encoding }: Partial<Model>): void {
  if (typeof id !== 'string' || id === '') throw new OptionsError('models', 'a model without an "id"');
  if (encoding === undefined) throw new OptionsError('models', `the model ${quote(id)} has no "encoding"`);
  expectOneOf('encoding', encoding, ENCODINGS);
}

function expectCustomRules(customRules: readonly CustomRule[]): void {
  const seen = new Set<string>();
  for (const rule of customRules) {
    const { id } = rule;
    if (typeof id !== 'string' || !/^custom\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
      throw new OptionsError('customRules', `the id ${quote(id)} of a rule; it is custom/ and a name like no-slang`);
    }
    if (seen.has(id)) throw new OptionsError('customRules', `two rules have the id ${quote(id)}`);
    seen.add(id);
    expectRuleKinds(rule);
    expectOneOf(`severity of ${id}`, rule.severity, SEVERITIES);
    for (const format of rule.formats ?? []) expectOneOf(`format of ${id}`, format, FORMATS);
  }
}

function expectRule(option: string, pattern: string, ids: readonly string[]): void {
  if (ids.some((id) => matches(pattern, id))) return;
  const meant = suggest(pattern, ids);
  throw new OptionsError(
    option,
    `unknown rule "${pattern}"${meant === undefined ? '; "tunegate rules" lists them, "category/*" names all of a category' : `; did you mean "${meant}"?`}`,
  );
}

function expectOneOf(option: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return;
  const meant = typeof value === 'string' ? suggest(value, known) : undefined;
  throw new OptionsError(
    option,
    `unknown ${option} ${quote(value)}; ${meant === undefined ? `it may be ${known.join(', ')}` : `did you mean "${meant}"?`}`,
  );
}

function expectCount(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new OptionsError(option, `${option} is ${value}; it may be a whole number from 0`);
}
