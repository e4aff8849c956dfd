import { conversationRule } from '../rule.js';

export const toolsInvalidParallelToolCalls = conversationRule({
  id: 'tools/invalid-parallel-tool-calls',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'preference-input', 'preference-output'],
  needs: ['calls'],
  description: 'The "parallel_tool_calls" of an example is not true or false, or false beside several calls at once.',
  message: ({ found, calls }: { found: string; calls?: number }) =>
    calls === undefined
      ? `"parallel_tool_calls" is ${found}; it may be true or false`
      : `"parallel_tool_calls" is false, and this message makes ${calls} calls at once`,
  help: ({ calls }) =>
    calls === undefined
      ? 'write true or false without quotes, or leave it out'
      : 'write "parallel_tool_calls":true, or make the calls one after the other',
  soften: ({ calls }) => (calls === undefined ? undefined : 'warning'),
  // The wrong type is found with the shape. The first message alone is named: the mistake may be the one flag.
  check({ parallel_tool_calls, messages = [] }, report, { isFirst }) {
    if (parallel_tool_calls !== false) return;
    for (let index = 0; index < messages.length; index += 1) {
      const calls = messages[index]!.tool_calls?.length ?? 0;
      if (calls < 2) continue;
      if (isFirst?.('tools/invalid-parallel-tool-calls') === false) return;
      report(['messages', index, 'tool_calls'], { found: 'false', calls });
      return;
    }
  },
});
