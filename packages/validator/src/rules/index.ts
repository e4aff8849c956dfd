import { completionEmpty } from './completion/empty.js';
import { completionInvalidExample } from './completion/invalid-example.js';
import { completionLeadingSpace } from './completion/leading-space.js';
import { completionNoEnding } from './completion/no-ending.js';
import { completionNoSeparator } from './completion/no-separator.js';
import type { CustomRuleId } from './custom.js';
import { datasetConflictingAnswers } from './dataset/conflicting-answers.js';
import { datasetDuplicate } from './dataset/duplicate.js';
import { datasetLeakage } from './dataset/leakage.js';
import { datasetTooFewExamples } from './dataset/too-few-examples.js';
import { datasetTooManyExamples } from './dataset/too-many-examples.js';
import { exampleEmptyMessages } from './example/empty-messages.js';
import { exampleExtraKeyMismatch } from './example/extra-key-mismatch.js';
import { exampleInvalidMessages } from './example/invalid-messages.js';
import { exampleMissingMessages } from './example/missing-messages.js';
import { exampleUnknownKey } from './example/unknown-key.js';
import { fileByteOrderMark } from './file/byte-order-mark.js';
import { fileCompressed } from './file/compressed.js';
import { fileCrlf } from './file/crlf.js';
import { fileEmpty } from './file/empty.js';
import { fileGitLfsPointer } from './file/git-lfs-pointer.js';
import { fileJsonArray } from './file/json-array.js';
import { fileLoneCarriageReturn } from './file/lone-carriage-return.js';
import { fileMissingByteOrderMark } from './file/missing-byte-order-mark.js';
import { fileNotJsonl } from './file/not-jsonl.js';
import { filePrettyPrinted } from './file/pretty-printed.js';
import { fileSizeAmbiguous } from './file/size-ambiguous.js';
import { fileTooLarge } from './file/too-large.js';
import { fileUtf16 } from './file/utf16.js';
import { fileWrongExtension } from './file/wrong-extension.js';
import { formatMethodMismatch } from './format/method-mismatch.js';
import { formatMixed } from './format/mixed.js';
import { formatUnknown } from './format/unknown.js';
import { imagesInvalidDetail } from './images/invalid-detail.js';
import { imagesInvalidUrl } from './images/invalid-url.js';
import { imagesModelWithoutVision } from './images/model-without-vision.js';
import { imageOutsideUser } from './images/outside-user.js';
import { imagesTooLarge } from './images/too-large.js';
import { imagesTooMany } from './images/too-many.js';
import { imagesTooManyExamples } from './images/too-many-examples.js';
import { imagesUnsupportedFormat } from './images/unsupported-format.js';
import { jsonDuplicateKey } from './json/duplicate-key.js';
import { jsonLoneSurrogate } from './json/lone-surrogate.js';
import { jsonNonFiniteNumber } from './json/non-finite-number.js';
import { jsonNotAnObject } from './json/not-an-object.js';
import { jsonNulCharacter } from './json/nul-character.js';
import { jsonNumberOverflow } from './json/number-overflow.js';
import { jsonSyntax } from './json/syntax.js';
import { jsonTooDeep } from './json/too-deep.js';
import { lineBlank } from './line/blank.js';
import { lineInvalidUtf8 } from './line/invalid-utf8.js';
import { lineRawSeparator } from './line/raw-separator.js';
import { lineTooLong } from './line/too-long.js';
import { lineTrailingBlank } from './line/trailing-blank.js';
import { messagesConsecutiveAssistant } from './messages/consecutive-assistant.js';
import { messageDeveloperRole } from './messages/developer-role.js';
import { messageEmptyAssistant } from './messages/empty-assistant.js';
import { messageEmptyContent } from './messages/empty-content.js';
import { messageEmptyContentParts } from './messages/empty-content-parts.js';
import { messageInvalidContent } from './messages/invalid-content.js';
import { messageInvalidName } from './messages/invalid-name.js';
import { messageInvalidPart } from './messages/invalid-part.js';
import { messageInvalidValue } from './messages/invalid-value.js';
import { messageInvalidWeight } from './messages/invalid-weight.js';
import { messagesLastNotAssistant } from './messages/last-not-assistant.js';
import { messageTooLong } from './messages/message-too-long.js';
import { messageMissingContent } from './messages/missing-content.js';
import { messageMissingKey } from './messages/missing-key.js';
import { messageMissingRole } from './messages/missing-role.js';
import { messagesNoAssistant } from './messages/no-assistant.js';
import { messagesNoSystem } from './messages/no-system.js';
import { messagesNoTrainedMessage } from './messages/no-trained-message.js';
import { messagesNoUser } from './messages/no-user.js';
import { messageNotAnObject } from './messages/not-an-object.js';
import { messageRefusalWithContent } from './messages/refusal-with-content.js';
import { messagesRoleAlternation } from './messages/role-alternation.js';
import { messagesStartsWithAssistant } from './messages/starts-with-assistant.js';
import { messageSystemPosition } from './messages/system-position.js';
import { messageUnknownKey } from './messages/unknown-key.js';
import { messageUnknownRole } from './messages/unknown-role.js';
import { messageUnsupportedPart } from './messages/unsupported-part.js';
import { messageWeightOnNonAssistant } from './messages/weight-on-non-assistant.js';
import { modelMethodUnsupported } from './model/method-unsupported.js';
import { modelRetired } from './model/retired.js';
import { modelUnknown } from './model/unknown.js';
import { preferenceIdenticalOutputs } from './preference/identical-outputs.js';
import { preferenceImage } from './preference/image.js';
import { preferenceInputEndsWithAssistant } from './preference/input-ends-with-assistant.js';
import { preferenceInvalidInput } from './preference/invalid-input.js';
import { preferenceInvalidOutput } from './preference/invalid-output.js';
import { preferenceMissingKey } from './preference/missing-key.js';
import { preferenceRenamedKey } from './preference/renamed-key.js';
import { preferenceWeight } from './preference/weight.js';
import { reinforcementLastNotUser } from './reinforcement/last-not-user.js';
import { reinforcementMissingGraderField } from './reinforcement/missing-grader-field.js';
import { reinforcementSystemRole } from './reinforcement/system-role.js';
import { reinforcementTooManyExamples } from './reinforcement/too-many-examples.js';
import type { ParamsOf } from './rule.js';
import { tokensBudget } from './tokens/budget.js';
import { tokensExampleOverLimit } from './tokens/example-over-limit.js';
import { tokensNothingTrained } from './tokens/nothing-trained.js';
import { toolsArgumentsMismatch } from './tools/arguments-mismatch.js';
import { toolArgumentsNotAString } from './tools/arguments-not-a-string.js';
import { toolsArgumentsNotJson } from './tools/arguments-not-json.js';
import { toolsCallIdFormat } from './tools/call-id-format.js';
import { toolsDeprecatedFunctions } from './tools/deprecated-functions.js';
import { toolsDuplicateCallId } from './tools/duplicate-call-id.js';
import { toolsDuplicateFunction } from './tools/duplicate-function.js';
import { toolsEmptyCalls } from './tools/empty-calls.js';
import { toolsEmptyList } from './tools/empty-list.js';
import { toolInvalidCall } from './tools/invalid-call.js';
import { toolInvalidDefinition } from './tools/invalid-definition.js';
import { toolsInvalidFunctionName } from './tools/invalid-function-name.js';
import { toolsInvalidParallelToolCalls } from './tools/invalid-parallel-tool-calls.js';
import { toolInvalidParameters } from './tools/invalid-parameters.js';
import { toolInvalidStrict } from './tools/invalid-strict.js';
import { toolsToolsAndFunctions } from './tools/tools-and-functions.js';
import { toolsUnansweredCall } from './tools/unanswered-call.js';
import { toolsUndeclaredFunction } from './tools/undeclared-function.js';
import { toolUnmatchedResult } from './tools/unmatched-result.js';

