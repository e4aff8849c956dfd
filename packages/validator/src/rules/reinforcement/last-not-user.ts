import { conversationRule } from '../rule.js';

export const reinforcementLastNotUser = conversationRule({
  id: 'reinforcement/last-not-user',
  severity: 'error',
  stage: 'example',
  conversations: ['reinforcement'],
  description: 'The last message of a reinforcement example is not the user’s.',
  message: ({ role }: { role: string }) =>
    `the last message is the ${role}’s; reinforcement fine-tuning takes examples that end with the user, and lets the model answer`,
  help: ({ role }) =>
    role === 'assistant'
      ? 'move the answer to a key of its own, such as "reference_answer", for the grader to read'
      : 'end the example with a message of the user',
  check({ messages = [] }, report) {
    const last = messages.length - 1;
    const role = messages[last]?.role;
    if (role !== undefined && role !== 'user') report(['messages', last, 'role'], { role });
  },
});
