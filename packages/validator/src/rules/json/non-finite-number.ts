import { stageRule } from '../rule.js';

export const jsonNonFiniteNumber = stageRule({
  id: 'json/non-finite-number',
  severity: 'error',
  stage: 'json',
  description: 'The line holds NaN or Infinity, which Python writes and JSON does not have.',
  message: ({ literal }: { literal: string }) => `${literal} is not JSON`,
  help: () => 'write null or a number; in Python, json.dumps(…, allow_nan=False) finds them',
  fix: () => ({ safety: 'unsafe', text: 'null' }),
});
