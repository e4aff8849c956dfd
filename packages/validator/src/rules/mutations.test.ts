import {
  createRandom,
  createValidDataset,
  type DatasetFormat,
  type ExpectedFinding,
  flagOptions,
  type MutableDataset,
  mutations,
  serializeDataset,
} from '@tunegate/test-fixtures';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostic.js';
import { createExampleFingerprints } from '../formats/example-fingerprints.js';
import { validateStream } from '../validate.js';

const SEEDS = Array.from({ length: 12 }, (_, index) => 7_919 * (index + 1));

describe('a valid dataset has no finding:', () => {
  for (const format of ['chat', 'preference', 'reinforcement', 'completion'] as const satisfies DatasetFormat[]) {
    test(format, async () => {
      for (const seed of SEEDS) {
        const found = await check(createValidDataset(format, createRandom(seed)), 'exact');
        expect(found.map(describeFinding), `seed ${seed}`).toEqual([]);
      }
    });
  }
});

describe('one fault put into a valid dataset is found, at its place and alone:', () => {
  for (const [id, { format = 'chat', mutate }] of Object.entries(mutations)) {
    test(id, async () => {
      for (const seed of SEEDS) {
        const random = createRandom(seed);
        const dataset = createValidDataset(format, random);
        const expected = mutate(dataset, random);
        const found = await check(dataset, id.startsWith('tokens/') ? 'exact' : 'off');
        const others = found.filter((it) => !isExpected(it, expected) && !expected.also?.includes(it.rule));
        expect(others.map(describeFinding), `seed ${seed}: beside ${describeExpected(expected)}`).toEqual([]);
        const hits = found.filter((it) => isExpected(it, expected));
        expect(hits.length, `seed ${seed}: findings of ${describeExpected(expected)}`).toBe(1);
        expect(expected.rule).toBe(id);
      }
    });
  }
});

async function check(dataset: MutableDataset, tokens: 'exact' | 'off'): Promise<readonly Diagnostic[]> {
  const options = { tokens, ...flagOptions(dataset.flags, dataset.config), fileName: dataset.fileName };
  const { training } = dataset;
  if (training === undefined) return (await validateStream(source(serializeDataset(dataset)), options)).diagnostics;
  const fingerprints = createExampleFingerprints();
  const trainingBytes = serializeDataset({ ...dataset, examples: training });
  await validateStream(source(trainingBytes), { ...options, collectFingerprints: fingerprints });
  const split = { split: 'valid', trainingFingerprints: fingerprints } as const;
  return (await validateStream(source(serializeDataset(dataset)), { ...options, ...split })).diagnostics;
}

async function* source(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function isExpected({ rule, example, pointer }: Diagnostic, expected: ExpectedFinding): boolean {
  return (
    rule === expected.rule &&
    example === (expected.example === undefined ? undefined : expected.example + 1) &&
    (expected.pointer === undefined || pointer === expected.pointer)
  );
}

function describeFinding({ rule, example, pointer, message }: Diagnostic): string {
  return `${rule} in example ${example ?? '–'} at "${pointer ?? '–'}": ${message}`;
}

function describeExpected({ rule, example, pointer }: ExpectedFinding): string {
  return `${rule} in example ${example === undefined ? '–' : example + 1} at "${pointer ?? 'any place'}"`;
}
