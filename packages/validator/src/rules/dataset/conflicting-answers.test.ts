import { expect, it } from 'vitest';
import { validateStream } from '../../validate.js';

const example = (question: string, answer: string) => ({
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});

async function conflictsIn(examples: readonly object[]) {
  async function* source() {
    for (const each of examples) yield new TextEncoder().encode(`${JSON.stringify(each)}\n`);
  }
  const options = { select: ['dataset/conflicting-answers'], tokens: 'off' } as const;
  return (await validateStream(source(), options)).diagnostics;
}

it('names the first five lines with different answers, and says that there are more', async () => {
  const answers = ['a', 'b', 'a', 'c', 'd', 'e', 'b'];
  const upToFive = answers.map((answer) => example('Which?', answer));
  expect((await conflictsIn(upToFive)).map(({ params }) => params)).toEqual([
    { lines: [1, 2, 4, 5, 6], hasMore: false },
  ]);
  const [six] = await conflictsIn([...upToFive, example('Which?', 'f')]);
  expect(six?.params).toEqual({ lines: [1, 2, 4, 5, 6], hasMore: true });
  expect(six?.message).toContain('in lines 1, 2, 4, 5, 6, …');
});

it('stands at the second answer, with its place in the file', async () => {
  const lines = [example('Ω 🚲', 'ja'), example('What?', 'that'), example('Ω 🚲', 'nein')];
  const [conflict, ...others] = await conflictsIn(lines);
  const sizes = lines.map((line) => Buffer.byteLength(`${JSON.stringify(line)}\n`));
  const start = sizes[0]! + sizes[1]!;
  expect(others).toEqual([]);
  expect(conflict).toMatchObject({
    line: 3,
    column: 1,
    endColumn: JSON.stringify(lines[2]).length + 1,
    byteOffset: [start, start + sizes[2]! - 1],
    pointer: '',
    example: 3,
  });
});

it('says nothing of the texts themselves', async () => {
  const found = await conflictsIn([
    example('a secret question', 'one secret'),
    example('a secret question', 'another'),
  ]);
  expect(JSON.stringify(found)).not.toContain('secret');
});
