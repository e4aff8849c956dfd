import { stageRule } from '../rule.js';

export const imageOutsideUser = stageRule({
  id: 'images/outside-user',
  severity: 'error',
  stage: 'shape',
  description: 'An image stands in a message that is not the user’s.',
  message: ({ role }: { role: string }) => `an image in a message of the ${role}; only users may show images`,
  help: () => 'move the image to a message of the user',
});
