import type { JsonPath } from '../json/path.js';
import { stepInto } from '../json/path.js';
import { describeType, shorten } from '../rules/quote.js';
import { fault, keyFault, missingFault } from './fault.js';
import type { ShapeError, ShapeFault } from './shape.js';

/** The finding behind one fault of a prompt and completion example. */
export function completionFault(error: ShapeError, path: JsonPath, root: object): ShapeFault {
  const rule = 'completion/invalid-example';
  if (error.keyword === 'required') {
    const key = String(error.params.missingProperty);
    return missingFault(rule, path, key, { fault: 'missing', key, found: 'nothing' });
  }
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    return keyFault(rule, [...path, key], { fault: 'unknown', key: shorten(key), found: 'a key' });
  }
  const found = describeType(path.reduce<unknown>(stepInto, root));
  return fault(rule, path, { fault: 'type', key: String(path.at(-1)), found });
}
