import { badRequest } from './errors.js';
import { defaultExpiry, requireAnchor, requireSeconds } from './expiry.js';

/** What the plain fields of a create request ask for. */
interface CreateForm {
  readonly purpose: string;
  /** Seconds from the creation to the expiry; `null`: never. */
  readonly expiresAfter: number | null;
}

const ANCHOR = 'expires_after[anchor]';
const SECONDS = 'expires_after[seconds]';

/** The plain fields of a create request. */
export function fieldNames(takesExpiry: boolean): readonly string[] {
  return takesExpiry ? ['purpose', ANCHOR, SECONDS] : ['purpose'];
}

/** @throws RejectedRequestError 400 */
export function parseCreateForm(fields: ReadonlyMap<string, string>, purposes: readonly string[]): CreateForm {
  const sent = fields.get('purpose');
  if (sent === undefined) throw missing('purpose');
  const purpose = purposes.find((known) => known === sent);
  if (purpose === undefined) {
    throw badRequest(`Invalid 'purpose': expected one of ${purposes.join(', ')}.`, 'purpose', 'invalid_value');
  }
  return { purpose, expiresAfter: expiryOf(fields) ?? defaultExpiry(purpose) };
}

function expiryOf(fields: ReadonlyMap<string, string>): number | undefined {
  const anchor = fields.get(ANCHOR);
  const seconds = fields.get(SECONDS);
  if (anchor === undefined && seconds === undefined) return undefined;
  if (anchor === undefined) throw missing(ANCHOR);
  if (seconds === undefined) throw missing(SECONDS);
  requireAnchor(ANCHOR, anchor);
  return requireSeconds(SECONDS, /^\d{1,7}$/.test(seconds) ? Number(seconds) : Number.NaN);
}

export function missing(field: string) {
  return badRequest(`Missing required parameter: '${field}'.`, field, 'missing_required_parameter');
}
