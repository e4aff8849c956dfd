import type {
  ChatExample,
  ChatFunction,
  ChatMessage,
  ChatPart,
  CompletionExample,
  FormatName,
  PreferenceExample,
} from '../formats/index.js';
import type { TokenCounter } from './counter.js';
import type { ExampleTokens } from './example-tokens.js';
import { countImageTokens } from './image-tokens.js';

/*
 * Source of the constants and of the formula: OpenAI cookbook, "How to count tokens with tiktoken", the functions
 * `num_tokens_from_messages` and `num_tokens_for_tools`.
 * An encoding that they do not name has the constant of its nearest relative.
 * The provider publishes no formula for tool calls; their function name and arguments are counted.
 */
const PER_MESSAGE = 3;
const PER_NAME = 1;
const REPLY_PRIMING = 3;
const PER_FUNCTION = { o200k_base: 7, o200k_harmony: 7, cl100k_base: 10, p50k_base: 10, r50k_base: 10 } as const;
const PER_PROPERTIES = 3;
const PER_PROPERTY = 3;
const ENUM_START = -3;
const PER_ENUM_VALUE = 3;
const FUNCTIONS_END = 12;

/**
 * Counts the tokens of one chat example. The count of each text is exact, that of the whole an estimate by the
 * provider's published formula.
 *
 * @param example - Of the right shape; `countTokens` takes any.
 */
export function countChatTokens(example: ChatExample, counter: TokenCounter): ExampleTokens {
  const tally = new ChatTally(countDefinitions(example, counter));
  if (example.messages === undefined) tally.firstTrainedStart = 0;
  for (const message of example.messages ?? []) {
    const { role } = message;
    const others = counter.count(role ?? '') + countName(message, counter);
    tally.add(role, message.weight !== 0, countBody(message, counter), others);
  }
  return tally.end();
}

/** A chat of plain texts that was read and not parsed. */
export interface PlainChat {
  readonly messages: number;
  roleOf(message: number): 'system' | 'user' | 'assistant';
  /** Whether its weight is 0. */
  isUntrained(message: number): boolean;
  /** In UTF-8; valid until the next one is asked for. */
  textOf(message: number): Uint8Array;
}

/** Counts the tokens of a chat of plain texts, as {@link countChatTokens} does. */
export function countPlainChatTokens(chat: PlainChat, counter: TokenCounter): ExampleTokens {
  const tally = new ChatTally(0);
  for (let index = 0; index < chat.messages; index += 1) {
    const role = chat.roleOf(index);
    tally.add(role, !chat.isUntrained(index), counter.countUtf8(chat.textOf(index)), counter.count(role));
  }
  return tally.end();
}

/** Adds up the messages of a chat. */
class ChatTally {
  firstTrainedStart: number | undefined;
  readonly #tools: number;
  #total: number;
  #trained = 0;
  #messages = 0;
  #longest = -1;
  #longestTokens = 0;
  #lastAssistantStart: number | undefined;

  constructor(tools: number) {
    this.#tools = tools;
    this.#total = REPLY_PRIMING + tools;
  }

  /** @param body - Tokens of what it says. @param others - Tokens of its role and its name. */
  add(role: ChatMessage['role'], isTrained: boolean, body: number, others: number): void {
    const tokens = PER_MESSAGE + body + others;
    const start = this.#total - REPLY_PRIMING;
    if (role === 'assistant') {
      this.#lastAssistantStart = start;
      if (isTrained) {
        this.#trained += body;
        this.firstTrainedStart ??= start;
      }
    } else if (role === undefined) this.firstTrainedStart ??= start;
    if (this.#longest === -1 || tokens > this.#longestTokens) {
      this.#longest = this.#messages;
      this.#longestTokens = tokens;
    }
    this.#messages += 1;
    this.#total += tokens;
  }

