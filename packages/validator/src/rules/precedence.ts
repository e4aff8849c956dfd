import { type JsonPath, toPointer } from '../json/path.js';
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

/** What a message of the assistant is, whose answer stands under another name than "content". */
const MISNAMED = 'messages/empty-assistant';
const FIRSTS: ReadonlySet<string> = new Set([...SILENCES.map(([first]) => first), MISNAMED]);

/** The findings of one example without those that another one silences. */
export function withoutSilenced(findings: RuleFinding[]): RuleFinding[] {
  if (findings.length < 2) return findings;
  // By rule, and by rule and message: a line may have as many findings as it has values, so none is held against all.
  const there = new Set<string>();
  for (const { finding, path } of findings) {
    if (!FIRSTS.has(finding.rule)) continue;
    there.add(finding.rule);
    const message = messageOf(path);
    if (message !== undefined) there.add(atMessage(finding.rule, message, 0));
  }
  if (there.size === 0) return findings;
  return findings.filter(({ finding, path }) => {
    const message = messageOf(path);
    const isThere = (first: string, where: Where) => {
      if (where === 'example') return there.has(first);
      return message !== undefined && there.has(atMessage(first, message, where === 'message' ? 0 : 1));
    };
    // An answer under another name than "content" is one mistake: that the message of the assistant is empty.
    const isMisnamed = finding.rule === 'messages/unknown-key' && isMeantAs(finding.params.key, 'content');
    if (isMisnamed && isThere(MISNAMED, 'message')) return false;
    return !SILENCES.some(([first, second, where]) => second === finding.rule && isThere(first, where));
  });
}

/** The message that a path leads into. */
interface Message {
  readonly list: string;
  readonly index: number;
}

function messageOf(path: JsonPath): Message | undefined {
  const depth = path.findIndex((step) => typeof step === 'number');
  return depth === -1 ? undefined : { list: toPointer(path.slice(0, depth)), index: Number(path[depth]) };
}

function atMessage(rule: string, { list, index }: Message, before: number): string {
  return `${rule} ${list} ${index - before}`;
}
