export type { ChatExample, ChatFunction, ChatMessage, ChatPart } from './chat.js';
export type { CompletionExample } from './completion.js';
export { type ConversationKind, conversationsOf, reinforcementConversation } from './conversations.js';
export { detectFormat } from './detect.js';
export type { PreferenceExample } from './preference.js';

/** A kind of example. */
export type FormatName = 'chat' | 'preference' | 'reinforcement' | 'completion';
