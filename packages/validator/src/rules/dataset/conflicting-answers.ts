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
  observe() {
    // Fingerprints only: neither prompts nor answers are kept.
    const firsts = new Map<number, { readonly line: number; readonly answer: number }>();
    const conflicts = new Map<number, Conflict>();
    return {
      example({ line, isFaulty, pair, place }) {
        if (isFaulty || pair === undefined) return;
        const { prompt, answer } = pair;
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
