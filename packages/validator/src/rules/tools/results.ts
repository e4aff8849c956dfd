import type { ChatExample, ChatMessage } from '../../formats/index.js';
import { oncePerCheck } from '../once-per-check.js';

/** A call that is not answered in time. */
interface UnansweredCall {
  readonly message: number;
  readonly call: number;
  readonly id: string;
}

/** A message of a tool that answers no call before it. */
interface UnmatchedResult {
  readonly message: number;
  readonly id: string;
  /** The first of the calls that were made before it and are never answered. */
  readonly open: readonly string[];
}

/** How the calls and the results of a conversation fit together. */
export interface CallPairs {
  readonly unanswered: readonly UnansweredCall[];
  readonly unmatched: readonly UnmatchedResult[];
}

const NONE: CallPairs = { unanswered: [], unmatched: [] };

/** So many open calls are compared with an id that none of them has. */
const MAX_COMPARED = 64;

/**
 * Pairs the calls of a conversation with the messages of tools.
 *
 * A result may answer any call before it; a call must be answered before the next message of the user or the assistant.
 * A result that answers nothing, or whose id could not be read, stands for one call that waits: they are one mistake.
 */
export const callPairsOf = oncePerCheck(({ messages = [] }: ChatExample, context): CallPairs => {
  if (!hasPairs(messages)) return NONE;
  const unanswered: UnansweredCall[] = [];
  const unmatched: UnmatchedResult[] = [];
  /** Those since the last answer: what they may have meant is known when the next one comes. */
  let waiting: Omit<UnmatchedResult, 'open'>[] = [];
  const known = new Set<string>();
  const open = new Map<string, UnansweredCall>();
  let strays = 0;
  // A message or a call that could not be read may hold what is missed from there on.
  let isComplete = true;

  const settle = () => {
    if (waiting.length === 0) return;
    const ids = firstOf(open.keys());
    for (const result of waiting) unmatched.push({ ...result, open: ids });
    waiting = [];
  };
  const close = () => {
    settle();
    for (const call of open.values()) {
      if (strays > 0) strays -= 1;
      else unanswered.push(call);
    }
    open.clear();
    strays = 0;
  };

  for (const [index, { role, tool_calls, tool_call_id }] of messages.entries()) {
    if (role === undefined) {
      isComplete = false;
      strays += 1;
    } else if (role === 'tool') {
      if (tool_call_id === undefined) strays += 1;
      else if (known.has(tool_call_id)) open.delete(tool_call_id);
      else if (isComplete) {
        waiting.push({ message: index, id: tool_call_id });
        strays += 1;
      } else strays += 1;
    } else if (role === 'user' || role === 'assistant') {
      close();
      if (role === 'user') continue;
      if (tool_calls === undefined && context.isFaulty(['messages', index, 'tool_calls'])) isComplete = false;
      for (const [call, { id }] of (tool_calls ?? []).entries()) {
        if (id === undefined) {
          isComplete = false;
          continue;
        }
        known.add(id);
        if (!open.has(id)) open.set(id, { message: index, call, id });
      }
    }
  }
  settle();
  return { unanswered, unmatched };
});

function hasPairs(messages: readonly ChatMessage[]): boolean {
  for (let index = 0; index < messages.length; index += 1) {
    const { role, tool_calls } = messages[index]!;
    if (role === 'tool' || (tool_calls !== undefined && tool_calls !== null)) return true;
  }
  return false;
}

function firstOf(ids: Iterable<string>): string[] {
  const first: string[] = [];
  for (const id of ids) {
    if (first.length === MAX_COMPARED) break;
    first.push(id);
  }
  return first;
}
