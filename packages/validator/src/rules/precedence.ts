import type { JsonPath } from '../json/path.js';
import type { RuleId } from './index.js';
import { isMeantAs } from './meant-key.js';
import type { RuleFinding } from './run.js';

/** Where the second finding stands, seen from the first. */
type Where = 'example' | 'message' | 'next message';

/** Where one mistake would trip two rules: the first silences the second. */
const SILENCES: readonly (readonly [first: string, second: string, where: Where])[] = [
  ['messages/no-assistant', 'messages/last-not-assistant', 'example'],
  ['messages/no-assistant', 'tokens/nothing-trained', 'example'],
  ['messages/no-trained-message', 'tokens/nothing-trained', 'example'],
  ['tools/empty-calls', 'messages/empty-assistant', 'message'],
  ['messages/invalid-weight', 'messages/no-trained-message', 'example'],
  ['messages/starts-with-assistant', 'messages/no-user', 'example'],
  // What is missing after a call is its result, whoever speaks next.
  ['tools/unanswered-call', 'messages/consecutive-assistant', 'next message'],
  ['messages/role-alternation', 'messages/consecutive-assistant', 'message'],
  ['messages/role-alternation', 'messages/system-position', 'message'],
  ['dataset/duplicate', 'dataset/conflicting-answers', 'example'],
];

/** The findings of one example without those that another one silences. */
export function withoutSilenced(findings: RuleFinding[]): RuleFinding[] {
  if (findings.length < 2) return findings;
  return findings.filter((second) => {
    if (isMisnamedContent(second, findings)) return false;
    return !SILENCES.some(
      ([rule, silenced, where]) =>
        silenced === second.finding.rule &&
        findings.some((first) => (first.finding.rule as RuleId) === rule && isNear(first.path, second.path, where)),
    );
  });
}

/** An answer under another name than "content" is one mistake: that the message of the assistant is empty. */
function isMisnamedContent({ finding, path }: RuleFinding, findings: readonly RuleFinding[]): boolean {
  if (finding.rule !== 'messages/unknown-key' || !isMeantAs(finding.params.key, 'content')) return false;
  return findings.some(
    (other) => other.finding.rule === 'messages/empty-assistant' && isNear(other.path, path, 'message'),
  );
}

function isNear(first: JsonPath, second: JsonPath, where: Where): boolean {
  if (where === 'example') return true;
  const index = first.findIndex((step) => typeof step === 'number');
  if (index === -1) return false;
  const message = Number(first[index]) + (where === 'message' ? 0 : 1);
  return first.slice(0, index).every((step, depth) => step === second[depth]) && second[index] === message;
}
