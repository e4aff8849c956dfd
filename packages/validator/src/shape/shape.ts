import { detectForeignShape, detectFormat } from '../formats/detect.js';
import type { FormatName } from '../formats/index.js';
import { type JsonPath, parsePointer, stepInto, toPointer } from '../json/path.js';
import type { Finding, RuleId } from '../rules/index.js';
import { chatFault } from './chat-fault.js';
import { completionFault } from './completion-fault.js';
import { silenceMeant } from './meant.js';
import { preferenceFault } from './preference-fault.js';
import { validateChat, validateCompletion, validatePreference, validateReinforcement } from './validators.gen.js';

/** What a compiled validator says of one fault. The fields are ajv's; no other folder sees them. */
export interface ShapeError {
  readonly keyword: string;
  /** JSON Pointer to the value that was looked at. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A compiled validator: the faults of the last call hang on the function itself. */
export interface ShapeValidator {
  (data: unknown): boolean;
  errors?: readonly ShapeError[] | null;
}

/** A fault of the shape: a finding, and the value that it makes useless for the rules. */
export interface ShapeFault {
  readonly finding: Finding;
  /** Where the finding points. */
  readonly path: JsonPath;
  readonly at: 'key' | 'value';
  /** What rules may not look at: the missing key, the wrong value, the whole message of an unknown role. */
  readonly faulty: JsonPath;
  /** Nobody is told of it, because another fault says what is wrong. Rules may not look at the value all the same. */
  readonly isSilent?: true;
}

const shapes: Readonly<
  Record<
    FormatName,
    { validate: ShapeValidator; fault: (error: ShapeError, path: JsonPath, root: object) => ShapeFault }
  >
> = {
  chat: { validate: validateChat, fault: chatFault },
  reinforcement: { validate: validateReinforcement, fault: chatFault },
  preference: { validate: validatePreference, fault: preferenceFault },
  completion: { validate: validateCompletion, fault: completionFault },
};

/** Whether an example has exactly the shape of a format. */
export function fitsShape(format: FormatName, example: object): boolean {
  return shapes[format].validate(example);
}

/** The faults in the shape of an example, in no particular order, those that nobody is told of last; empty when there is none. */
export function checkShape(format: FormatName, example: object): ShapeFault[] {
  const { validate, fault } = shapes[format];
  if (validate(example)) return [];
  const faults: ShapeFault[] = [];
  for (const error of validate.errors ?? []) {
    faults.push(fault(error, parsePointer(error.instancePath, example), example));
  }
  const told = silenceRepeated(silenceMeant(silenceForeign(silenceRenamed(faults), format, example)));
  if (told.length === faults.length) return told;
  const places = new Set(told.map(({ faulty }) => toPointer(faulty)));
  const silent = faults.filter(({ faulty }) => !places.has(toPointer(faulty)));
  return [...told, ...silent.map((found) => ({ ...found, isSilent: true as const }))];
}

/**
 * A line that has nothing of its format, and is plainly of another kind, is one mistake: its own keys are not too many,
 * and which key of the format is missing first is no matter.
 */
function silenceForeign(faults: ShapeFault[], format: FormatName, example: object): ShapeFault[] {
  const root = ROOT_KEYS[format];
  const missing = faults.filter(({ finding }) => finding.rule === root?.rule);
  const [first] = missing;
  if (root === undefined || first === undefined || missing.length < root.count) return faults;
  const params = first.finding.params as object;
  // A key that is misspelt is not of another kind.
  if ('suggestion' in params) return faults;
  const other = detectFormat(example);
  const looksLike = other === undefined ? detectForeignShape(example) : `the ${other} format`;
  if (looksLike === undefined) return faults;
  const finding = { rule: root.rule, params: { ...params, looksLike } } as unknown as Finding;
  const left = faults.filter(({ finding: { rule } }) => rule !== 'example/unknown-key' && rule !== root.rule);
  return [{ ...first, finding }, ...left];
}

/** What says that the keys of a format are missing, and how often it does when all of them are. */
const ROOT_KEYS: Readonly<Partial<Record<FormatName, { readonly rule: RuleId; readonly count: number }>>> = {
  chat: { rule: 'example/missing-messages', count: 1 },
  reinforcement: { rule: 'example/missing-messages', count: 1 },
  preference: { rule: 'preference/missing-key', count: 3 },
};

/** A key that was meant as one that is missing is one mistake, not two. */
function silenceRenamed(faults: ShapeFault[]): ShapeFault[] {
  const renamed = new Set<string>();
  for (const { finding } of faults) {
    if (finding.rule === 'example/missing-messages' && finding.params.suggestion !== undefined)
      renamed.add(finding.params.suggestion);
    if (finding.rule === 'messages/missing-role' && finding.params.suggestion !== undefined)
      renamed.add(finding.params.suggestion);
    if (finding.rule === 'preference/renamed-key') renamed.add(finding.params.right);
  }
  if (renamed.size === 0) return faults;
  return faults.filter(({ finding }) => {
    if (finding.rule === 'example/unknown-key') return !renamed.has(finding.params.key);
    return finding.rule !== 'preference/missing-key' || !renamed.has(finding.params.key);
  });
}

/**
 * What is inside a value that the same rule already calls wrong is no further mistake; nor are the keys of a definition
 * that was written in the shape of another interface, where `function` is missing or stands in the wrong place.
 */
function silenceRepeated(faults: ShapeFault[]): ShapeFault[] {
  if (faults.length < 2 || areSideBySide(faults)) return faults;
  // By rule and place: a line may have as many faults as it has values, so none is held against all others.
  const wholes = new Map<string, number>();
  const keyOf = (rule: string, path: JsonPath) => `${rule} ${toPointer(path)}`;
  const addWhole = (key: string) => wholes.set(key, (wholes.get(key) ?? 0) + 1);
  for (const { finding, faulty } of faults) addWhole(keyOf(finding.rule, faulty));
  for (const { finding, path, faulty } of faults) {
    if (finding.rule !== 'tools/invalid-definition' || faulty.length !== path.length + 1) continue;
    const inside = [...path, 'function'];
    if (faulty.at(-1) === 'function' || wholes.has(keyOf(finding.rule, inside))) addWhole(keyOf(finding.rule, path));
  }
  return faults.filter(({ finding, path, faulty }) => {
    // A fault may make more useless than it points at: an unknown role its whole message. That silences others only.
    const own = keyOf(finding.rule, faulty);
    return !path.some((_, length) => {
      const key = keyOf(finding.rule, path.slice(0, length));
      return (wholes.get(key) ?? 0) > (key === own ? 1 : 0);
    });
  });
}

/** Whether none can be inside another: what each makes useless is as deep as the deepest place. */
function areSideBySide(faults: readonly ShapeFault[]): boolean {
  let deepest = 0;
  let shallowest = Number.POSITIVE_INFINITY;
  for (const { finding, path, faulty } of faults) {
    if (finding.rule === 'tools/invalid-definition') return false;
    deepest = Math.max(deepest, path.length);
    shallowest = Math.min(shallowest, faulty.length);
  }
  return shallowest >= deepest;
}

/**
 * A copy of the example in which every faulty value is absent, so that rules can look at the rest.
 *
 * A faulty item of a list becomes `{}`, so that the others keep their numbers.
 */
export function withoutFaults(example: object, faults: readonly ShapeFault[]): object {
  // Only what leads to a fault is copied, and once, however many faults it leads to.
  const copied = new Set<object>();
  const copy = <Value extends object>(value: Value): Value => {
    const own = (Array.isArray(value) ? value.slice() : { ...value }) as Value;
    copied.add(own);
    return own;
  };
  const whole = copy(example);
  for (const { faulty } of faults) {
    const last = faulty.at(-1);
    let parent: object | undefined = whole;
    for (let depth = 0; depth < faulty.length - 1 && parent !== undefined; depth += 1)
      parent = copyInside(parent, faulty[depth]!, copied, copy);
    if (last === undefined || parent === undefined) continue;
    if (Array.isArray(parent)) parent[Number(last)] = {};
    else Reflect.deleteProperty(parent, last);
  }
  return whole;
}

/** The list or object one step inside another one, as a copy in its place. */
function copyInside(
  parent: object,
  step: string | number,
  copied: ReadonlySet<object>,
  copy: <Value extends object>(value: Value) => Value,
): object | undefined {
  const inside = stepInto(parent, step);
  if (typeof inside !== 'object' || inside === null) return undefined;
  if (copied.has(inside)) return inside;
  const own = copy(inside);
  // Not assigned: `__proto__` is a key like any other.
  Object.defineProperty(parent, step, { value: own, writable: true, enumerable: true, configurable: true });
  return own;
}

/** Whether the value at a path, or one that holds it, is among the faults. */
export function isFaultyPath(path: JsonPath, faults: readonly ShapeFault[]): boolean {
  return faults.some(
    ({ faulty }) => faulty.length <= path.length && faulty.every((step, index) => step === path[index]),
  );
}
