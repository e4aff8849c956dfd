/**
 * The shape of a legacy prompt and completion example.
 *
 * Source: `FineTuneCompletionRequestInput` of OpenAI's OpenAPI description (April 2025).
 */
export const completionSchema = {
  $id: 'completion',
  type: 'object',
  properties: { prompt: { type: 'string' }, completion: { type: 'string' } },
  required: ['prompt', 'completion'],
  additionalProperties: false,
};
