import type { FormatName } from '../formats/index.js';
import { stepInto } from '../json/path.js';
import { rolesFor, unknownRoleParams } from '../rules/messages/unknown-role.js';
import { describeType } from '../rules/quote.js';
import type { Target } from '../targets/target.js';
import { fault } from './fault.js';
import type { ShapeFault } from './shape.js';

/** The faults of a shape that are faults at this target as well: the shapes are those of OpenAI, and others take more. */
export function withoutAllowed(
  faults: readonly ShapeFault[],
  target: Target,
  format: FormatName,
  example: object,
): ShapeFault[] {
  const { exampleKeys, assistantKeys, takesPlainImageUrls } = target;
  return faults.flatMap((found) => {
    const { finding, path, isSilent } = found;
    if (isSilent) return [found];
    const value = path.reduce<unknown>(stepInto, example);
    if (finding.rule === 'messages/unknown-role') {
      // The shape knows the roles of all targets; what is meant is one of this target.
      const params = unknownRoleParams(value, rolesFor(target, format));
      return [{ ...found, finding: { ...finding, params } }];
    }
    if (finding.rule === 'example/unknown-key') return exampleKeys?.includes(String(path[0])) ? [] : [found];
    if (finding.rule === 'messages/invalid-part')
      return takesPlainImageUrls && path.at(-1) === 'image_url' && typeof value === 'string' ? [] : [found];
    const isAllowed =
      finding.rule === 'messages/unknown-key' &&
      finding.params.role === 'assistant' &&
      assistantKeys?.includes(String(path.at(-1)));
    if (!isAllowed) return [found];
    if (typeof value === 'string' || value === null) return [];
    const params = { key: finding.params.key, found: describeType(value), expected: 'a string or null' };
    return [fault('messages/invalid-value', path, params)];
  });
}
