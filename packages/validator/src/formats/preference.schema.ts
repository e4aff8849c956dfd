import { assistantMessageSchema } from './chat.schema.js';

/** One of the two answers. */
export const outputSchema = {
  $id: 'output',
  type: 'array',
  minItems: 1,
  maxItems: 1,
  items: { type: 'object', discriminator: { propertyName: 'role' }, oneOf: [assistantMessageSchema] },
};

/**
 * The shape of a preference example.
 *
 * Source: `FineTunePreferenceRequestInput` of OpenAI's OpenAPI description (July 2025); that each output is exactly one
 * assistant message is said by the direct preference optimization guide, that all three keys are needed by the server
 * ("Example 1 is missing key 'input'.").
 */
export const preferenceSchema = {
  $id: 'preference',
  type: 'object',
  properties: {
    input: {
      type: 'object',
      properties: {
        messages: { $ref: 'messages' },
        tools: { $ref: 'tools' },
        parallel_tool_calls: { type: 'boolean' },
      },
      required: ['messages'],
      additionalProperties: false,
    },
    preferred_output: { $ref: 'output' },
    non_preferred_output: { $ref: 'output' },
  },
  required: ['input', 'preferred_output', 'non_preferred_output'],
  additionalProperties: false,
};
