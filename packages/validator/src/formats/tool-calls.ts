import { findTooDeep } from '../json/depth.js';
import { parseJson } from '../json/parse-json.js';
import { stepInto } from '../json/path.js';

/**
 * Whether there is a call of a declared function with arguments of which this is said.
 *
 * Takes in every call that a rule could hold against a schema, and perhaps a few more.
 *
 * @param example - Any parsed line: its shape is not known yet.
 * @param says - Told the `parameters` of the function and the arguments, parsed.
 */
export function someDeclaredCall(example: object, says: (schema: object, value: unknown) => boolean): boolean {
  const input = stepInto(example, 'input');
  const definitions = [...definitionsIn(example), ...definitionsIn(input)];
  if (definitions.length === 0) return false;
  const conversations = [
    stepInto(example, 'messages'),
    stepInto(input, 'messages'),
    stepInto(example, 'preferred_output'),
    stepInto(example, 'non_preferred_output'),
  ];
  return conversations.some((messages) =>
    listOf(messages).some((message) => callsIn(message).some((call) => isSaid(call, definitions, says))),
  );
}

function isSaid(
  call: unknown,
  definitions: readonly unknown[],
  says: (schema: object, value: unknown) => boolean,
): boolean {
  const name = stepInto(call, 'name');
  const text = stepInto(call, 'arguments');
  if (typeof text !== 'string' || text.trim() === '' || findTooDeep(text) !== -1) return false;
  let value: unknown;
  return definitions.some((definition) => {
    const schema = stepInto(definition, 'parameters');
    if (stepInto(definition, 'name') !== name || typeof schema !== 'object' || schema === null) return false;
    try {
      value ??= parseJson(text);
    } catch {
      return false;
    }
    return says(schema, value);
  });
}

function definitionsIn(value: unknown): readonly unknown[] {
  const tools = listOf(stepInto(value, 'tools')).map((tool) => stepInto(tool, 'function'));
  return [...tools, ...listOf(stepInto(value, 'functions'))];
}

function callsIn(message: unknown): readonly unknown[] {
  const calls = listOf(stepInto(message, 'tool_calls')).map((call) => stepInto(call, 'function'));
  const call = stepInto(message, 'function_call');
  return typeof call === 'object' && call !== null ? [...calls, call] : calls;
}

const NOTHING: readonly unknown[] = [];

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NOTHING;
}
