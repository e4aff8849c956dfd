import type { JsonPath } from '../json/path.js';
import type { Finding } from '../rules/index.js';
import type { ShapeFault } from './shape.js';

type ParamsFor<Id extends Finding['rule']> = Extract<Finding, { rule: Id }>['params'];

/** A fault at a value. */
export function fault<Id extends Finding['rule']>(
  rule: Id,
  path: JsonPath,
  params: ParamsFor<Id>,
  faulty: JsonPath = path,
): ShapeFault {
  return { finding: { rule, params } as unknown as Finding, path, at: 'value', faulty };
}

/** A missing key is reported at the object that lacks it; what rules must do without is the key alone. */
export function missingFault<Id extends Finding['rule']>(
  rule: Id,
  path: JsonPath,
  key: string,
  params: ParamsFor<Id>,
): ShapeFault {
  return fault(rule, path, params, [...path, key]);
}

/** A fault at a key. */
export function keyFault<Id extends Finding['rule']>(rule: Id, path: JsonPath, params: ParamsFor<Id>): ShapeFault {
  return { ...fault(rule, path, params), at: 'key' };
}
