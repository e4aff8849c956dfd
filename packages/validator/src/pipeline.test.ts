import { expect, test } from 'vitest';
import type { Diagnostic } from './diagnostic.js';
import { type ValidateOptions, validateStream } from './index.js';

const parameters = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
const tools = [{ type: 'function', function: { name: 'count', parameters } }];
const called = (args: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'How many? 🚲' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'count', arguments: args } }],
      },
    ],
    tools,
  });
const empty = '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":""}]}';

/** Findings of every stage before, between and behind the calls that wait for the checker of their arguments. */
const LINES = [
  empty,
  '{"x":',
  called('{}'),
  '',
  empty,
  'nonsense',
  called('{"n":"1"}'),
  '\x80',
  called('{"n":1}'),
  empty,
];

async function check(bytes: Uint8Array, size: number, options: ValidateOptions = {}): Promise<string[]> {
  const found: Diagnostic[] = [];
  async function* source() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const onDiagnostic = (diagnostic: Diagnostic) => void found.push(diagnostic);
  // What only all examples together show comes at the end, wherever it stands.
  const ignore = ['dataset/*', 'messages/no-system', ...(options.ignore ?? [])];
  await validateStream(source(), { ...options, ignore, tokens: 'off', fileName: 'train.jsonl', onDiagnostic });
  return found.map((diagnostic) => JSON.stringify(diagnostic));
}

test('findings come in the order of the file, and are the same for every chunk size, while a checker is being loaded', async () => {
  for (const repeats of [1, 30]) {
    const text = Array.from({ length: repeats }, () => LINES.join('\n')).join('\n');
    const bytes = Uint8Array.from(
      [...text].flatMap((it) => (it === '\x80' ? [0x80] : [...new TextEncoder().encode(it)])),
    );
    const whole = await check(bytes, bytes.length);
    const lines = whole.map((text) => (JSON.parse(text) as Diagnostic).line ?? Number.MAX_SAFE_INTEGER);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(whole.filter((text) => text.includes('"tools/arguments-mismatch"'))).toHaveLength(2 * repeats);
    for (const size of [1, 7, 64, 1000]) expect(await check(bytes, size)).toEqual(whole);
  }
});

test('a rule that is off needs no checker, and finds nothing', async () => {
  const bytes = new TextEncoder().encode(called('{}'));
  const found = await check(bytes, bytes.length, { ignore: ['tools/arguments-mismatch', 'messages/no-system'] });
  expect(found).toEqual([]);
});
