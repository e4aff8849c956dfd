import { stageRule } from '../rule.js';

export const fileJsonArray = stageRule({
  id: 'file/json-array',
  severity: 'error',
  stage: 'file',
  description: 'The whole file is one JSON array instead of one example a line.',
  message: (_: Record<string, never>) =>
    'the file is one JSON array, not one example a line; its examples were not checked',
  help: () => 'write each element on a line of its own, without the brackets and the commas between',
});
