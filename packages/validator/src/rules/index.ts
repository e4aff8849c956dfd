import { datasetTooFewExamples } from './dataset/too-few-examples.js';
import { exampleEmptyMessages } from './example/empty-messages.js';
import { exampleInvalidMessages } from './example/invalid-messages.js';
import { exampleMissingMessages } from './example/missing-messages.js';
import { exampleUnknownKey } from './example/unknown-key.js';
import { fileByteOrderMark } from './file/byte-order-mark.js';
import { fileCrlf } from './file/crlf.js';
import { fileEmpty } from './file/empty.js';
import { fileSizeAmbiguous } from './file/size-ambiguous.js';
import { fileTooLarge } from './file/too-large.js';
import { fileWrongExtension } from './file/wrong-extension.js';
import { imageOutsideUser } from './images/outside-user.js';
import { jsonNonFiniteNumber } from './json/non-finite-number.js';
import { jsonNotAnObject } from './json/not-an-object.js';
import { jsonSyntax } from './json/syntax.js';
import { jsonTooDeep } from './json/too-deep.js';
import { lineBlank } from './line/blank.js';
import { lineInvalidUtf8 } from './line/invalid-utf8.js';
import { lineTooLong } from './line/too-long.js';
import { lineTrailingBlank } from './line/trailing-blank.js';
import { messageEmptyContentParts } from './messages/empty-content-parts.js';
import { messageInvalidContent } from './messages/invalid-content.js';
import { messageInvalidName } from './messages/invalid-name.js';
import { messageInvalidPart } from './messages/invalid-part.js';
import { messageInvalidValue } from './messages/invalid-value.js';
import { messageInvalidWeight } from './messages/invalid-weight.js';
import { messageMissingContent } from './messages/missing-content.js';
import { messageMissingKey } from './messages/missing-key.js';
import { messageMissingRole } from './messages/missing-role.js';
import { messagesNoAssistant } from './messages/no-assistant.js';
import { messageNotAnObject } from './messages/not-an-object.js';
import { messageUnknownKey } from './messages/unknown-key.js';
import { messageUnknownRole } from './messages/unknown-role.js';
import { messageUnsupportedPart } from './messages/unsupported-part.js';
import { messageWeightOnNonAssistant } from './messages/weight-on-non-assistant.js';
import type { ParamsOf } from './rule.js';
import { tokensExampleOverLimit } from './tokens/example-over-limit.js';
import { toolArgumentsNotAString } from './tools/arguments-not-a-string.js';
import { toolInvalidCall } from './tools/invalid-call.js';
import { toolInvalidDefinition } from './tools/invalid-definition.js';
import { toolsInvalidParallelToolCalls } from './tools/invalid-parallel-tool-calls.js';
import { toolInvalidParameters } from './tools/invalid-parameters.js';
import { toolInvalidStrict } from './tools/invalid-strict.js';
import { toolUnmatchedResult } from './tools/unmatched-result.js';

/** Every rule, in the order of the catalogue. */
export const rules = [
  fileEmpty,
  fileWrongExtension,
  fileTooLarge,
  fileSizeAmbiguous,
  fileByteOrderMark,
  fileCrlf,
  lineInvalidUtf8,
  lineBlank,
  lineTrailingBlank,
  lineTooLong,
  jsonSyntax,
  jsonNonFiniteNumber,
  jsonNotAnObject,
  jsonTooDeep,
  exampleMissingMessages,
  exampleInvalidMessages,
  exampleEmptyMessages,
  exampleUnknownKey,
  messageNotAnObject,
  messageMissingRole,
  messageUnknownRole,
  messageUnknownKey,
  messageMissingContent,
  messageMissingKey,
  messageInvalidValue,
  messageInvalidPart,
  messageInvalidContent,
  messageEmptyContentParts,
  messageUnsupportedPart,
  messageInvalidName,
  messageInvalidWeight,
  messageWeightOnNonAssistant,
  messagesNoAssistant,
  toolInvalidDefinition,
  toolInvalidParameters,
  toolInvalidStrict,
  toolsInvalidParallelToolCalls,
  toolInvalidCall,
  toolArgumentsNotAString,
  toolUnmatchedResult,
  imageOutsideUser,
  tokensExampleOverLimit,
  datasetTooFewExamples,
] as const;

/** A rule of the catalogue. */
export type Rule = (typeof rules)[number];

/** The id of a rule: `category/what-is-wrong`. */
export type RuleId = Rule['id'];

/** The facts that a diagnostic of this rule carries. */
export type RuleParams<Id extends RuleId> = ParamsOf<Extract<Rule, { id: Id }>>;

/** A finding before it is located: the rule and the facts of its message. */
export type Finding = { [Id in RuleId]: { readonly rule: Id; readonly params: RuleParams<Id> } }[RuleId];
