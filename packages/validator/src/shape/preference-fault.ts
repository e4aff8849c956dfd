import { type JsonPath, stepInto } from '../json/path.js';
import { describeType, shorten } from '../rules/quote.js';
import { suggest } from '../rules/suggest.js';
import { chatFault } from './chat-fault.js';
import { fault, keyFault, missingFault } from './fault.js';
import type { ShapeError, ShapeFault } from './shape.js';

const KEYS = ['input', 'preferred_output', 'non_preferred_output'] as const;

/** What other tools, and OpenAI's own specification of April 2025, call the outputs. */
const RENAMED: Readonly<Record<string, string>> = {
  preferred_completion: 'preferred_output',
  non_preferred_completion: 'non_preferred_output',
  chosen: 'preferred_output',
  rejected: 'non_preferred_output',
};

/** The finding behind one fault of a preference example. */
export function preferenceFault(error: ShapeError, path: JsonPath, root: object): ShapeFault {
  const value = path.reduce<unknown>(stepInto, root);
  if (path.length === 0) return exampleFault(error, root);
  if (path[0] === 'input') return inputFault(error, path, value, stepInto(root, 'input'));
  const key = String(path[0]);
  const rule = 'preference/invalid-output';
  if (path.length === 1) {
    const found = Array.isArray(value) ? `a list of ${value.length}` : describeType(value);
    return fault(rule, path, { key, found });
  }
  if (path.length === 2 && error.keyword === 'discriminator') {
    const role = stepInto(value, 'role');
    const found = typeof role === 'string' ? `one of the ${shorten(role)}` : 'one without a role';
    return fault(rule, path, { key, found });
  }
  if (path.length === 2 && error.keyword === 'type')
    return fault(rule, path, { key, found: `a list of ${describeType(value)}` });
  // Inside the message it is a conversation like any other, whose list of messages has another name.
  return relocate(chatFault(error, ['messages', ...path.slice(1)], { messages: stepInto(root, key) }), (inside) => [
    key,
    ...inside.slice(1),
  ]);
}

function exampleFault(error: ShapeError, root: object): ShapeFault {
  if (error.keyword === 'required') {
    const key = String(error.params.missingProperty);
    return missingFault('preference/missing-key', [], key, { key });
  }
  const key = String(error.params.additionalProperty);
  const right = Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined;
  if (right !== undefined) {
    const taken = isTaken(key, right, root) ? { isTaken: true as const } : {};
    return keyFault('preference/renamed-key', [key], { key, right, ...taken });
  }
  const suggestion = suggest(key, KEYS);
  const meant = suggestion === undefined ? {} : { suggestion };
  return keyFault('example/unknown-key', [key], { key: shorten(key), known: KEYS, ...meant });
}

/** Whether the example has the output already, under its own name or, before this one, under another. */
function isTaken(key: string, right: string, root: object): boolean {
  return Object.hasOwn(root, right) || Object.keys(root).find((name) => RENAMED[name] === right) !== key;
}

function inputFault(error: ShapeError, path: JsonPath, value: unknown, input: unknown): ShapeFault {
  const rule = 'preference/invalid-input';
  if (path.length === 1) {
    if (error.keyword === 'required') {
      const key = String(error.params.missingProperty);
      return missingFault(rule, path, key, { fault: 'missing', key, found: 'nothing' });
    }
    if (error.keyword === 'additionalProperties') {
      const key = String(error.params.additionalProperty);
      return keyFault(rule, [...path, key], { fault: 'unknown', key: shorten(key), found: 'a key' });
    }
    return fault(rule, path, { fault: 'type', key: 'input', found: describeType(value) });
  }
  return relocate(chatFault(error, path.slice(1), input as object), (inside) => ['input', ...inside]);
}

function relocate(found: ShapeFault, locate: (path: JsonPath) => JsonPath): ShapeFault {
  return { ...found, path: locate(found.path), faulty: locate(found.faulty) };
}
