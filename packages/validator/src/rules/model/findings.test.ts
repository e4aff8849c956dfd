import { describe, expect, it } from 'vitest';
import { findModel, models } from '../../targets/models.js';
import { validateStream } from '../../validate.js';
import type { Finding } from '../index.js';
import { type ModelFacts, reportModelFindings } from './findings.js';

function findingsOf(named: string, facts: Partial<ModelFacts> = {}): Finding[] {
  const found: Finding[] = [];
  reportModelFindings((finding) => found.push(finding), {
    named,
    model: findModel(named),
    models,
    method: undefined,
    format: 'chat',
    today: new Date('2026-11-22T12:00:00Z'),
    ...facts,
  });
  return found;
}

describe('an unknown model', () => {
  it('is said to be unknown, with what was probably meant', () => {
    expect(findingsOf('gtp-4.1-mini-2025-04-14')).toEqual([
      {
        rule: 'model/unknown',
        params: { model: 'gtp-4.1-mini-2025-04-14', suggestion: 'gpt-4.1-mini-2025-04-14' },
      },
    ]);
  });

  it('of a known family is said to be counted as one of it', () => {
    expect(findingsOf('gpt-4.1-2099-01-01')[0]).toMatchObject({
      rule: 'model/unknown',
      params: { encoding: 'o200k_base' },
    });
  });

  it('is quoted with at most 40 characters', () => {
    expect(findingsOf('x'.repeat(1_000))[0]?.params).toEqual({ model: `${'x'.repeat(39)}…` });
  });
});

describe('the method', () => {
  const idsOf = (named: string, facts: Partial<ModelFacts>) => findingsOf(named, facts).map(({ rule }) => rule);
  it.each<[model: string, facts: Partial<ModelFacts>, isUnsupported: boolean]>([
    ['o4-mini', { format: 'chat' }, true],
    ['o4-mini', { format: 'reinforcement' }, false],
    ['o4-mini', { format: 'chat', method: 'reinforcement' }, false],
    ['gpt-4.1', { format: 'preference' }, false],
    ['gpt-4.1', { format: 'unknown' }, false],
    ['gpt-4.1', { format: 'unknown', method: 'reinforcement' }, true],
    ['gpt-4.1', { format: 'completion' }, true],
    ['davinci-002', { format: 'completion' }, false],
    ['davinci-002', { format: 'chat' }, true],
    ['davinci-002', { format: 'preference' }, true],
    ['gpt-4.1-2099-01-01', { format: 'preference' }, false],
  ])('of %s with %o is unsupported: %s', (model, facts, isUnsupported) => {
    expect(idsOf(model, facts).filter((id) => id === 'model/method-unsupported')).toHaveLength(isUnsupported ? 1 : 0);
  });
});

describe('the shutdown', () => {
  const retired = (today: string) =>
    findingsOf('gpt-4.1-mini', { today: new Date(today) }).find(({ rule }) => rule === 'model/retired')?.params;
  it.each([
    ['2026-11-22T12:00:00Z', { days: 53, isPast: false }],
    ['2027-01-13T23:59:59Z', { days: 1, isPast: false }],
    ['2027-01-14T00:00:00Z', { days: 0, isPast: true }],
    ['2027-06-01T00:00:00Z', { days: -138, isPast: true }],
  ])('seen from %s', (today, expected) => {
    expect(retired(today)).toMatchObject({ date: '2027-01-14', ...expected });
  });
});

it('uses the clock that the options give', async () => {
  const message = async (now: string) => {
    const line = new TextEncoder().encode(
      '{"messages":[{"role":"user","content":"Is it there?"},{"role":"assistant","content":"Yes."}]}\n',
    );
    async function* source() {
      yield line;
    }
    const options = { model: 'gpt-4.1-mini', select: ['model/*'], tokens: 'off', now: () => new Date(now) } as const;
    return (await validateStream(source(), options)).diagnostics.map((it) => it.message);
  };
  expect(await message('2026-11-22T12:00:00Z')).toEqual([
    expect.stringContaining('is shut down on 2027-01-14, in 53 days'),
  ]);
  expect(await message('2027-02-01T12:00:00Z')).toEqual([expect.stringContaining('was shut down on 2027-01-14')]);
});
