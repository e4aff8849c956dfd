import type { ChatExample, CompletionExample, FormatName, PreferenceExample } from './index.js';

/** What the model is given, as a JSON value to be compared with that of another example; see `fingerprint.ts`. */
export function promptOf(format: FormatName | 'unknown', example: object): unknown {
  switch (format) {
    case 'chat': {
      const { messages = [], tools, functions } = example as ChatExample;
      const last = messages.findLastIndex(({ role, weight }) => role === 'assistant' && weight !== 0);
      return [messages.slice(0, last), tools, functions];
    }
    case 'preference':
      return (example as PreferenceExample).input;
    case 'completion':
      return (example as CompletionExample).prompt;
    default:
      return undefined;
  }
}
