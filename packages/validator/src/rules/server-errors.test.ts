import { readFileSync } from 'node:fs';
import { findRuleCases, parseExpectation, serverErrors } from '@tunegate/test-fixtures';
import { describe, expect, test } from 'vitest';

const cases = new Map(findRuleCases().map((each) => [each.id, each]));

describe('a refusal that servers have given is found before the upload:', () => {
  test.each(serverErrors)('$message', ({ cases: ids }) => {
    for (const id of ids) {
      const each = cases.get(id);
      if (each === undefined) throw new Error(`there is no case ${id}`);
      const found = parseExpectation(readFileSync(each.expectedPath, 'utf8'));
      expect(
        found.map(({ rule }) => rule),
        id,
      ).toContain(each.rule);
    }
  });
});
