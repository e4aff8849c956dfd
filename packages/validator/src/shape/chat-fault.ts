import { type JsonPath, stepInto } from '../json/path.js';
import { unknownRoleParams } from '../rules/messages/unknown-role.js';
import { describeType, quote, shorten } from '../rules/quote.js';
import { suggest } from '../rules/suggest.js';
import { CHAT_ROLES } from '../targets/target.js';
import { fault, keyFault, missingFault } from './fault.js';
import type { ShapeError, ShapeFault } from './shape.js';

/** Keys by role, for "did you mean". Source: the schema in formats/chat.schema.ts. */
const MESSAGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content', 'name'],
  developer: ['role', 'content', 'name'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'name', 'weight', 'refusal', 'tool_calls', 'function_call'],
  tool: ['role', 'content', 'tool_call_id'],
  function: ['role', 'content', 'name'],
};
const EXAMPLE_KEYS = ['messages', 'tools', 'functions', 'parallel_tool_calls'];
const PART_TYPES: Readonly<Record<string, readonly string[]>> = {
  user: ['text', 'image_url'],
  assistant: ['text', 'refusal'],
};

/** The finding behind one fault of a chat example. */
export function chatFault(error: ShapeError, path: JsonPath, root: object): ShapeFault {
  const value = path.reduce<unknown>(stepInto, root);
  if (path.length === 0) return exampleFault(error, root);
  switch (path[0]) {
    case 'messages':
      return messagesFault(error, path, value, root);
    case 'parallel_tool_calls':
      return fault('tools/invalid-parallel-tool-calls', path, { found: describeType(value) });
    default:
      return definitionFault(error, path, value);
  }
}

function exampleFault(error: ShapeError, root: object): ShapeFault {
  if (error.keyword === 'required') {
    const suggestion = suggest(
      'messages',
      Object.keys(root)
        .slice(0, 50)
        .filter((key) => key !== 'tools'),
    );
    return missingFault('example/missing-messages', [], 'messages', suggestion === undefined ? {} : { suggestion });
  }
  const key = String(error.params.additionalProperty);
  return keyFault('example/unknown-key', [key], {
    key: shorten(key),
    known: EXAMPLE_KEYS,
    ...suggestion(key, EXAMPLE_KEYS, root),
  });
}

function messagesFault(error: ShapeError, path: JsonPath, value: unknown, root: object): ShapeFault {
  if (path.length === 1) {
    return error.keyword === 'minItems'
      ? fault('example/empty-messages', path, {})
      : fault('example/invalid-messages', path, { found: describeType(value) });
  }
  const message = path.slice(0, 2).reduce<unknown>(stepInto, root);
  const named = stepInto(message, 'role');
  // Not `String(…)`: of an object that has a key "toString" there is none.
  const role = typeof named === 'string' ? named : '';
  if (path.length === 2) return messageFault(error, path, value, role);
  switch (path[2]) {
    case 'content':
      return contentFault(error, path, value, role);
    case 'tool_calls':
      return path.length === 3 ? valueFault(path, value, 'an array or null') : callFault(error, path, value, 4);
    case 'function_call':
      return path.length === 3 && error.keyword === 'type'
        ? valueFault(path, value, 'an object or null')
        : callFault(error, path, value, 3);
    case 'name':
      return fault('messages/invalid-name', path, { found: describeType(value) });
    default:
      return valueFault(
        path,
        value,
        path[2] === 'refusal' ? 'a string or null' : path[2] === 'audio' ? 'null' : 'a string',
      );
  }
}

function messageFault(error: ShapeError, path: JsonPath, value: unknown, role: string): ShapeFault {
  switch (error.keyword) {
    case 'discriminator': {
      if (typeof value === 'object' && value !== null && !Object.hasOwn(value, 'role')) {
        const suggestion = suggest('role', Object.keys(value).slice(0, 50), { role: 'from' });
        return fault('messages/missing-role', path, suggestion === undefined ? {} : { suggestion });
      }
      const params = unknownRoleParams(stepInto(value, 'role'), CHAT_ROLES);
      // Without a role nothing else of the message was looked at.
      return fault('messages/unknown-role', [...path, 'role'], params, path);
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      if (key === 'content') return missingFault('messages/missing-content', path, key, { role, isNull: false });
      if (key === 'tool_call_id') return missingFault('tools/unmatched-result', path, key, {});
      return missingFault('messages/missing-key', path, key, { key, role });
    }
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = MESSAGE_KEYS[role] ?? [];
      return keyFault('messages/unknown-key', [...path, key], {
        key: shorten(key),
        role,
        known,
        // A key of another role is no misspelling.
        ...(isMessageKey(key) ? {} : suggestion(key, known, value)),
      });
    }
    default:
      return fault('messages/not-an-object', path, { found: describeType(value) });
  }
}

