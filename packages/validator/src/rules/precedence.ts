import { type JsonPath, toPointer } from '../json/path.js';
import type { RuleId } from './index.js';
import { isMeantAs, likelier } from './meant-key.js';
import type { RuleFinding } from './run.js';

/** Where the second finding stands, seen from the first. */
type Where = 'example' | 'message' | 'next message';

/** Where one mistake would trip two rules: the first silences the second. */
const SILENCES: readonly (readonly [first: string, second: string, where: Where])[] = [
  ['messages/no-assistant', 'messages/last-not-assistant', 'example'],
  ['messages/no-assistant', 'tokens/nothing-trained', 'example'],
  ['messages/no-trained-message', 'tokens/nothing-trained', 'example'],
  ['tools/empty-calls', 'messages/empty-assistant', 'message'],
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
  const misnamed = findMisnamedContents(findings);
  return findings.filter((second) => {
    const isUnknownKey = misnamed.size > 0 && second.finding.rule === UNKNOWN_KEY;
    if (isUnknownKey && misnamed.get(messageOf(second)) === second.path.at(-1)) return false;
    return !SILENCES.some(
      ([rule, silenced, where]) =>
        silenced === second.finding.rule &&
        findings.some((first) => (first.finding.rule as RuleId) === rule && isNear(first.path, second.path, where)),
    );
  });
}

const UNKNOWN_KEY = 'messages/unknown-key' satisfies RuleId;
const NOTHING_MISNAMED: ReadonlyMap<string, string> = new Map();

/**
 * An answer under another name than "content" is one mistake: that the message of the assistant is empty. By message,
 * the key that is the answer; a further one is a mistake of its own.
 */
function findMisnamedContents(findings: readonly RuleFinding[]): ReadonlyMap<string, string> {
  if (!findings.some(({ finding }) => finding.rule === 'messages/empty-assistant')) return NOTHING_MISNAMED;
  const empty = new Set<string>();
  for (const found of findings) if (found.finding.rule === 'messages/empty-assistant') empty.add(messageOf(found));
  const misnamed = new Map<string, string>();
  for (const found of findings) {
    const message = messageOf(found);
    const key = String(found.path.at(-1));
    if (found.finding.rule !== UNKNOWN_KEY || !empty.has(message) || !isMeantAs(key, 'content')) continue;
    misnamed.set(message, likelier(misnamed.get(message), key, 'content'));
  }
  return misnamed;
}

/** Pointer of the message that a finding stands in. */
function messageOf({ path }: RuleFinding): string {
  return toPointer(path.slice(0, path.findIndex((step) => typeof step === 'number') + 1));
}

function isNear(first: JsonPath, second: JsonPath, where: Where): boolean {
  if (where === 'example') return true;
  const index = first.findIndex((step) => typeof step === 'number');
  if (index === -1) return false;
  const message = Number(first[index]) + (where === 'message' ? 0 : 1);
  return first.slice(0, index).every((step, depth) => step === second[depth]) && second[index] === message;
}
