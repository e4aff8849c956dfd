import { createFingerprintTable } from '../../formats/fingerprint-table.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';
import { createConflicts } from './conflicts.js';

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
  observe({ fingerprintWords, shardLine }) {
    // Fingerprints only: neither prompts nor answers are kept.
    const firsts = createFingerprintTable(fingerprintWords, 2);
    const conflicts = createConflicts();
    return {
      recorded({ line, prompt, answer, place, hasPromptOf }) {
        if (prompt === undefined || answer === undefined) return;
        // Two answers to one prompt are told apart by 32 bits: once in four billion a conflict is not seen.
        const own = answer.words[answer.at]!;
        const known = firsts.find(prompt);
        if (known === -1) {
          firsts.add(prompt, line, own);
          return;
        }
        const firstLine = firsts.get(known, 0);
        const firstAnswer = firsts.get(known, 1);
        if (conflicts.has(firstLine)) conflicts.extend(firstLine, line, own);
        else if (own !== firstAnswer && hasPromptOf(firstLine)) {
          conflicts.add(firstLine, firstAnswer, line, own, place());
        }
      },
      end(_, __, report) {
        for (const { place, lines, hasMore } of conflicts) {
          if (shardLine === undefined) {
            report({ lines, hasMore }, place);
            continue;
          }
          const shards = lines.map(shardLine);
          const params = { lines: shards.map(({ line }) => line), files: shards.map(({ file }) => file), hasMore };
          const { file, line } = shards[1]!;
          report(params, {
            file,
            line,
            pointer: '',
            ...(place.example === undefined ? {} : { example: place.example }),
          });
        }
      },
    };
  },
});
