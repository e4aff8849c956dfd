import { expect, it } from 'vitest';
import { validateStream } from './validate.js';

it('finds equal preferences, whatever a rule read of them in between', async () => {
  const preference = (question: string, better: string, worse: string) =>
    JSON.stringify({
      input: { messages: [{ role: 'user', content: question }] },
      preferred_output: [{ role: 'assistant', content: better }],
      non_preferred_output: [{ role: 'assistant', content: worse }],
    });
  const lines = [preference('a', 'x', 'y'), preference('b', 'x', 'y'), preference('a', 'x', 'y')];
  async function* source() {
    yield new TextEncoder().encode(`${lines.join('\n')}\n`);
  }
  const { diagnostics } = await validateStream(source(), { select: ['dataset/duplicate'], tokens: 'off' });
  expect(diagnostics.map(({ line, params }) => [line, params])).toEqual([[3, { firstLine: 1 }]]);
  const all = await validateStream(source(), { tokens: 'off' });
  expect(all.byRule['dataset/duplicate']).toBe(1);
});
