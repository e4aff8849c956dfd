import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const preferenceRenamedKey = stageRule({
  id: 'preference/renamed-key',
  severity: 'error',
  stage: 'shape',
  description: 'A preference example names an output as other tools, or older documentation, do.',
  message: ({ key, right, isTaken }: { key: string; right: string; isTaken?: true }) =>
    isTaken === undefined
      ? `${quote(key)} is called ${quote(right)}`
      : `${quote(key)} is another name of ${quote(right)}, which the example has already`,
  help: ({ right, isTaken }) => (isTaken === undefined ? `rename it to ${quote(right)}` : 'delete one of the two'),
  // Renamed beside the right one it would be a key that stands twice.
  fix: ({ right, isTaken }) => (isTaken === undefined ? { safety: 'safe', text: JSON.stringify(right) } : undefined),
});
