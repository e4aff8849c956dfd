export type { ChatExample, ChatFunction, ChatMessage, ChatPart, ChatTool, ChatToolCall } from './chat.js';

/** The kinds of example that fine-tuning datasets hold. */
export const FORMAT_NAMES = ['chat', 'preference', 'reinforcement', 'completion'] as const;

/** A kind of example. */
export type FormatName = (typeof FORMAT_NAMES)[number];
