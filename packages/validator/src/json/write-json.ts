import { OptionsError } from '../errors.js';

/**
 * A value as a line of a dataset has it; what JSON has no word for is `null`.
 *
 * @throws {OptionsError} When it cannot be written: it refers to itself, or holds a BigInt.
 */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new OptionsError('value', `the example cannot be written as JSON: ${reason}`);
  }
}
