import type { Severity } from '../diagnostic.js';
import type { Encoding } from '../tokens/encodings.js';

/** The roles of OpenAI's chat format. Source: `ChatCompletionRequestMessage` of OpenAI's OpenAPI description. */
export const CHAT_ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

/** A role of the chat format. */
export type ChatRole = (typeof CHAT_ROLES)[number];

/** What a provider takes at most, or at least. A limit that is absent is not checked. */
export interface TargetLimits {
  /** Most bytes of the request body of one `create_file`, multipart framing included. */
  readonly maxFileBytes?: number;
  /** Most bytes of a file that goes in parts (the Uploads API); absent where there is no such way. */
  readonly maxFileBytesInParts?: number;
  /** The size, in bytes, from which the published limit can be read either way. */
  readonly ambiguousFileBytes?: number;
  /** Fewest examples of a training file. */
  readonly minExamples?: number;
  /** Most examples of a training file. */
  readonly maxExamples?: number;
  /** Most tokens × epochs of a job. */
  readonly maxJobTokens?: number;
  /** Most UTF-16 code units of one message's text. */
  readonly maxMessageCharacters?: number;
  /** Most images of one example. */
  readonly maxImages?: number;
  /** Most bytes of one image, decoded. */
  readonly maxImageBytes?: number;
  /** Most examples that hold images. */
  readonly maxImageExamples?: number;
  /** Most examples of a reinforcement training file. */
  readonly maxReinforcementExamples?: number;
  /** Most examples of a reinforcement validation file. */
  readonly maxReinforcementValidExamples?: number;
}

const limitNames: Readonly<Record<keyof TargetLimits, true>> = {
  maxFileBytes: true,
  maxFileBytesInParts: true,
  ambiguousFileBytes: true,
  minExamples: true,
  maxExamples: true,
  maxJobTokens: true,
  maxMessageCharacters: true,
  maxImages: true,
  maxImageBytes: true,
  maxImageExamples: true,
  maxReinforcementExamples: true,
  maxReinforcementValidExamples: true,
};

/** The names of all limits. */
export const LIMIT_NAMES: readonly string[] = Object.keys(limitNames);

/** What one provider accepts, as data. */
export interface Target<Name extends string = string> {
  readonly name: Name;
  /** As the provider writes it, for messages. */
  readonly displayName: string;
  /** Which of the Files API dialects the uploader speaks to it. */
  readonly dialect: 'openai' | 'azure' | 'together' | 'mistral' | 'generic' | 'none';
  /** Roles that a supervised chat example may use. */
  readonly roles: readonly ChatRole[];
  readonly limits: TargetLimits;
  /** Whether images may be links; otherwise they are data URLs only. @default true */
  readonly takesImageLinks?: boolean;
  /** Keys beside those of OpenAI's format that an example may have. @default none */
  readonly exampleKeys?: readonly string[];
  /** Keys beside those of OpenAI's format that an assistant message may have, their values text or null. @default none */
  readonly assistantKeys?: readonly string[];
  /** Whether `image_url` of a content part may be the URL itself. @default false */
  readonly takesPlainImageUrls?: boolean;
  /** Whether a job trains on several files; otherwise a dataset of several files is to be sent as one. @default false */
  readonly trainsOnSeveralFiles?: boolean;
  /** The encoding and training context that are taken when no model is named. */
  readonly defaults: { readonly encoding: Encoding; readonly maxExampleTokens?: number };
  /** Where this provider's severities differ from the rule's own. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}
