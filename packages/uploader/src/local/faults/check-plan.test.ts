import { describe, expect, it } from 'vitest';
import { checkPlan } from './check-plan.js';

describe('a fault plan from a file', () => {
  it('may be whatever the types allow', () => {
    expect(() =>
      checkPlan([
        { fault: { kind: 'cut' } },
        { on: 'connection', times: 'always', fault: { kind: 'cut', how: 'close' } },
        { on: ['createFile', 'addUploadPart'], nth: 2, chance: 0.5, fault: { kind: 'stall', afterBytes: 'all' } },
        { path: '/v1/*', fault: { kind: 'answer', status: 429, retryAfter: { ms: 5 }, body: { error: {} } } },
      ]),
    ).not.toThrow();
  });

  it.each([
    [{}, 'faults: expected a list'],
    [[5], 'faults[0]: expected an object'],
    [[{}], 'faults[0].fault: expected an object, not nothing'],
    [[{ fault: { kind: 'cutt' } }], 'faults[0].fault.kind: expected one of "cut"'],
    [[{ fault: { kind: 'cut', hwo: 'reset' } }], 'faults[0].fault.hwo: there is no such field'],
    [[{ fault: { kind: 'answer' } }], 'faults[0].fault.status: expected a status from 200 to 599, not nothing'],
    [[{ fault: { kind: 'answer', status: 99 } }], 'not 99'],
    [[{ fault: { kind: 'answer', status: 200, headers: { a: 1 } } }], 'an object of strings'],
    [[{ on: 'createfile', fault: { kind: 'cut' } }], 'faults[0].on: expected one of any, connection, createFile'],
    [[{ nth: 0, fault: { kind: 'cut' } }], 'faults[0].nth: expected a whole number from 1'],
    [[{ chance: 2, fault: { kind: 'cut' } }], 'a number from 0 to 1'],
    [[{ on: 'connection', fault: { kind: 'cut', afterBytes: 5 } }], 'a connection can only be cut'],
    [[{ fault: { kind: 'answer', status: 500, takeEffect: true, afterBytes: 5 } }], 'when all of it is read'],
  ])('%j is refused', (plan, message) => {
    expect(() => checkPlan(plan)).toThrow(expect.objectContaining({ code: 'E_LOCAL_OPTION' }));
    expect(() => checkPlan(plan)).toThrow(message);
  });
});
