import type { ChatRole } from '../targets/target.js';

/**
 * A supervised chat example as rules see it: every key that is present has the right shape, one that is faulty is
 * absent (and `RuleContext.isFaulty` says so).
 *
 * Source: `FineTuneChatRequestInput` of OpenAI's OpenAPI description (July 2025).
 */
export interface ChatExample {
  readonly messages?: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[];
  readonly functions?: readonly ChatFunction[];
  readonly parallel_tool_calls?: boolean;
}

/** One message. Keys that its role does not have were already reported and are absent. */
export interface ChatMessage {
  readonly role?: ChatRole;
  readonly content?: string | readonly ChatPart[] | null;
  readonly name?: string | null;
  /** Any JSON value: what is allowed is for messages/invalid-weight to say. */
  readonly weight?: unknown;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ChatToolCall[] | null;
  readonly function_call?: { readonly name?: string; readonly arguments?: string } | null;
  readonly tool_call_id?: string;
}

/** One part of a message whose content is a list. */
export interface ChatPart {
  readonly type?: 'text' | 'image_url' | 'refusal';
  readonly text?: string;
  readonly refusal?: string;
  readonly image_url?: { readonly url?: string; readonly detail?: string };
}

/** A tool definition. */
interface ChatTool {
  readonly type?: 'function';
  readonly function?: ChatFunction;
}

/** A function definition: of a tool, or in the deprecated `functions`. */
export interface ChatFunction {
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean | null;
}

/** A call that an assistant message makes. */
interface ChatToolCall {
  readonly id?: string;
  readonly type?: 'function';
  readonly function?: { readonly name?: string; readonly arguments?: string };
}
