import type { Severity } from '../diagnostic.js';

/** The roles of OpenAI's chat format. Source: `ChatCompletionRequestMessage` of OpenAI's OpenAPI description. */
export const CHAT_ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

/** A role of the chat format. */
export type ChatRole = (typeof CHAT_ROLES)[number];

/** What one provider accepts, as data. */
export interface Target<Name extends string = string> {
  readonly name: Name;
  /** As the provider writes it, for messages. */
  readonly displayName: string;
  /** Which of the Files API dialects the uploader speaks to it. */
  readonly dialect: 'openai' | 'azure' | 'together' | 'mistral' | 'generic' | 'none';
  /** Roles that a supervised chat example may use. */
  readonly roles: readonly ChatRole[];
  /** Most bytes of the request body of one `create_file`, multipart framing included; absent where no limit is published. */
  readonly maxFileBytes?: number;
  /** The size, in bytes, from which the published limit can be read either way. */
  readonly ambiguousFileBytes?: number;
  /** Fewest examples of a training file; absent where none is published. */
  readonly minExamples?: number;
  /** The encoding and training context that are taken when no model is named. */
  readonly defaults: { readonly encoding: string; readonly maxExampleTokens?: number };
  /** Where this provider's severities differ from the rule's own. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}
