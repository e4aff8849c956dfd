import { checkFunctions, checkObject } from './check-options.js';
import { ConfigError } from './errors.js';
import type { Progress, UploadEvent } from './events.js';
import type { CallOptions } from './options.js';
import { normalizePartsOptions, type PartsOptions, type PartsSettings } from './parts/plan.js';
import { checkExpected, type ExpectedBytes } from './source/snapshot.js';
import type { FilePurpose } from './types.js';

/** When the server is to forget the file. Source: `FileExpirationAfter` of OpenAI's OpenAPI description. */
export interface ExpiresAfter {
  anchor: 'created_at';
  /** 3,600 (an hour) to 2,592,000 (30 days). */
  seconds: number;
}

export interface CreateFileOptions extends CallOptions, PartsOptions {
  /**
   * Only its last part is sent. `{stem}` stands for the file's own name without its extension, `{sha256}` for the SHA-256
   * of its bytes and `{sha256:8}` for the first eight digits of it: a name that only these bytes can have, as in
   * `{stem}-{sha256:8}.jsonl`, makes the search for a lost answer exact.
   *
   * @default the file's own name
   */
  filename?: string;
  /** Media type of the file. @default 'application/jsonl'; what the dialect wants for azure, and in parts */
  contentType?: string;
  /** Sent only when given: some servers refuse the field. */
  expiresAfter?: ExpiresAfter;
  /**
   * The bytes that were checked, from a validator's report. The file is then read once, while it is sent, and the server
   * gets a complete request only if they agree. Without it the file is read first to take its digest.
   */
  expect?: ExpectedBytes;
  /**
   * Largest request body, multipart framing included, in bytes; in parts, the largest file.
   *
   * @default 536_870_912; in parts 8_589_934_592
   */
  maxBytes?: number;
  /**
   * List the files of the purpose before anything is sent. It finds a wrong key or address before a large file is sent,
   * and it is what a lost answer is reconciled with: without it, a lost answer always is an `AmbiguousUploadError`.
   *
   * @default true
   */
  preflight?: boolean;
  /**
   * What to do when the whole file was sent and no usable answer came.
   *
   * - `reconcile`: look for it in the listing at 0, 2, 5 and 10 seconds. One file that can only be this one is the result.
   *   None, on a listing that can be believed: send the file once more, with the event `duplicate-risk`, and look for a
   *   late twin afterwards. Anything else is an `AmbiguousUploadError`.
   * - `throw`: an `AmbiguousUploadError` at once.
   * - `retry`: send the file once more without a look, with the event `duplicate-risk`.
   *
   * @default 'reconcile'
   */
  onAmbiguous?: 'reconcile' | 'throw' | 'retry';
  /** Let a purpose through that is not in the list of `FilePurpose`. @default false */
  allowUnknownPurpose?: boolean;
  /** What it throws is ignored. */
  onProgress?(progress: Progress): void;
  /** What it throws is ignored. */
  onEvent?(event: UploadEvent): void;
}

/** Options of `uploadInParts`: there is no choice of the way left. */
export type UploadInPartsOptions = Omit<CreateFileOptions, 'parts'>;

export interface CreateFileSettings {
  readonly purpose: string;
  readonly filename: string | undefined;
  /** `undefined`: what the dialect says. */
  readonly contentType: string | undefined;
  readonly expiresAfter: ExpiresAfter | undefined;
  readonly expect: ExpectedBytes | undefined;
  /** `undefined`: that of the way in which the file goes. */
  readonly maxBytes: number | undefined;
  readonly preflight: boolean;
  readonly onAmbiguous: 'reconcile' | 'throw' | 'retry';
  readonly parts: PartsSettings;
}

const PURPOSES: Readonly<Record<FilePurpose, true>> = {
  assistants: true,
  batch: true,
  'fine-tune': true,
  vision: true,
  user_data: true,
  evals: true,
};

const ON_AMBIGUOUS: ReadonlySet<string> = new Set(['reconcile', 'throw', 'retry']);

const MIN_EXPIRY_S = 3600;
const MAX_EXPIRY_S = 2_592_000;

/** RFC 6838 names, and parameters without quotes. */
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?: *; *[\w-]+=[\w.+-]+)*$/;

/** @throws {ConfigError} */
export function normalizeCreateFileOptions(purpose: string, options: CreateFileOptions): CreateFileSettings {
  const { expiresAfter, expect, maxBytes, contentType, onAmbiguous = 'reconcile' } = options;
  if (typeof purpose !== 'string' || !/^[\w-]{1,64}$/.test(purpose)) throw new ConfigError('this is not a purpose');
  if (!Object.hasOwn(PURPOSES, purpose) && options.allowUnknownPurpose !== true) {
    throw new ConfigError(`unknown purpose "${purpose}"`, { hint: `known are ${Object.keys(PURPOSES).join(', ')}` });
  }
  if (contentType !== undefined && !MEDIA_TYPE.test(contentType))
    throw new ConfigError('contentType is not a media type');
  if (expiresAfter !== undefined) checkExpiresAfter(expiresAfter);
  if (options.filename !== undefined && typeof options.filename !== 'string') {
    throw new ConfigError('filename is not a string');
  }
  checkFunctions(options, ['onProgress', 'onEvent']);
  if (!ON_AMBIGUOUS.has(onAmbiguous)) {
    throw new ConfigError('onAmbiguous is neither "reconcile" nor "throw" nor "retry"');
  }
  if (maxBytes !== undefined && !(maxBytes > 0)) throw new ConfigError('maxBytes is not a number above 0');
  return {
    purpose,
    filename: options.filename,
    contentType,
    expiresAfter,
    expect: expect === undefined ? undefined : checkExpected(expect),
    maxBytes,
    preflight: options.preflight ?? true,
    onAmbiguous,
    parts: normalizePartsOptions(options),
  };
}

function checkExpiresAfter(expiresAfter: ExpiresAfter): void {
  checkObject('expiresAfter', expiresAfter);
  const { anchor, seconds } = expiresAfter;
  if (anchor !== 'created_at') throw new ConfigError('expiresAfter.anchor must be "created_at"');
  if (!Number.isInteger(seconds) || seconds < MIN_EXPIRY_S || seconds > MAX_EXPIRY_S) {
    throw new ConfigError(`expiresAfter.seconds must be a whole number from ${MIN_EXPIRY_S} to ${MAX_EXPIRY_S}`);
  }
}
