import type { RuleId } from './index.js';
import type { RuleFinding } from './run.js';

/** Where one mistake would trip two rules: the first silences the second, in the same example or the same message. */
const SILENCES: readonly (readonly [first: string, second: string, where: 'example' | 'message'])[] = [
  ['messages/no-assistant', 'messages/last-not-assistant', 'example'],
  ['messages/no-assistant', 'tokens/nothing-trained', 'example'],
  ['messages/no-trained-message', 'tokens/nothing-trained', 'example'],
  ['tools/empty-calls', 'messages/empty-assistant', 'message'],
  ['messages/invalid-weight', 'messages/no-trained-message', 'example'],
  ['messages/starts-with-assistant', 'messages/no-user', 'example'],
  ['messages/role-alternation', 'messages/consecutive-assistant', 'message'],
  ['messages/role-alternation', 'messages/system-position', 'message'],
  ['dataset/duplicate', 'dataset/conflicting-answers', 'example'],
];

/** The findings of one example without those that another one silences. */
export function withoutSilenced(findings: RuleFinding[]): RuleFinding[] {
  if (findings.length < 2) return findings;
  return findings.filter(
    ({ finding, path }) =>
      !SILENCES.some(([first, second, where]) => second === finding.rule && isSilenced(first, where, path)),
  );

  function isSilenced(first: string, where: 'example' | 'message', path: RuleFinding['path']): boolean {
    return findings.some(
      (other) => (other.finding.rule as RuleId) === first && (where === 'example' || isSameMessage(other.path, path)),
    );
  }
}

function isSameMessage(a: RuleFinding['path'], b: RuleFinding['path']): boolean {
  const depth = a.findIndex((step) => typeof step === 'number') + 1;
  return depth > 0 && a.slice(0, depth).every((step, index) => step === b[index]);
}
