import { stageRule } from '../rule.js';

export const toolUnmatchedResult = stageRule({
  id: 'tools/unmatched-result',
  severity: 'error',
  stage: 'shape',
  description: 'A message of a tool does not say which call it answers.',
  message: (_: Record<string, never>) => 'a message of the tool without "tool_call_id": it answers no call',
  help: () => 'add the "id" of the assistant’s call that it answers',
});