/** Every rule, in the order of the catalogue. */
export const rules = [
  fileEmpty,
  fileWrongExtension,
  fileTooLarge,
  fileSizeAmbiguous,
  fileByteOrderMark,
  fileMissingByteOrderMark,
  fileUtf16,
  fileCompressed,
  fileGitLfsPointer,
  fileJsonArray,
  filePrettyPrinted,
  fileNotJsonl,
  fileLoneCarriageReturn,
  fileCrlf,
  lineInvalidUtf8,
  lineBlank,
  lineTrailingBlank,
  lineTooLong,
  lineRawSeparator,
  jsonSyntax,
  jsonNonFiniteNumber,
  jsonNumberOverflow,
  jsonNotAnObject,
  jsonDuplicateKey,
  jsonLoneSurrogate,
  jsonNulCharacter,
  jsonTooDeep,
  formatUnknown,
  formatMixed,
  formatMethodMismatch,
  exampleMissingMessages,
  exampleInvalidMessages,
  exampleEmptyMessages,
  exampleUnknownKey,
  exampleExtraKeyMismatch,
  messageNotAnObject,
  messageMissingRole,
  messageUnknownRole,
  messageDeveloperRole,
  messageUnknownKey,
  messageMissingContent,
  messageMissingKey,
  messageInvalidValue,
  messageInvalidPart,
  messageInvalidContent,
  messageEmptyContent,
  messageEmptyAssistant,
  messageEmptyContentParts,
  messageUnsupportedPart,
  messageInvalidName,
  messageInvalidWeight,
  messageWeightOnNonAssistant,
  messagesNoTrainedMessage,
  messagesNoAssistant,
  messagesNoUser,
  messagesLastNotAssistant,
  messagesStartsWithAssistant,
  messagesRoleAlternation,
  messagesConsecutiveAssistant,
  messageSystemPosition,
  messageRefusalWithContent,
  messagesNoSystem,
  messageTooLong,
  toolInvalidDefinition,
  toolsInvalidFunctionName,
  toolInvalidParameters,
  toolInvalidStrict,
  toolsDuplicateFunction,
  toolsEmptyList,
  toolsDeprecatedFunctions,
  toolsToolsAndFunctions,
  toolsInvalidParallelToolCalls,
  toolInvalidCall,
  toolArgumentsNotAString,
  toolsArgumentsNotJson,
  toolsArgumentsMismatch,
  toolsUndeclaredFunction,
  toolUnmatchedResult,
  toolsUnansweredCall,
  toolsDuplicateCallId,
  toolsEmptyCalls,
  toolsCallIdFormat,
  imagesInvalidUrl,
  imagesInvalidDetail,
  imageOutsideUser,
  imagesTooMany,
  imagesTooLarge,
  imagesUnsupportedFormat,
  imagesTooManyExamples,
  imagesModelWithoutVision,
  preferenceMissingKey,
  preferenceRenamedKey,
  preferenceInvalidInput,
  preferenceInvalidOutput,
  preferenceInputEndsWithAssistant,
  preferenceIdenticalOutputs,
  preferenceImage,
  preferenceWeight,
  reinforcementSystemRole,
  reinforcementLastNotUser,
  reinforcementMissingGraderField,
  reinforcementTooManyExamples,
  completionInvalidExample,
  completionEmpty,
  completionNoSeparator,
  completionNoEnding,
  completionLeadingSpace,
  tokensExampleOverLimit,
  tokensNothingTrained,
  tokensBudget,
  datasetTooFewExamples,
  datasetTooManyExamples,
  datasetDuplicate,
  datasetConflictingAnswers,
  datasetLeakage,
  modelUnknown,
  modelMethodUnsupported,
  modelRetired,
] as const;

/** A rule of the catalogue. */
export type Rule = (typeof rules)[number];

/** The id of a rule: `category/what-is-wrong`. */
export type RuleId = Rule['id'];

/** The facts that a diagnostic of this rule carries. */
export type RuleParams<Id extends RuleId> = ParamsOf<Extract<Rule, { id: Id }>>;

/** The id of a rule, of the catalogue or the user's own. */
export type AnyRuleId = RuleId | CustomRuleId;

/** A finding before it is located: the rule and the facts of its message. */
export type Finding =
  | { [Id in RuleId]: { readonly rule: Id; readonly params: RuleParams<Id> } }[RuleId]
  | { readonly rule: CustomRuleId; readonly params: unknown };
