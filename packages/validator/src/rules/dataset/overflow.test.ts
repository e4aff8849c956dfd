import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOverflowFiles } from '../../reader/overflow-files.js';
import { targets } from '../../targets/index.js';
import type { DatasetContext, LinePlace, RecordedExample } from '../rule.js';
import { datasetConflictingAnswers } from './conflicting-answers.js';
import { datasetDuplicate } from './duplicate.js';

const context: DatasetContext = {
  target: targets.openai,
  format: 'chat',
  model: undefined,
  split: 'train',
  training: undefined,
  fingerprintWords: 2,
};
const fingerprint = (value: number) => ({ words: Uint32Array.of(value * 50_000_000, value), at: 0 });
const placeOf = (line: number): LinePlace => ({
  line,
  column: 1,
  endLine: line,
  endColumn: 9,
  byteOffset: [line * 10, line * 10 + 8],
  pointer: '',
  example: line,
});
const end = { examples: 0, epochs: 1, isSame: () => true, hasSamePrompt: () => true };

/** What the two rules find among examples of which prompt and answer are given, when so many are kept in memory. */
function find(examples: readonly (readonly [prompt: number, answer: number])[], after: number) {
  const room = createOverflowFiles(after);
  const found: string[] = [];
  const note = (params: unknown, place?: LinePlace) => found.push(JSON.stringify([params, place]));
  const rules = [
    datasetDuplicate.observe({ ...context, overflow: room }),
    datasetConflictingAnswers.observe({ ...context, overflow: room }),
  ] as const;
  for (const [index, [prompt, answer]] of examples.entries()) {
    const place = placeOf(index + 1);
    const seen: RecordedExample = {
      line: index + 1,
      fingerprint: fingerprint(prompt * 7 + answer),
      prompt: fingerprint(prompt),
      answer: fingerprint(answer),
      place: () => place,
      isSameAs: () => true,
      hasPromptOf: () => true,
    };
    for (const rule of rules) rule.recorded?.(seen, (params: unknown) => note(params, place));
  }
  for (const rule of rules) rule.end?.(undefined, end, note);
  room.close();
  return found.sort();
}

it('examples that are too many for the memory are compared all the same', () => {
  const example = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(
      fc.array(example, { maxLength: 120, size: 'max' }),
      fc.integer({ min: 0, max: 8 }),
      (examples, after) => {
        expect(find(examples, after)).toEqual(find(examples, 1_000_000));
      },
    ),
    { numRuns: 60, seed: 20_261_125 },
  );
});
