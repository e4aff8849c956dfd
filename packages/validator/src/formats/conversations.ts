import type { JsonPath } from '../json/path.js';
import type { ChatExample } from './chat.js';
import type { FormatName } from './index.js';
import type { PreferenceExample } from './preference.js';

/** What part a conversation plays in its example. */
export type ConversationKind = 'chat' | 'reinforcement' | 'preference-input' | 'preference-output';

/** A conversation, and where it stands in its example. */
export interface Conversation {
  readonly kind: ConversationKind;
  readonly conversation: ChatExample;
  /** The path in the example of a path in the conversation. */
  locate(path: JsonPath): JsonPath;
}

const itself = (path: JsonPath) => path;
const inInput = (path: JsonPath) => ['input', ...path];

/** The conversations of an example: one, or for a preference its input and its two outputs. */
export function conversationsOf(format: FormatName, example: object): readonly Conversation[] {
  switch (format) {
    case 'chat':
      return [{ kind: format, conversation: example as ChatExample, locate: itself }];
    case 'reinforcement': {
      // Every other key is the grader's, whatever it is called and holds: `functions` declares nothing here.
      const { messages, tools } = example as ChatExample;
      const conversation = { ...(messages && { messages }), ...(tools && { tools }) };
      return [{ kind: format, conversation, locate: itself }];
    }
    case 'preference': {
      const { input, preferred_output, non_preferred_output } = example as PreferenceExample;
      const conversations: Conversation[] = [];
      if (input !== undefined) conversations.push({ kind: 'preference-input', conversation: input, locate: inInput });
      for (const [key, messages] of Object.entries({ preferred_output, non_preferred_output })) {
        if (messages === undefined) continue;
        // An output is a list of messages without the key that holds them in a conversation; its tools are the input's.
        const locate = (path: JsonPath) => (path[0] === 'messages' ? [key, ...path.slice(1)] : inInput(path));
        conversations.push({ kind: 'preference-output', conversation: { ...input, messages }, locate });
      }
      return conversations;
    }
    case 'completion':
      return [];
  }
}
