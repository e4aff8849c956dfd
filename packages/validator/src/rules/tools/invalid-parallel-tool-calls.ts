import { stageRule } from '../rule.js';

export const toolsInvalidParallelToolCalls = stageRule({
  id: 'tools/invalid-parallel-tool-calls',
  severity: 'error',
  stage: 'shape',
  description: 'The "parallel_tool_calls" of an example is not true or false.',
  message: ({ found }: { found: string }) => `"parallel_tool_calls" is ${found}; it may be true or false`,
  help: () => 'write true or false without quotes, or leave it out',
});
