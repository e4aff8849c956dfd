import { ConfigError } from './errors.js';
import type { CallOptions } from './options.js';

/**
 * For callers whose language has no types: what is wrong is said in the words of the options.
 *
 * @throws {ConfigError}
 */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw new ConfigError(`${name} is not an object`);
}

/** @throws {ConfigError} */
export function checkFunctions(options: object, names: readonly string[]): void {
  for (const name of names) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined && typeof value !== 'function') throw new ConfigError(`${name} is not a function`);
  }
}

/** @throws {ConfigError} */
export function checkCallOptions(options: CallOptions): void {
  checkObject('the last argument, the options,', options);
  const { signal } = options;
  // By its look: a signal of another realm is as good.
  if (signal === undefined || (typeof signal?.addEventListener === 'function' && 'aborted' in signal)) return;
  throw new ConfigError('signal is not an AbortSignal');
}
