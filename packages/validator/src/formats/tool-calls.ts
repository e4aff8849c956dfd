import { stepInto } from '../json/path.js';

/**
 * Whether an example both declares functions and calls one, so that arguments can be held against parameters.
 *
 * @param example - Any parsed line: its shape is not known yet.
 */
export function hasDeclaredCalls(example: object): boolean {
  const input = stepInto(example, 'input');
  if (!isDeclaring(example) && !isDeclaring(input)) return false;
  return [
    stepInto(example, 'messages'),
    stepInto(input, 'messages'),
    stepInto(example, 'preferred_output'),
    stepInto(example, 'non_preferred_output'),
  ].some((messages) => Array.isArray(messages) && messages.some(isCalling));
}

function isDeclaring(value: unknown): boolean {
  return isFilled(stepInto(value, 'tools')) || isFilled(stepInto(value, 'functions'));
}

function isCalling(message: unknown): boolean {
  return (
    isFilled(stepInto(message, 'tool_calls')) || typeof (stepInto(message, 'function_call') ?? undefined) === 'object'
  );
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
