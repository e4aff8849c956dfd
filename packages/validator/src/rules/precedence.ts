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

/** What a message of the assistant is, whose answer stands under another name than "content". */
const EMPTY = 'messages/empty-assistant' satisfies RuleId;
const FIRSTS: ReadonlySet<string> = new Set([...SILENCES.map(([first]) => first), EMPTY]);

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
  const misnamed = there.has(EMPTY) ? findMisnamedContents(findings, there) : NOTHING_MISNAMED;
  return findings.filter(({ finding, path }) => {
    const message = messageOf(path);
    const isThere = (first: string, where: Where) => {
      if (where === 'example') return there.has(first);
      return message !== undefined && there.has(atMessage(first, message, where === 'message' ? 0 : 1));
    };
    const isAnswer = finding.rule === UNKNOWN_KEY && message !== undefined && misnamed.size > 0;
    if (isAnswer && misnamed.get(atMessage(EMPTY, message, 0)) === path.at(-1)) return false;
    return !SILENCES.some(([first, second, where]) => second === finding.rule && isThere(first, where));
  });
}

const UNKNOWN_KEY = 'messages/unknown-key' satisfies RuleId;
const NOTHING_MISNAMED: ReadonlyMap<string, string> = new Map();

/**
 * An answer under another name than "content" is one mistake: that the message of the assistant is empty. By message,
 * the key that is the answer; a further one is a mistake of its own.
 */
function findMisnamedContents(
  findings: readonly RuleFinding[],
  there: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const misnamed = new Map<string, string>();
  for (const { finding, path } of findings) {
    const message = messageOf(path);
    const key = String(path.at(-1));
    if (finding.rule !== UNKNOWN_KEY || message === undefined || !isMeantAs(key, 'content')) continue;
    const empty = atMessage(EMPTY, message, 0);
    if (there.has(empty)) misnamed.set(empty, likelier(misnamed.get(empty), key, 'content'));
  }
  return misnamed;
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
