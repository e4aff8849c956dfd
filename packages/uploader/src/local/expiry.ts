import { badRequest } from './errors.js';

// Source of both limits: `FileExpirationAfter.seconds` in OpenAI's OpenAPI description.
const MIN_SECONDS = 3600;
const MAX_SECONDS = 2_592_000;

/** Batch files, and only they, expire by themselves. Source: the description of `FileExpirationAfter`, ibidem. */
const BATCH_SECONDS = 2_592_000;

/** @param name of the parameter, for the message @throws RejectedRequestError 400 */
export function requireAnchor(name: string, anchor: unknown): void {
  if (anchor !== 'created_at') throw badRequest(`Invalid '${name}': expected 'created_at'.`, name, 'invalid_value');
}

/** @param name of the parameter, for the message @throws RejectedRequestError 400 */
export function requireSeconds(name: string, value: number): number {
  if (Number.isInteger(value) && value >= MIN_SECONDS && value <= MAX_SECONDS) return value;
  const range = `a whole number from ${MIN_SECONDS} to ${MAX_SECONDS}`;
  throw badRequest(`Invalid '${name}': expected ${range}.`, name, 'invalid_value');
}

/** Seconds from the creation to the expiry of a file for which none was asked; `null`: never. */
export function defaultExpiry(purpose: string): number | null {
  return purpose === 'batch' ? BATCH_SECONDS : null;
}