function isMessageKey(key: string): boolean {
  return Object.values(MESSAGE_KEYS).some((keys) => keys.includes(key));
}

function contentFault(error: ShapeError, path: JsonPath, value: unknown, role: string): ShapeFault {
  if (path.length === 3) {
    if (error.keyword === 'minItems') return fault('messages/empty-content-parts', path, {});
    if (value === null) return fault('messages/missing-content', path, { role, isNull: true });
    return fault('messages/invalid-content', path, { found: describeType(value), isPart: false });
  }
  if (path.length === 4) {
    if (error.keyword === 'type')
      return fault('messages/invalid-content', path, { found: describeType(value), isPart: true });
    if (error.keyword === 'discriminator') {
      const type = stepInto(value, 'type');
      if (type === undefined)
        return fault('messages/invalid-content', path, { found: 'an object without it', isPart: true });
      if (type === 'image_url') return fault('images/outside-user', path, { role });
      return fault(
        'messages/unsupported-part',
        [...path, 'type'],
        { type: showable(type), role, known: PART_TYPES[role] ?? ['text'] },
        path,
      );
    }
  }
  return partlyFault('messages/invalid-part', error, path, value);
}

/** `depth` is how many steps lead to the call itself. */
function callFault(error: ShapeError, path: JsonPath, value: unknown, depth: number): ShapeFault {
  if (error.keyword === 'type' && path.at(-1) === 'arguments') {
    return fault('tools/arguments-not-a-string', path, { found: describeType(value) });
  }
  if (error.keyword === 'type' && path.length === depth) {
    return fault('tools/invalid-call', path, { key: '', fault: 'type', found: describeType(value) });
  }
  return partlyFault('tools/invalid-call', error, path, value);
}

function definitionFault(error: ShapeError, path: JsonPath, value: unknown): ShapeFault {
  const key = path.at(-1);
  if (error.keyword === 'type' && key === 'parameters')
    return fault('tools/invalid-parameters', path, { found: describeType(value) });
  if (error.keyword === 'type' && key === 'strict')
    return fault('tools/invalid-strict', path, { found: describeType(value) });
  const what = path.length === 1 ? `"${key}"` : typeof key === 'number' ? 'a definition' : `"${key}" of a definition`;
  if (error.keyword === 'required') {
    const missing = String(error.params.missingProperty);
    return missingFault('tools/invalid-definition', path, missing, { what, found: `lacks "${missing}"` });
  }
  if (error.keyword === 'additionalProperties') {
    const extra = String(error.params.additionalProperty);
    return keyFault('tools/invalid-definition', [...path, extra], {
      what,
      found: `has an unknown key, ${quote(extra)}`,
    });
  }
  const isWrongType = error.keyword === 'const';
  return fault('tools/invalid-definition', path, {
    what,
    found: isWrongType ? 'is not "function"' : `is ${describeType(value)}`,
  });
}

/** A fault inside a content part or a call: a key missing, unknown or of the wrong type. */
function partlyFault(
  rule: 'messages/invalid-part' | 'tools/invalid-call',
  error: ShapeError,
  path: JsonPath,
  value: unknown,
): ShapeFault {
  if (error.keyword === 'required') {
    const key = String(error.params.missingProperty);
    return missingFault(rule, path, key, { key, fault: 'missing', found: 'nothing' });
  }
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    return keyFault(rule, [...path, key], { key: shorten(key), fault: 'unknown', found: 'a key' });
  }
  const found = error.keyword === 'const' ? `not ${JSON.stringify(error.params.allowedValue)}` : describeType(value);
  return fault(rule, path, { key: String(path.at(-1)), fault: 'type', found });
}

function valueFault(path: JsonPath, value: unknown, expected: string): ShapeFault {
  return fault('messages/invalid-value', path, { key: String(path.at(-1)), found: describeType(value), expected });
}

/** A key that is there already cannot have been meant. */
function suggestion(key: string, known: readonly string[], present: unknown): { suggestion?: string } {
  const found = suggest(
    key,
    known.filter((name) => stepInto(present, name) === undefined),
  );
  return found === undefined ? {} : { suggestion: found };
}

/** A role or a type as a diagnostic may carry it: never longer than what is quoted, never a structure. */
function showable(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value);
  return typeof value === 'object' && value !== null ? describeType(value) : value;
}
