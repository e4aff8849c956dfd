import { valueFingerprint } from '../../formats/fingerprint.js';
import type { PreferenceExample } from '../../formats/index.js';
import { exampleRule } from '../rule.js';

export const preferenceIdenticalOutputs = exampleRule({
  id: 'preference/identical-outputs',
  severity: 'warning',
  stage: 'example',
  formats: ['preference'],
  description: 'The preferred and the non-preferred output are the same.',
  message: (_: Record<string, never>) =>
    'both outputs are the same: the example is paid for and says nothing about what is preferred',
  help: () => 'delete the example, or put the worse answer here',
  check({ preferred_output, non_preferred_output }: PreferenceExample, report, { isFaulty }) {
    const [better, worse] = [preferred_output?.[0], non_preferred_output?.[0]];
    if (better === undefined || worse === undefined) return;
    // Nearly always two texts that differ: then nothing else needs a look.
    if (typeof better.content === 'string' && typeof worse.content === 'string' && better.content !== worse.content)
      return;
    if (isFaulty(['preferred_output', 0]) || isFaulty(['non_preferred_output', 0])) return;
    if (valueFingerprint(withoutNulls(better)) === valueFingerprint(withoutNulls(worse)))
      report(['non_preferred_output'], {});
  },
});

/** Clients write null for the keys that a message has nothing under. */
function withoutNulls(message: object): object {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));
}
