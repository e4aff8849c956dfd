import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from './validate.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tunegate-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('whoever has seen enough diagnostics', () => {
  const lines = (count: number) => '{"messages":[]}\n'.repeat(count);

  it('ends the source', async () => {
    let isEnded = false;
    async function* source() {
      try {
        for (;;) yield new TextEncoder().encode(lines(1_000));
      } finally {
        isEnded = true;
      }
    }
    for await (const { rule } of diagnose(source(), { tokens: 'off' })) if (rule.length > 0) break;
    expect(isEnded).toBe(true);
  });

  it.runIf(process.platform === 'linux')('closes the file and ends the threads', async () => {
    const path = join(directory, 'many.jsonl');
    writeFileSync(path, lines(500_000));
    for await (const { rule } of diagnose(path, { tokens: 'off', workers: 2 })) if (rule.length > 0) break;
    const open = readdirSync('/proc/self/fd').map((file) => {
      try {
        return readlinkSync(`/proc/self/fd/${file}`);
      } catch {
        return '';
      }
    });
    expect(open).not.toContain(path);
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
  });
});

it('finds the duplicates of a file that was replaced while it was read', async () => {
  const path = join(directory, 'replaced.jsonl');
  const example = (text: string) =>
    `${JSON.stringify({
      messages: [
        { role: 'user', content: text },
        { role: 'assistant', content: 'yes' },
      ],
    })}\n`;
  const broken = `${'x'.repeat(2_000)}\n`.repeat(1_000);
  writeFileSync(path, example('first') + example('second') + broken + example('first'));
  const diagnostics = diagnose(path, { tokens: 'off', workers: 1 });
  await diagnostics.next();
  rmSync(path);
  writeFileSync(path, example('other').repeat(3));
  const found: unknown[] = [];
  for await (const diagnostic of diagnostics) if (diagnostic.rule === 'dataset/duplicate') found.push(diagnostic);
  expect(found).toMatchObject([{ line: 1_003, params: { firstLine: 1 } }]);
});
