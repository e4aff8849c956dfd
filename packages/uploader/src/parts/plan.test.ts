import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generic } from '../dialects/generic.js';
import { openai } from '../dialects/openai.js';
import { ConfigError } from '../errors.js';
import { goesInParts, normalizePartsOptions, stretchesOf } from './plan.js';

describe('the way in which a file goes', () => {
  const auto = normalizePartsOptions({});

  it('is in parts from 100 MB on, where the dialect has them and the purpose is one of theirs', () => {
    expect(goesInParts(auto, openai, 'fine-tune', 99_999_999)).toBe(false);
    expect(goesInParts(auto, openai, 'fine-tune', 100_000_000)).toBe(true);
    expect(goesInParts(auto, openai, 'user_data', 100_000_000)).toBe(false);
    expect(goesInParts(auto, generic, 'fine-tune', 100_000_000)).toBe(false);
  });

  it('is what the caller says, whatever the size', () => {
    expect(goesInParts(normalizePartsOptions({ parts: 'always' }), generic, 'evals', 1)).toBe(true);
    expect(goesInParts(normalizePartsOptions({ parts: 'never' }), openai, 'fine-tune', 1e10)).toBe(false);
  });

  it('keeps what was sent for the next call only where the next call can know of it', () => {
    expect(auto.keepForResume).toBe(false);
    expect(normalizePartsOptions({ stateDir: '/x' }).keepForResume).toBe(true);
    expect(normalizePartsOptions({ stateDir: '/x', keepForResume: false }).keepForResume).toBe(false);
  });
});

describe('the parts of a file', () => {
  it('follow each other without a gap, and together are the file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e7 }), fc.integer({ min: 1000, max: 1e7 }), (size, partSize) => {
        const stretches = stretchesOf(size, partSize);
        let end = 0;
        for (const [index, { offset, length }] of stretches.entries()) {
          expect(offset).toBe(end);
          expect(length).toBeGreaterThan(0);
          if (index < stretches.length - 1) expect(length).toBe(partSize);
          end += length;
        }
        expect(end).toBe(size);
      }),
    );
  });

  it('are not more than a server can be expected to take', () => {
    expect(stretchesOf(10_000, 1)).toHaveLength(10_000);
    expect(() => stretchesOf(10_001, 1)).toThrow(ConfigError);
  });
});
