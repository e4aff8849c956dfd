import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createSecondLook } from './second-look.js';

const directory = mkdtempSync(join(tmpdir(), 'tunegate-look-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('gives the text of every line that was noted, or follows one that was, however long the lines are', () => {
  const path = join(directory, 'lines.jsonl');
  const line = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('x'.repeat(20_000), 'ö'.repeat(9_000), ''));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60, size: 'max' }), fc.boolean(), (lines, endsOpen) => {
      const texts = lines.map((text) => text.replaceAll('\n', ' '));
      writeFileSync(path, texts.join('\n') + (endsOpen ? '' : '\n'));
      const file = openSync(path, 'r');
      const look = createSecondLook({ descriptor: () => file, release: () => {} }, 64 * 1024);
      let start = 0;
      for (const [index, text] of texts.entries()) {
        look.note(index + 1, start);
        start += Buffer.byteLength(text) + 1;
      }
      for (const [index, text] of texts.entries()) {
        // A text that cannot be written comes back as what was written for it.
        expect(look.textOf(index + 1)).toBe(Buffer.from(text).toString());
      }
      closeSync(file);
    }),
    { numRuns: 40, seed: 20_261_125 },
  );
});

it('says nothing of a line before the first that was noted, and of one that was cut off', () => {
  const path = join(directory, 'cut.jsonl');
  writeFileSync(path, 'a\nb\nc\n');
  const file = openSync(path, 'r+');
  const look = createSecondLook({ descriptor: () => file, release: () => {} }, 1024);
  look.note(2, 2);
  expect(look.textOf(1)).toBeUndefined();
  expect(look.textOf(3)).toBe('c');
  ftruncateSync(file, 3);
  expect(look.textOf(3)).toBeUndefined();
  closeSync(file);
});
