export { type CaseRun, caseFlags, flagOptions, flagValue } from './case-flags.js';
export { DOCS_SECTIONS, type DocsBlock, type DocsPage, findDocsPages, readDocsPage } from './docs-page.js';
export { type ExpectedDiagnostic, formatExpectation, parseExpectation } from './expectation.js';
export {
  type DatasetFormat,
  type ExpectedFinding,
  type JsonObject,
  lineText,
  type MutableDataset,
  type Mutation,
  type Mutations,
  messagesOf,
  type PickedMessage,
  pickIndex,
  pickMessage,
  serializeDataset,
} from './mutation.js';
export { mutations } from './mutations/index.js';
export { createRandom, type Random } from './random.js';
export type { Recipe } from './recipe.js';
export {
  type CaseKind,
  type CaseSettings,
  caseBytes,
  findRuleCases,
  findStrayFiles,
  RULE_CASES,
  type RuleCase,
} from './rule-cases.js';
export { type ServerError, serverErrors } from './server-errors.js';
export { createValidDataset, VALID_EXAMPLES } from './valid-dataset.js';
