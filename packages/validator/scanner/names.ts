import { CALL, CALLED, EXAMPLE, MESSAGE } from './kinds';

/** Keys that mean something; 0 is any other. */
export const MESSAGES_KEY: u32 = 1;
export const TOOLS_KEY: u32 = 2;
export const FUNCTIONS_KEY: u32 = 3;
export const PARALLEL_KEY: u32 = 4;
export const INPUT_KEY: u32 = 5;
export const PREFERRED_KEY: u32 = 6;
export const PROMPT_KEY: u32 = 7;
export const COMPLETION_KEY: u32 = 8;
export const ROLE_KEY: u32 = 9;
export const CONTENT_KEY: u32 = 10;
export const WEIGHT_KEY: u32 = 11;
export const REFUSAL_KEY: u32 = 12;
export const CALLS_KEY: u32 = 13;
export const FUNCTION_CALL_KEY: u32 = 14;
export const CALL_ID_KEY: u32 = 15;
export const NAME_KEY: u32 = 16;
export const FUNCTION_KEY: u32 = 17;
export const ID_KEY: u32 = 18;
export const TYPE_KEY: u32 = 19;
export const ARGUMENTS_KEY: u32 = 20;

/** Which of the keys that mean something a text is, in an object that plays this part. */
export function memberOf(context: u32, at: usize, length: usize): u32 {
  switch (context) {
    case MESSAGE: {
      if (is(at, length, 'role')) return ROLE_KEY;
      if (is(at, length, 'content')) return CONTENT_KEY;
      if (is(at, length, 'weight')) return WEIGHT_KEY;
      if (is(at, length, 'refusal')) return REFUSAL_KEY;
      if (is(at, length, 'tool_calls')) return CALLS_KEY;
      if (is(at, length, 'function_call')) return FUNCTION_CALL_KEY;
      if (is(at, length, 'tool_call_id')) return CALL_ID_KEY;
      return is(at, length, 'name') ? NAME_KEY : 0;
    }
    case EXAMPLE: {
      if (is(at, length, 'messages')) return MESSAGES_KEY;
      if (is(at, length, 'tools')) return TOOLS_KEY;
      if (is(at, length, 'functions')) return FUNCTIONS_KEY;
      if (is(at, length, 'parallel_tool_calls')) return PARALLEL_KEY;
      if (is(at, length, 'input')) return INPUT_KEY;
      if (is(at, length, 'preferred_output')) return PREFERRED_KEY;
      if (is(at, length, 'prompt')) return PROMPT_KEY;
      return is(at, length, 'completion') ? COMPLETION_KEY : 0;
    }
    case CALL: {
      if (is(at, length, 'id')) return ID_KEY;
      if (is(at, length, 'type')) return TYPE_KEY;
      return is(at, length, 'function') ? FUNCTION_KEY : 0;
    }
    case CALLED: {
      if (is(at, length, 'name')) return NAME_KEY;
      return is(at, length, 'arguments') ? ARGUMENTS_KEY : 0;
    }
    default:
      return 0;
  }
}

/** Roles; 0 is none, or none that is a text. */
export const SYSTEM: u32 = 1;
export const USER: u32 = 2;
export const ASSISTANT: u32 = 3;
export const DEVELOPER: u32 = 4;
export const TOOL: u32 = 5;
export const OTHER_ROLE: u32 = 6;

export function roleOf(at: usize, length: usize): u32 {
  if (is(at, length, 'user')) return USER;
  if (is(at, length, 'assistant')) return ASSISTANT;
  if (is(at, length, 'system')) return SYSTEM;
  if (is(at, length, 'tool')) return TOOL;
  return is(at, length, 'developer') ? DEVELOPER : OTHER_ROLE;
}

/** Whether a call is one of a function: there is no other type. */
export function isFunctionType(at: usize, length: usize): bool {
  return is(at, length, 'function');
}

/** @param name - In ASCII; in the memory of the module it has two bytes a character. */
@inline
function is(at: usize, length: usize, name: string): bool {
  return length === name.length && isSame(at, length, changetype<usize>(name));
}

function isSame(at: usize, length: usize, name: usize): bool {
  for (let index: usize = 0; index < length; index += 1) {
    if (<u16>load<u8>(at + index) !== load<u16>(name + (index << 1))) return false;
  }
  return true;
}
