import type { ChatExample, ChatMessage, CompletionExample, FormatName, PreferenceExample } from './index.js';

/** What the model is given, and what it is to answer: JSON values to be compared with those of other examples. */
export interface PromptAndAnswer {
  readonly prompt: unknown;
  readonly answer: unknown;
}

/** Parts an example; `undefined` where it has no such pair. */
export function promptAndAnswer(format: FormatName | 'unknown', example: object): PromptAndAnswer | undefined {
  switch (format) {
    case 'chat':
      return splitChat(example as ChatExample);
    case 'preference': {
      const { input, preferred_output } = example as PreferenceExample;
      return { prompt: input, answer: preferred_output?.map(saidIn) };
    }
    case 'completion': {
      const { prompt, completion } = example as CompletionExample;
      return { prompt, answer: completion };
    }
    default:
      return undefined;
  }
}

/** Up to the last answer that is trained on; an answer without anything before it has no prompt. */
function splitChat({ messages = [], tools, functions }: ChatExample): PromptAndAnswer | undefined {
  const last = messages.findLastIndex(({ role, weight }) => role === 'assistant' && weight !== 0);
  if (last < 1) return undefined;
  return { prompt: [messages.slice(0, last), tools, functions], answer: answerOf(messages[last]!) };
}

/** What a message answers: its text alone, where there is nothing else. */
function answerOf(message: ChatMessage): unknown {
  const { role, content, refusal, tool_calls, function_call } = message;
  const saysMore = refusal || function_call || (tool_calls ?? []).length > 0;
  if (saysMore || typeof content !== 'string' || content === '') return saidIn(message);
  // In two lists a message has the depth that it has in its example, where its fingerprint was made already.
  for (const key in message) if (key !== 'role' && key !== 'content') return [[{ role, content }]];
  return [[message]];
}

/** What a message says: without its weight, and without the ids of its calls, which are made up anew each time. */
function saidIn({ content, refusal, tool_calls, function_call }: ChatMessage): unknown {
  const calls = (tool_calls ?? []).map((call) => call.function);
  return [content ?? '', refusal ?? '', calls, function_call ?? ''];
}
