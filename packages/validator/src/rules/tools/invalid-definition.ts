import { stageRule } from '../rule.js';

export const toolInvalidDefinition = stageRule({
  id: 'tools/invalid-definition',
  severity: 'error',
  stage: 'shape',
  description: 'A tool or function definition has not the shape that the provider wants.',
  message: ({ what, found }: { what: string; found: string }) => `${what} ${found}`,
  help: () => 'write {"type":"function","function":{"name":"…","description":"…","parameters":{…}}}',
});
