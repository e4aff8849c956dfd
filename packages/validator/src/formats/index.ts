export type { ChatExample, ChatFunction, ChatMessage, ChatPart } from './chat.js';
export type { CompletionExample } from './completion.js';
export { type ConversationKind, conversationsOf, reinforcementConversation } from './conversations.js';
export { detectFormat } from './detect.js';
export type { PreferenceExample } from './preference.js';

/** The kinds of examples. */
export const FORMATS = ['chat', 'preference', 'reinforcement', 'completion'] as const;

/** A kind of example. */
export type FormatName = (typeof FORMATS)[number];
