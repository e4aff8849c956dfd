import { describe, expect, it } from 'vitest';
import { findModel, type Model, models } from './models.js';

describe('a model is found', () => {
  it.each([
    ['gpt-4.1-mini-2025-04-14', 'gpt-4.1-mini-2025-04-14'],
    ['gpt-4.1-mini', 'gpt-4.1-mini-2025-04-14'],
    ['gpt-4.1', 'gpt-4.1-2025-04-14'],
    ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125'],
    ['ft:gpt-4o-2024-08-06:shop::a1b2c3', 'gpt-4o-2024-08-06'],
    ['ft:gpt-4o:shop:bells:a1b2c3', 'gpt-4o-2024-08-06'],
  ])('under the name %s', (name, id) => {
    const found = findModel(name);
    expect(found?.id).toBe(id);
    expect(found?.isFamilyOnly).toBeUndefined();
  });

  it('in the table that is given', () => {
    const own: Model = { id: 'bicycle-7b', encoding: 'o200k_base', maxExampleTokens: 8_192 };
    expect(findModel('bicycle-7b', [own])).toBe(own);
    expect(findModel('bicycle-7b')).toBeUndefined();
  });
});

it('knows the family of a model that is not in the table, and nothing that the family does not have in common', () => {
  expect(findModel('gpt-4.1-2099-01-01')).toEqual({
    id: 'gpt-4.1-2099-01-01',
    encoding: 'o200k_base',
    isFamilyOnly: true,
  });
  expect(findModel('gpt-4-0613')?.encoding).toBe('cl100k_base');
  expect(findModel('o3-mini')?.methods).toEqual(['reinforcement']);
});

it('knows nothing of a model without a family', () => {
  expect(findModel('bicycle-7b')).toBeUndefined();
  expect(findModel('ft:')).toBeUndefined();
  expect(findModel('')).toBeUndefined();
});

describe.each(models)('$id', ({ id, shutdownDate, methods }) => {
  it('is in the table once', () => {
    expect(models.filter((other) => other.id === id)).toHaveLength(1);
  });

  it('has a method, and a real day where it has a shutdown date', () => {
    expect(methods?.length).toBeGreaterThan(0);
    if (shutdownDate !== undefined) expect(new Date(shutdownDate).toISOString().slice(0, 10)).toBe(shutdownDate);
  });
});
