import { stageRule } from '../rule.js';

export const messageInvalidContent = stageRule({
  id: 'messages/invalid-content',
  severity: 'error',
  stage: 'shape',
  description: 'The content of a message is neither text nor a list of parts.',
  message: ({ found, isPart }: { found: string; isPart: boolean }) =>
    isPart
      ? `a content part is an object with a "type"; this one is ${found}`
      : `content is text or a list of parts, not ${found}`,
  help: ({ isPart }) => (isPart ? 'write {"type":"text","text":"…"}' : 'write the text as a string'),
});
