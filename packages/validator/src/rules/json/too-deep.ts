import { stageRule } from '../rule.js';

export const jsonTooDeep = stageRule({
  id: 'json/too-deep',
  severity: 'error',
  stage: 'json',
  description: 'Values are nested more than 500 deep; the server’s parser gives up near 990.',
  message: ({ limit }: { limit: number }) =>
    `nested more than ${limit} deep; the server's parser gives up not far above`,
  help: () => 'flatten the value, or store it as text',
});
