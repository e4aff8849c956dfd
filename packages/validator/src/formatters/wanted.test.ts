import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { validateStream } from '../validate.js';
import { type FormatterName, formatters } from './index.js';

const FAULTS = [
  '{"messages":[{"role":"usr","content":"q"},{"role":"assistant","content":"a","x":1,"y":2}]}',
  '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":""}]}',
  '{"messages":[]}',
  '',
  'nonsense',
];
const LINES = Array.from({ length: 400 }, (_, index) => FAULTS[(index * 7) % FAULTS.length]);

async function written(name: FormatterName, options: { maxErrors?: number; maxPerRule?: number }, isLimited: boolean) {
  const formatter = formatters[name](options);
  let text = '';
  const report = await validateStream(Readable.from([Buffer.from(`${LINES.join('\n')}\n`)]), {
    fileName: 'train.jsonl',
    ...(isLimited ? { maxDiagnosticsPerRule: formatter.wantedPerRule } : {}),
    onDiagnostic: (diagnostic) => {
      text += formatter.diagnostic(diagnostic);
    },
  });
  return text + formatter.report({ ...report, durationMs: 5 }) + formatter.end();
}

const capped = [
  ['pretty', {}],
  ['pretty', { maxErrors: 10, maxPerRule: 0 }],
  ['concise', {}],
  ['concise', { maxPerRule: 2 }],
  ['github', {}],
  ['json', { maxErrors: 5 }],
  ['jsonl', { maxPerRule: 1 }],
] as const;

test.each(capped)('%s %j writes the same when it is given no more diagnostics than it wants', async (name, options) => {
  const all = await written(name, options, false);
  expect(all.length).toBeGreaterThan(500);
  expect(await written(name, options, true)).toBe(all);
});
