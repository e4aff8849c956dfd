import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { type Diagnostic, validateStream } from '../../index.js';

const messages = [
  { role: 'user', content: 'q' },
  { role: 'assistant', content: 'a' },
];
const plain = JSON.stringify({ messages });
const withSystem = JSON.stringify({ messages: [{ role: 'system', content: 's' }, ...messages] });

async function findIn(lines: readonly string[]): Promise<Diagnostic | undefined> {
  const { diagnostics } = await validateStream(Readable.from([Buffer.from(lines.join('\n'))]), { tokens: 'off' });
  return diagnostics.find(({ rule }) => rule === 'messages/no-system');
}

it('counts an example that cannot be read on neither side', async () => {
  const found = await findIn([plain, '{"messages":', '{"messages":[{"role":"sytem","content":"s"}]}', plain]);
  expect(found?.message).toBe('2 of 2 examples have no message of the system');
  expect(found?.help).toContain('right when none will be sent later');
});

it('says that the model learns both only where both were seen', async () => {
  const found = await findIn([plain, withSystem, '3']);
  expect(found?.message).toBe('1 of 2 examples have no message of the system');
  expect(found?.help).toContain('learns both');
});
