import type { FilePurpose } from '../types.js';
import { badRequest } from './errors.js';
import { PURPOSES } from './stored-file.js';

/** What the plain fields of a create request ask for. */
interface CreateForm {
  readonly purpose: FilePurpose;
  /** Seconds from the creation to the expiry; `null`: never. */
  readonly expiresAfter: number | null;
}

const ANCHOR = 'expires_after[anchor]';
const SECONDS = 'expires_after[seconds]';

/** The plain fields of a create request. */
export const FIELD_NAMES: readonly string[] = ['purpose', ANCHOR, SECONDS];

// Source of both limits: `FileExpirationAfter.seconds` in OpenAI's OpenAPI description.
const MIN_EXPIRY_SECONDS = 3600;
const MAX_EXPIRY_SECONDS = 2_592_000;

/** Batch files, and only they, expire by themselves. Source: the description of `FileExpirationAfter`, ibidem. */
const BATCH_EXPIRY_SECONDS = 2_592_000;

/** @throws RejectedRequestError 400 */
export function parseCreateForm(fields: ReadonlyMap<string, string>): CreateForm {
  const sent = fields.get('purpose');
  if (sent === undefined) throw missing('purpose');
  const purpose = PURPOSES.find((known) => known === sent);
  if (purpose === undefined) {
    throw badRequest(`Invalid 'purpose': expected one of ${PURPOSES.join(', ')}.`, 'purpose', 'invalid_value');
  }
  return { purpose, expiresAfter: expiryOf(fields) ?? (purpose === 'batch' ? BATCH_EXPIRY_SECONDS : null) };
}

function expiryOf(fields: ReadonlyMap<string, string>): number | undefined {
  const anchor = fields.get(ANCHOR);
  const seconds = fields.get(SECONDS);
  if (anchor === undefined && seconds === undefined) return undefined;
  if (anchor === undefined) throw missing(ANCHOR);
  if (seconds === undefined) throw missing(SECONDS);
  if (anchor !== 'created_at') throw badRequest(`Invalid '${ANCHOR}': expected 'created_at'.`, ANCHOR, 'invalid_value');
  const value = /^\d{1,7}$/.test(seconds) ? Number(seconds) : Number.NaN;
  if (!(value >= MIN_EXPIRY_SECONDS && value <= MAX_EXPIRY_SECONDS)) {
    const range = `a whole number from ${MIN_EXPIRY_SECONDS} to ${MAX_EXPIRY_SECONDS}`;
    throw badRequest(`Invalid '${SECONDS}': expected ${range}.`, SECONDS, 'invalid_value');
  }
  return value;
}

export function missing(field: string) {
  return badRequest(`Missing required parameter: '${field}'.`, field, 'missing_required_parameter');
}
