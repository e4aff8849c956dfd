/**
 * The shape of a supervised chat example: types, required keys, no others. What values mean is for the rules.
 *
 * Source: `FineTuneChatRequestInput` of OpenAI's OpenAPI description (July 2025). Stricter where the server is known to
 * be ("Example 1 contains an extra …", "Example X is missing key 'messages'"), wider where official clients write null
 * for the optional keys of an assistant message.
 */

const textPart = {
  type: 'object',
  properties: { type: { const: 'text' }, text: { type: 'string' } },
  required: ['type', 'text'],
  additionalProperties: false,
};

const imagePart = {
  type: 'object',
  properties: {
    type: { const: 'image_url' },
    image_url: {
      type: 'object',
      properties: { url: { type: 'string' }, detail: { type: 'string' } },
      required: ['url'],
      additionalProperties: false,
    },
  },
  required: ['type', 'image_url'],
  additionalProperties: false,
};

const refusalPart = {
  type: 'object',
  properties: { type: { const: 'refusal' }, refusal: { type: 'string' } },
  required: ['type', 'refusal'],
  additionalProperties: false,
};

const parts = (...oneOf: object[]) => ({
  minItems: 1,
  items: { type: 'object', discriminator: { propertyName: 'type' }, oneOf },
});

const textContent = { type: ['string', 'array'], ...parts(textPart) };

const functionCall = {
  type: 'object',
  properties: { name: { type: 'string' }, arguments: { type: 'string' } },
  required: ['name', 'arguments'],
  additionalProperties: false,
};

const toolCall = {
  type: 'object',
  properties: { id: { type: 'string' }, type: { const: 'function' }, function: functionCall },
  required: ['id', 'type', 'function'],
  additionalProperties: false,
};

const orNull = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] });

const message = (role: string, properties: object, required: string[]) => ({
  type: 'object',
  // `weight` is known in every role: where it may stand, and its value, is for messages/*weight* to say.
  properties: { role: { const: role }, weight: {}, ...properties },
  required: ['role', ...required],
  additionalProperties: false,
});

const name = { type: 'string' };

/** A message of the assistant. */
export const assistantMessageSchema = message(
  'assistant',
  {
    // An empty list is for messages/empty-assistant: with a call beside it there is nothing wrong.
    content: { type: ['string', 'array', 'null'], items: parts(textPart, refusalPart).items },
    name: orNull(name),
    refusal: { type: ['string', 'null'] },
    tool_calls: { type: ['array', 'null'], items: toolCall },
    function_call: orNull(functionCall),
    audio: { type: 'null' },
  },
  [],
);

/** One message: told apart by its role, so that a fault is never reported against the other roles. */
const messageSchema = {
  type: 'object',
  discriminator: { propertyName: 'role' },
  oneOf: [
    message('system', { content: textContent, name }, ['content']),
    message('developer', { content: textContent, name }, ['content']),
    message('user', { content: { type: ['string', 'array'], ...parts(textPart, imagePart) }, name }, ['content']),
    assistantMessageSchema,
    message('tool', { content: textContent, tool_call_id: { type: 'string' } }, ['content', 'tool_call_id']),
    message('function', { content: { type: ['string', 'null'] }, name }, ['content', 'name']),
  ],
};

/** A conversation. What several formats have has an `$id`: it is compiled once, and they refer to it. */
export const messagesSchema = { $id: 'messages', type: 'array', minItems: 1, items: messageSchema };

const functionDefinition = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    parameters: { type: 'object' },
    strict: { type: ['boolean', 'null'] },
  },
  required: ['name'],
  additionalProperties: false,
};

export const toolsSchema = {
  $id: 'tools',
  type: 'array',
  items: {
    type: 'object',
    properties: { type: { const: 'function' }, function: functionDefinition },
    required: ['type', 'function'],
    additionalProperties: false,
  },
};

export const chatSchema = {
  $id: 'chat',
  type: 'object',
  properties: {
    messages: { $ref: 'messages' },
    tools: { $ref: 'tools' },
    functions: { type: 'array', items: functionDefinition },
    parallel_tool_calls: { type: 'boolean' },
  },
  required: ['messages'],
  additionalProperties: false,
};
