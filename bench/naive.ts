/**
 * The naive composition of the same packages, as one would write it from their READMEs: stream-json's JSONL parser →
 * ajv with the provider's schema → tiktoken on every text. One thread, no rules, no positions, no hash.
 * Run as `node dist/naive.js FILE [--tokens exact|off]`.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { Ajv } from 'ajv';
import jsonlParser from 'stream-json/jsonl/parser.js';
import { get_encoding } from 'tiktoken';

/* `FineTuneChatRequestInput` of OpenAI's OpenAPI description (July 2025), with the `required` that it lacks. */
const string = { type: 'string' };
const nullable = (schema: object) => ({ anyOf: [{ type: 'null' }, schema] });
const object = (properties: object, required: string[]) => ({ type: 'object', properties, required });
const array = (items: object, minItems = 0) => ({ type: 'array', items, minItems });
const content = (...parts: object[]) => ({ oneOf: [string, array({ oneOf: parts }, 1)] });

const text = object({ type: { const: 'text' }, text: string }, ['type', 'text']);
const refusal = object({ type: { const: 'refusal' }, refusal: string }, ['type', 'refusal']);
const detail = { enum: ['auto', 'low', 'high'] };
const image = object({ type: { const: 'image_url' }, image_url: object({ url: string, detail }, ['url']) }, [
  'type',
  'image_url',
]);
const audio = object(
  { type: { const: 'input_audio' }, input_audio: object({ data: string, format: { enum: ['wav', 'mp3'] } }, ['data']) },
  ['type', 'input_audio'],
);
const file = object({ type: { const: 'file' }, file: { type: 'object' } }, ['type', 'file']);
const call = object({ name: string, arguments: string }, ['name', 'arguments']);
const toolCall = object({ id: string, type: { const: 'function' }, function: call }, ['id', 'type', 'function']);
const definition = object(
  { name: string, description: string, parameters: { type: 'object' }, strict: nullable({ type: 'boolean' }) },
  ['name'],
);
const message = (role: string, properties: object, required: string[]) =>
  object({ role: { const: role }, ...properties }, ['role', ...required]);

const schema = {
  type: 'object',
  required: ['messages'],
  properties: {
    messages: array(
      {
        oneOf: [
          message('system', { content: content(text), name: string }, ['content']),
          message('user', { content: content(text, image, audio, file), name: string }, ['content']),
          message(
            'assistant',
            {
              content: nullable(content(text, refusal)),
              refusal: nullable(string),
              name: string,
              audio: nullable(object({ id: string }, ['id'])),
              tool_calls: array(toolCall),
              function_call: nullable(call),
              weight: { enum: [0, 1] },
            },
            [],
          ),
          message('tool', { content: content(text), tool_call_id: string }, ['content', 'tool_call_id']),
          message('function', { content: nullable(string), name: string }, ['content', 'name']),
        ],
      },
      1,
    ),
    tools: array(object({ type: { const: 'function' }, function: definition }, ['type', 'function'])),
    parallel_tool_calls: { type: 'boolean' },
    functions: { ...array(definition, 1), maxItems: 128 },
  },
};

/** What the schema lets through, as far as tokens are in it. */
interface ChatExample {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly tools?: readonly { readonly function: FunctionDefinition }[];
}
interface FunctionDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: { readonly properties?: Readonly<Record<string, Property>> };
}
interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
}
type Count = (text: string) => number;

/** The formula of OpenAI's cookbook, "How to count tokens with tiktoken"; of calls the name and the arguments. */
function countExample({ messages, tools = [] }: ChatExample, count: Count): number {
  let tokens = 3;
  for (const message of messages) {
    tokens += 3;
    for (const [key, value] of Object.entries(message)) {
      if (typeof value === 'string') tokens += count(value);
      if (key === 'name') tokens += 1;
      if (key === 'content' && Array.isArray(value)) {
        for (const part of value as { type: string; text?: string; refusal?: string }[]) {
          tokens += part.type === 'image_url' ? 85 : count(part.text ?? part.refusal ?? '');
        }
      }
      if (key === 'tool_calls') {
        for (const { function: called } of value as { function: { name: string; arguments: string } }[]) {
          tokens += count(called.name) + count(called.arguments);
        }
      }
    }
  }
  for (const tool of tools) tokens += countDefinition(tool.function, count);
  return tools.length > 0 ? tokens + 12 : tokens;
}

function countDefinition({ name, description = '', parameters }: FunctionDefinition, count: Count): number {
  let tokens = 7 + count(`${name}:${description.replace(/\.$/, '')}`);
  const properties = Object.entries(parameters?.properties ?? {});
  if (properties.length > 0) tokens += 3;
  for (const [key, property] of properties) {
    tokens += 3 + count(`${key}:${property.type ?? ''}:${(property.description ?? '').replace(/\.$/, '')}`);
    if (property.enum !== undefined) tokens -= 3;
    for (const choice of property.enum ?? []) tokens += 3 + count(String(choice));
  }
  return tokens;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tokens: { type: 'string', default: 'exact' } },
});
const validate = new Ajv().compile<ChatExample>(schema);
const encoding = values.tokens === 'off' ? undefined : get_encoding('o200k_base');
const count: Count = (text) => encoding!.encode_ordinary(text).length;
let examples = 0;
let errors = 0;
let tokens = 0;

await pipeline(
  createReadStream(positionals[0] ?? ''),
  jsonlParser.asStream(),
  async (parsed: AsyncIterable<{ value: unknown }>) => {
    for await (const { value } of parsed) {
      examples += 1;
      if (!validate(value)) errors += 1;
      else if (encoding !== undefined) tokens += countExample(value, count);
    }
  },
);
console.log(JSON.stringify({ examples, errors, ...(encoding === undefined ? {} : { tokens }) }));