  end(): ExampleTokens {
    const { firstTrainedStart } = this;
    const lastAssistantStart = this.#lastAssistantStart;
    return {
      total: this.#total,
      trained: this.#trained,
      sequence: this.#total,
      tools: this.#tools,
      ...(this.#longest === -1
        ? {}
        : { longestMessage: { pointer: `/messages/${this.#longest}`, tokens: this.#longestTokens } }),
      ...(lastAssistantStart === undefined ? {} : { lastAssistantStart }),
      ...(firstTrainedStart === undefined ? {} : { firstTrainedStart }),
    };
  }
}

/**
 * Counts the tokens of one example of any format.
 *
 * Of a preference the input and both outputs count, and the outputs are trained on; of a completion its two texts; of
 * a reinforcement example the conversation, of which nothing is trained on as it stands.
 *
 * @param example - Without the parts of the wrong shape.
 */
export function countExampleTokens(format: FormatName, example: object, counter: TokenCounter): ExampleTokens {
  switch (format) {
    case 'chat':
      return countChatTokens(example as ChatExample, counter);
    case 'reinforcement': {
      const { functions: _, ...conversation } = example as ChatExample;
      return { ...countChatTokens(conversation, counter), trained: 0 };
    }
    case 'preference':
      return countPreferenceTokens(example as PreferenceExample, counter);
    case 'completion':
      return countCompletionTokens(example as CompletionExample, counter);
  }
}

function countPreferenceTokens(example: PreferenceExample, counter: TokenCounter): ExampleTokens {
  const { input = {}, preferred_output = [], non_preferred_output = [] } = example;
  const counted = countChatTokens(input, counter);
  const preferred = countChatTokens({ messages: preferred_output }, counter);
  const other = countChatTokens({ messages: non_preferred_output }, counter);
  const start = counted.total - REPLY_PRIMING;
  const longest = [
    { prefix: '/input/messages', message: counted.longestMessage },
    { prefix: '/preferred_output', message: preferred.longestMessage },
    { prefix: '/non_preferred_output', message: other.longestMessage },
  ]
    .flatMap(({ prefix, message }) =>
      message === undefined ? [] : [{ ...message, pointer: message.pointer.replace('/messages', prefix) }],
    )
    .reduce<ExampleTokens['longestMessage']>((a, b) => (a === undefined || b.tokens > a.tokens ? b : a), undefined);
  return {
    total: counted.total + preferred.total + other.total - 2 * REPLY_PRIMING,
    trained: preferred.trained + other.trained,
    sequence: start + Math.max(preferred.total, other.total),
    tools: counted.tools,
    ...(longest === undefined ? {} : { longestMessage: longest }),
    lastAssistantStart: start,
    firstTrainedStart: start,
  };
}

function countCompletionTokens(
  { prompt = '', completion = '' }: CompletionExample,
  counter: TokenCounter,
): ExampleTokens {
  const start = counter.count(prompt);
  const trained = counter.count(completion);
  const total = start + trained;
  return {
    total,
    trained,
    sequence: total,
    tools: 0,
    longestMessage:
      trained > start ? { pointer: '/completion', tokens: trained } : { pointer: '/prompt', tokens: start },
    lastAssistantStart: start,
    firstTrainedStart: start,
  };
}

function countName({ name }: ChatMessage, counter: TokenCounter): number {
  return typeof name === 'string' ? counter.count(name) + PER_NAME : 0;
}

/** What a message says: its content, its refusal and its calls. */
function countBody(message: ChatMessage, counter: TokenCounter): number {
  const { content, refusal, tool_calls, function_call, tool_call_id } = message;
  let tokens = 0;
  if (typeof content === 'string') tokens += counter.count(content);
  else for (const part of content ?? []) tokens += countPart(part, counter);
  if (typeof refusal === 'string') tokens += counter.count(refusal);
  for (const call of tool_calls ?? []) tokens += countCall(call.function ?? {}, counter);
  if (function_call) tokens += countCall(function_call, counter);
  if (tool_call_id !== undefined) tokens += counter.count(tool_call_id);
  return tokens;
}

function countPart(part: ChatPart, counter: TokenCounter): number {
  if (part.type === 'image_url') return countImageTokens(part.image_url?.url, part.image_url?.detail);
  return counter.count(part.text ?? part.refusal ?? '');
}

function countCall(call: { readonly name?: string; readonly arguments?: string }, counter: TokenCounter): number {
  return counter.count(call.name ?? '') + counter.count(call.arguments ?? '');
}

function countDefinitions(example: ChatExample, counter: TokenCounter): number {
  const definitions = [...(example.tools ?? []).map((tool) => tool.function ?? {}), ...(example.functions ?? [])];
  if (definitions.length === 0) return 0;
  return definitions.reduce((sum, definition) => sum + countDefinition(definition, counter), FUNCTIONS_END);
}

function countDefinition({ name = '', description = '', parameters }: ChatFunction, counter: TokenCounter): number {
  let tokens = PER_FUNCTION[counter.encoding] + counter.count(`${name}:${withoutFullStop(description)}`);
  const properties = Object.entries(asObject(parameters?.properties));
  if (properties.length > 0) tokens += PER_PROPERTIES;
  for (const [key, value] of properties) {
    const property = asObject(value);
    tokens += PER_PROPERTY;
    const values = property.enum;
    if (Array.isArray(values)) {
      tokens += ENUM_START;
      for (const entry of values)
        tokens += PER_ENUM_VALUE + counter.count(typeof entry === 'string' ? entry : JSON.stringify(entry));
    }
    const type = typeof property.type === 'string' ? property.type : '';
    const text = typeof property.description === 'string' ? property.description : '';
    tokens += counter.count(`${key}:${type}:${withoutFullStop(text)}`);
  }
  return tokens;
}

function withoutFullStop(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
