export type { ChatExample, ChatFunction, ChatMessage, ChatPart, ChatTool, ChatToolCall } from './chat.js';
export type { CompletionExample } from './completion.js';
export { type Conversation, type ConversationKind, conversationsOf } from './conversations.js';
export { detectForeignShape, detectFormat, type ForeignShape } from './detect.js';
export type { PreferenceExample } from './preference.js';

/** The kinds of example that fine-tuning datasets hold. */
export const FORMAT_NAMES = ['chat', 'preference', 'reinforcement', 'completion'] as const;

/** A kind of example. */
export type FormatName = (typeof FORMAT_NAMES)[number];
