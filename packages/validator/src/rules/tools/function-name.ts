/** Most characters of a function's name. */
export const MAX_FUNCTION_NAME = 64;

/**
 * Whether the provider takes a function's name.
 *
 * Source: `FunctionObject` of OpenAI's OpenAPI description: "Must be a-z, A-Z, 0-9, or contain underscores and dashes,
 * with a maximum length of 64."
 */
export function isFunctionName(name: string): boolean {
  return name.length <= MAX_FUNCTION_NAME && /^[a-zA-Z0-9_-]+$/.test(name);
}
