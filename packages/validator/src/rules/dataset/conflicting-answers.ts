import type { FingerprintOverflow } from '../../formats/fingerprint-overflow.js';
import { createFingerprintTable } from '../../formats/fingerprint-table.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';
import { createConflicts } from './conflicts.js';
import { PLACE_NUMBERS, placeFromNumbers, placeToNumbers } from './place-numbers.js';

export const datasetConflictingAnswers = datasetRule({
  id: 'dataset/conflicting-answers',
  severity: 'info',
  stage: 'dataset',
  description: 'One prompt has different answers in the file: one finding a prompt.',
  message: ({
    lines,
    files,
    hasMore,
  }: {
    lines: readonly number[];
    /** Where each of the lines stands, when the dataset is several files. */
    files?: readonly string[];
    hasMore: boolean;
  }) =>
    `different answers to the same prompt in ${files === undefined ? 'lines ' : ''}${lines.map((line, index) => (files === undefined ? groupDigits(line) : `${files[index]}:${line}`)).join(', ')}${hasMore ? ', …' : ''}: the model learns a mixture of them`,
  help: () => 'keep the best answer, unless the variety is meant',
  observe({ fingerprintWords, overflow }) {
    // Fingerprints only: neither prompts nor answers are kept.
    const firsts = createFingerprintTable(fingerprintWords, 2);
    const conflicts = createConflicts();
    let others: FingerprintOverflow | undefined;
    return {
      recorded({ line, prompt, answer, place, hasPromptOf }) {
        if (prompt === undefined || answer === undefined) return;
        // Two answers to one prompt are told apart by 32 bits: once in four billion a conflict is not seen.
        const own = answer.words[answer.at]!;
        const known = firsts.find(prompt);
        if (known === -1) {
          if (overflow === undefined || firsts.size < overflow.after) firsts.add(prompt, line, own);
          else {
            others ??= overflow.open(fingerprintWords, PLACE_NUMBERS + 1);
            others.add(prompt, [...placeToNumbers(place()), own]);
          }
          return;
        }
        const firstLine = firsts.get(known, 0);
        const firstAnswer = firsts.get(known, 1);
        if (conflicts.has(firstLine)) conflicts.extend(firstLine, line, own);
        else if (own !== firstAnswer && hasPromptOf(firstLine)) {
          conflicts.add(firstLine, firstAnswer, line, own, place());
        }
      },
      end(_, { hasSamePrompt }, report) {
        for (const { place, lines, hasMore } of conflicts) report({ lines, hasMore }, place);
        for (const group of others?.groups() ?? []) {
          const found = createConflicts();
          const [first, ...again] = group;
          const firstLine = first![0]!;
          for (const numbers of again) {
            const line = numbers[0]!;
            const answer = numbers[PLACE_NUMBERS]!;
            if (found.has(firstLine)) found.extend(firstLine, line, answer);
            else if (answer !== first![PLACE_NUMBERS] && hasSamePrompt(firstLine, line)) {
              found.add(firstLine, first![PLACE_NUMBERS]!, line, answer, placeFromNumbers(numbers, 0));
            }
          }
          for (const { place, lines, hasMore } of found) report({ lines, hasMore }, place);
        }
      },
    };
  },
});
