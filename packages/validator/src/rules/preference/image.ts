import type { PreferenceExample } from '../../formats/index.js';
import { findFirstImage } from '../images/images.js';
import { exampleRule } from '../rule.js';

export const preferenceImage = exampleRule({
  id: 'preference/image',
  severity: 'warning',
  stage: 'example',
  formats: ['preference'],
  description: 'A preference example shows an image; preference fine-tuning is documented for text only.',
  message: (_: Record<string, never>) => 'an image in a preference example: the guide says that they are text only',
  help: () => 'describe the image in words, or leave the example out',
  check(example: PreferenceExample, report) {
    const path = findFirstImage('preference', example);
    if (path !== undefined) report(path, {});
  },
});
