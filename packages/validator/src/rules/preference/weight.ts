import type { PreferenceExample } from '../../formats/index.js';
import { exampleRule } from '../rule.js';

const OUTPUTS = ['preferred_output', 'non_preferred_output'] as const;

export const preferenceWeight = exampleRule({
  id: 'preference/weight',
  severity: 'warning',
  stage: 'example',
  formats: ['preference'],
  description: 'An output of a preference example has a weight, which the published schema does not have there.',
  message: (_: Record<string, never>) => 'an output with a "weight": the published schema has none there',
  help: () => 'delete "weight"',
  check(example: PreferenceExample, report) {
    for (const key of OUTPUTS) {
      const messages = example[key];
      if (messages === undefined) continue;
      for (const [index, { weight }] of messages.entries()) {
        if (weight !== undefined && weight !== null) report([key, index, 'weight'], {}, 'key');
      }
    }
  },
});
