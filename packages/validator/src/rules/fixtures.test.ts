import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  caseBytes,
  caseFlags,
  findRuleCases,
  findStrayFiles,
  flagOptions,
  flagValue,
  formatExpectation,
  parseExpectation,
  type RuleCase,
} from '@tunegate/test-fixtures';
import { describe, expect, test } from 'vitest';
import { createExampleFingerprints } from '../formats/example-fingerprints.js';
import type { ValidateOptions } from '../options.js';
import { validateFile, validateStream } from '../validate.js';

/** For authors: writes down what is found, to be read line by line before it is kept. */
const isUpdating = process.env.TUNEGATE_UPDATE_FIXTURES === '1';

const cases = findRuleCases();

describe('what is found in the case', () => {
  for (const each of cases) {
    const { flags, config } = each.settings;

    test(each.kind === 'ok' ? `${each.id} is nothing` : `${each.id} is what its .out says`, async () => {
      const options = flagOptions(caseFlags({ rule: each.rule, flags }), config);
      const { diagnostics } = await validateStream(caseBytes(each), {
        ...options,
        ...(await training(each, options)),
        ...grader(each),
        fileName: each.fileName,
        excerpts: false,
        maxDiagnostics: Number.MAX_SAFE_INTEGER,
      });
      const found = formatExpectation(diagnostics);
      if (each.kind === 'ok') {
        expect(found).toBe('');
        return;
      }
      if (isUpdating) writeFileSync(each.expectedPath, found);
      const expected = existsSync(each.expectedPath) ? readFileSync(each.expectedPath, 'utf8') : '(there is no .out)';
      expect(found).toBe(expected);
      expect(
        parseExpectation(expected).map(({ rule }) => rule),
        'the rule of the folder is among them',
      ).toContain(each.rule);
    });
  }
});

/** The grader that a case is held against. */
function grader({ settings, directory }: RuleCase): ValidateOptions {
  const file = flagValue(settings.flags ?? [], '--grader');
  return file === undefined ? {} : { grader: JSON.parse(readFileSync(join(directory, file), 'utf8')) as unknown };
}

/** What is known of the training file, for a case that is the validation file beside it. */
async function training({ settings, directory }: RuleCase, options: ValidateOptions): Promise<ValidateOptions> {
  const file = flagValue(settings.flags ?? [], '--train');
  if (file === undefined) return {};
  const fingerprints = createExampleFingerprints();
  await validateFile(join(directory, file), { ...options, split: 'train', collectFingerprints: fingerprints });
  return { trainingFingerprints: fingerprints };
}

test('every file beside the cases belongs to one of them', () => {
  expect(findStrayFiles(cases)).toEqual([]);
});
