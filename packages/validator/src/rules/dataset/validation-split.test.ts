import { expect, it } from 'vitest';
import type { ValidateOptions } from '../../options.js';
import { validateStream } from '../../validate.js';

const LINE = '{"messages":[{"role":"user","content":"Is it there?"},{"role":"assistant","content":"Yes."}]}\n';

it.each<[rule: string, options: ValidateOptions]>([
  ['dataset/too-many-examples', { target: 'fireworks', limits: { maxExamples: 1 } }],
  ['tokens/budget', { target: 'azure', limits: { maxJobTokens: 10 } }],
])('%s is about the training file, not about the one that is held out', async (rule, options) => {
  const idsIn = async (split: 'train' | 'valid') => {
    async function* source() {
      yield new TextEncoder().encode(LINE.repeat(2));
    }
    const { diagnostics } = await validateStream(source(), { ...options, split, select: [rule] });
    return diagnostics.map((it) => it.rule);
  };
  expect(await idsIn('train')).toEqual([rule]);
  expect(await idsIn('valid')).toEqual([]);
});
