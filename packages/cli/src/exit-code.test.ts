import { expect, test } from 'vitest';
import { EXIT, type ExitCode, exitCode, verdictCode } from './exit-code.js';

test.each<[ExitCode[], ExitCode]>([
  [[], 0],
  [[0, 0], 0],
  [[0, 1], 1],
  [[1, 3], 3],
  [[3, 4, 1], 4],
  [[4, 2, 3], 2],
  [[2, 130, 4], 130],
])('of the causes %j the code is %i', (causes, code) => {
  expect(exitCode(causes)).toBe(code);
});

test.each([
  ['nothing found', [{ errors: 0, warnings: 0 }], undefined, EXIT.clean],
  ['an error', [{ errors: 1, warnings: 0 }], undefined, EXIT.findings],
  ['any number of warnings', [{ errors: 0, warnings: 9 }], undefined, EXIT.clean],
  ['as many warnings as allowed', [{ errors: 0, warnings: 2 }], 2, EXIT.clean],
  ['more warnings than allowed', [{ errors: 0, warnings: 3 }], 2, EXIT.findings],
  ['a warning where none is allowed', [{ errors: 0, warnings: 1 }], 0, EXIT.findings],
  [
    'warnings that only together are too many',
    [
      { errors: 0, warnings: 2 },
      { errors: 0, warnings: 1 },
    ],
    2,
    EXIT.findings,
  ],
  [
    'an error in the second of two',
    [
      { errors: 0, warnings: 0 },
      { errors: 3, warnings: 0 },
    ],
    0,
    EXIT.findings,
  ],
])('%s', (_, verdicts, maxWarnings, code) => {
  expect(verdictCode(verdicts, maxWarnings)).toBe(code);
});
