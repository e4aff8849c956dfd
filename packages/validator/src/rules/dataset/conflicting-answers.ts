import type {
  ChatExample,
  ChatMessage,
  CompletionExample,
  FormatName,
  PreferenceExample,
} from '../../formats/index.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';

const MAX_NAMED_LINES = 5;

/** A prompt with more than one answer: where the first few different ones stand. */
interface Conflict {
  readonly place: LinePlace;
  readonly answers: number[];
  readonly lines: number[];
  hasMore: boolean;
}

export const datasetConflictingAnswers = datasetRule({
  id: 'dataset/conflicting-answers',
  severity: 'info',
  stage: 'dataset',
  description: 'One prompt has different answers in the file: one finding a prompt.',
  message: ({ lines, hasMore }: { lines: readonly number[]; hasMore: boolean }) =>
    `different answers to the same prompt in lines ${lines.map(groupDigits).join(', ')}${hasMore ? ', …' : ''}: the model learns a mixture of them`,
  help: () => 'keep the best answer, unless the variety is meant',
  observe({ format }) {
    // Fingerprints only: neither prompts nor answers are kept.
    const firsts = new Map<number, { readonly line: number; readonly answer: number }>();
    const conflicts = new Map<number, Conflict>();
    return {
      example({ line, example, isFaulty, fingerprint, place }) {
        const pair = isFaulty ? undefined : splitExample(format, example);
        if (pair === undefined) return;
        const prompt = fingerprint(pair.prompt);
        const answer = fingerprint(pair.answer);
        const first = firsts.get(prompt);
        if (first === undefined) {
          firsts.set(prompt, { line, answer });
          return;
        }
        const conflict = conflicts.get(prompt);
        if (conflict === undefined) {
          if (answer === first.answer) return;
          conflicts.set(prompt, {
            place: place(),
            answers: [first.answer, answer],
            lines: [first.line, line],
            hasMore: false,
          });
        } else if (!conflict.answers.includes(answer)) {
          if (conflict.lines.length === MAX_NAMED_LINES) conflict.hasMore = true;
          else {
            conflict.answers.push(answer);
            conflict.lines.push(line);
          }
        }
      },
      end(_, report) {
        for (const { place, lines, hasMore } of conflicts.values()) report({ lines, hasMore }, place);
      },
    };
  },
});

/** What the model is given, and what it is to answer; `undefined` where the example has no such pair. */
function splitExample(
  format: FormatName | 'unknown',
  example: object,
): { prompt: unknown; answer: unknown } | undefined {
  switch (format) {
    case 'chat':
      return splitChat(example as ChatExample);
    case 'preference': {
      const { input, preferred_output } = example as PreferenceExample;
      return { prompt: input, answer: preferred_output?.map(saidIn) };
    }
    case 'completion': {
      const { prompt, completion } = example as CompletionExample;
      return { prompt, answer: completion };
    }
    default:
      return undefined;
  }
}

/** Up to the last answer that is trained on; an answer without anything before it has no prompt. */
function splitChat({ messages = [], tools, functions }: ChatExample) {
  const last = messages.findLastIndex(({ role, weight }) => role === 'assistant' && weight !== 0);
  if (last < 1) return undefined;
  return { prompt: [messages.slice(0, last), tools, functions], answer: answerOf(messages[last]!) };
}

/** What a message answers: its text alone, where there is nothing else. */
function answerOf(message: ChatMessage): unknown {
  const { role, content, refusal, tool_calls, function_call } = message;
  const saysMore = refusal || function_call || (tool_calls ?? []).length > 0;
  if (saysMore || typeof content !== 'string' || content === '') return saidIn(message);
  // In two lists a message has the depth that it has in its example, where its fingerprint was made already.
  for (const key in message) if (key !== 'role' && key !== 'content') return [[{ role, content }]];
  return [[message]];
}

/** What a message says: without its weight, and without the ids of its calls, which are made up anew each time. */
function saidIn({ content, refusal, tool_calls, function_call }: ChatMessage): unknown {
  const calls = (tool_calls ?? []).map((call) => call.function);
  return [content ?? '', refusal ?? '', calls, function_call ?? ''];
}
