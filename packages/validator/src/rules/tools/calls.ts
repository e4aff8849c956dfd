import type { ChatExample, ChatFunction } from '../../formats/index.js';
import { findTooDeep } from '../../json/depth.js';
import { parseJson } from '../../json/parse-json.js';
import { explainSyntax } from '../../json/syntax.js';
import { oncePerCheck } from '../once-per-check.js';
import type { JsonPath } from '../rule.js';

/** What the arguments of a call are. */
type CallArguments =
  | { readonly kind: 'object'; readonly value: object }
  | { readonly kind: 'other'; readonly value: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'broken'; readonly reason: string }
  /** Nested deeper than any line may be: not looked at. */
  | { readonly kind: 'too-deep' };

/** A call of a function, by `tool_calls` or the deprecated `function_call`; what is faulty is absent. */
export interface Call {
  /** Path of the object that holds name and arguments. */
  readonly path: JsonPath;
  readonly name?: string;
  readonly arguments?: CallArguments;
}

/** A function that the example declares. */
export interface Definition {
  /** Path of the object that holds name and parameters. */
  readonly path: JsonPath;
  readonly list: 'tools' | 'functions';
  readonly definition: ChatFunction;
}

const NO_CALLS: readonly Call[] = [];
const NO_DEFINITIONS: readonly Definition[] = [];

/** The calls of a conversation, in their order, their arguments parsed. */
export const callsOf = oncePerCheck(({ messages = [] }: ChatExample): readonly Call[] => {
  let calls: Call[] | undefined;
  for (let index = 0; index < messages.length; index += 1) {
    const { tool_calls, function_call } = messages[index]!;
    if (tool_calls === undefined && function_call === undefined) continue;
    calls ??= [];
    for (const [position, call] of (tool_calls ?? []).entries()) {
      if (call.function !== undefined)
        calls.push(readCall(call.function, ['messages', index, 'tool_calls', position, 'function']));
    }
    if (function_call) calls.push(readCall(function_call, ['messages', index, 'function_call']));
  }
  return calls ?? NO_CALLS;
});

/** The functions that a conversation declares, in `tools` and in the deprecated `functions`. */
export const definitionsOf = oncePerCheck(({ tools, functions }: ChatExample): readonly Definition[] => {
  if (tools === undefined && functions === undefined) return NO_DEFINITIONS;
  const found: Definition[] = [];
  for (const [index, tool] of (tools ?? []).entries()) {
    if (tool.function !== undefined)
      found.push({ path: ['tools', index, 'function'], list: 'tools', definition: tool.function });
  }
  for (const [index, definition] of (functions ?? []).entries())
    found.push({ path: ['functions', index], list: 'functions', definition });
  return found;
});

function readCall({ name, arguments: text }: { name?: string; arguments?: string }, path: JsonPath): Call {
  return {
    path,
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { arguments: parseArguments(text) }),
  };
}

function parseArguments(text: string): CallArguments {
  if (text.trim() === '') return { kind: 'empty' };
  if (findTooDeep(text) !== -1) return { kind: 'too-deep' };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    const { finding } = explainSyntax(text);
    return { kind: 'broken', reason: finding.rule === 'json/syntax' ? finding.params.reason : 'non-finite-number' };
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { kind: 'object', value: value as object } : { kind: 'other', value };
}
