import type { CompletionExample } from '../../formats/index.js';
import { isBlankText } from '../blank-text.js';
import { exampleRule } from '../rule.js';

export const completionEmpty = exampleRule({
  id: 'completion/empty',
  severity: 'warning',
  stage: 'example',
  formats: ['completion'],
  description: 'The completion of an example is empty: there is nothing to learn.',
  message: ({ isBlank }: { isBlank: boolean }) =>
    `nothing to learn: the completion ${isBlank ? 'is white space only' : 'is empty'}`,
  help: () => 'write what the model is to answer, or delete the example',
  check({ completion }: CompletionExample, report) {
    if (completion !== undefined && isBlankText(completion)) report(['completion'], { isBlank: completion !== '' });
  },
});
