/**
 * The shape of a reinforcement example: a conversation, and whatever else the grader refers to as `{{ item.… }}`.
 *
 * Source: `FineTuneReinforcementRequestInput` of OpenAI's OpenAPI description (July 2025) and the reinforcement
 * fine-tuning guide ("`messages` and `tools` are the only reserved keywords"). That `system` is not supported is for
 * reinforcement/system-role to say.
 */
export const reinforcementSchema = {
  $id: 'reinforcement',
  type: 'object',
  properties: {
    messages: { $ref: 'messages' },
    tools: { $ref: 'tools' },
  },
  required: ['messages'],
};
