export { type Config, defineConfig } from './config.js';
export { type CountTokensOptions, countTokens } from './count-example.js';
export {
  compareDiagnostics,
  type Diagnostic,
  type DiagnosticFields,
  type Excerpt,
  type Fix,
  type Severity,
} from './diagnostic.js';
export {
  CustomRuleError,
  DatasetReadError,
  FingerprintFileError,
  OptionsError,
  ReportMergeError,
  WorkerDiedError,
} from './errors.js';
export { createExampleFingerprints, type ExampleFingerprints } from './formats/example-fingerprints.js';
export type { ChatExample, FormatName } from './formats/index.js';
export { mergeReports } from './merge-reports.js';
export type { Method, Progress, ValidateOptions } from './options.js';
export type { ByteSource } from './reader/byte-source.js';
export { type CostEstimate, type Report, SCHEMA_VERSION, type Shard, type TokenStatistics } from './report.js';
export { type CustomRule, type CustomRuleId, defineRule } from './rules/custom.js';
export { ruleDocsUrl } from './rules/docs-url.js';
export { type AnyRuleId, type Rule, type RuleId, type RuleParams, rules } from './rules/index.js';
export { ruleSeverity } from './rules/severity.js';
export type { MergeOptions } from './shards/merge-reports.js';
export type { MergeState } from './shards/merge-state.js';
export { parseReports } from './shards/parse-reports.js';
export { type TargetName, targets } from './targets/index.js';
export { findModel, MODELS_DATED, type Model, models } from './targets/models.js';
export type { Target, TargetLimits } from './targets/target.js';
export { countChatTokens } from './tokens/count-tokens.js';
export { createTokenCounter, type TokenCounter } from './tokens/counter.js';
export type { Encoding, TokenCounterOptions } from './tokens/encodings.js';
export type { ExampleTokens, ExampleTokens as TokenCount } from './tokens/example-tokens.js';
export { diagnose, validateFile, validateStream } from './validate.js';
export { validateExample } from './validate-example.js';
