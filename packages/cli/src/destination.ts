import { basename } from 'node:path';
import { usageError } from './command-error.js';
import type { FlagValues } from './flags.js';
import type { Environment } from './output.js';
import { didYouMean } from './suggestion.js';

/** Where a file is sent, and as whom. */
export interface Destination {
  readonly target: 'openai' | 'compatible';
  readonly dialect: 'openai' | 'generic';
  readonly baseURL: string;
  /** Name and port of the host: all that is said of the address. */
  readonly host: string;
  /** Never printed. */
  readonly apiKey: string;
  readonly organization?: string;
  readonly project?: string;
  /** Largest request body in bytes, where it is not the uploader's own default. */
  readonly maxBytes?: number;
}

const OPENAI_BASE_URL = 'https://api.openai.com/v1';

const NO_UPLOAD: Readonly<Record<string, string>> = {
  azure: 'uploading to azure is not in this version',
  together: 'uploading to together is not in this version',
  mistral: 'uploading to mistral is not in this version',
  nebius: 'uploading to nebius is not in this version',
  fireworks: "Fireworks takes datasets through its own tool, firectl, not through OpenAI's Files API",
};

/**
 * The address and the key, from flags and environment. OPENAI_API_KEY goes to api.openai.com or to an address that the
 * user gave; there is no other default to which it could go.
 *
 * @throws CommandError with exit code 2
 */
export function destination(flags: Pick<FlagValues, 'target' | 'base-url'>, env: Environment): Destination {
  const target = flags.target ?? 'openai';
  if (target !== 'openai' && target !== 'compatible') {
    const reason = Object.hasOwn(NO_UPLOAD, target) ? NO_UPLOAD[target] : undefined;
    if (reason === undefined) {
      throw usageError(
        `there is no target "${target}"`,
        didYouMean(target, ['openai', 'compatible', ...Object.keys(NO_UPLOAD)], '--target '),
      );
    }
    throw usageError(
      reason,
      'upload takes --target openai and --target compatible; `tunegate check` takes every target',
    );
  }
  const given = flags['base-url'] ?? (env.OPENAI_BASE_URL?.trim() || undefined);
  if (given === undefined && target === 'compatible') {
    throw usageError('--target compatible needs an address', 'give --base-url URL, or set OPENAI_BASE_URL');
  }
  const baseURL = given ?? OPENAI_BASE_URL;
  if (!URL.canParse(baseURL)) {
    throw usageError(
      `${flags['base-url'] === undefined ? 'OPENAI_BASE_URL' : '--base-url'} is not a URL`,
      'it begins with https:// and usually ends in /v1',
    );
  }
  const apiKey = env.OPENAI_API_KEY?.trim();
  if (!apiKey) {
    throw usageError(
      'no API key: OPENAI_API_KEY is not set',
      given === undefined ? 'export OPENAI_API_KEY and run this again' : 'a server that wants no key takes any value',
    );
  }
  return {
    target,
    dialect: target === 'openai' ? 'openai' : 'generic',
    baseURL,
    host: new URL(baseURL).host,
    apiKey,
    ...(env.OPENAI_ORG_ID ? { organization: env.OPENAI_ORG_ID } : {}),
    ...(env.OPENAI_PROJECT_ID ? { project: env.OPENAI_PROJECT_ID } : {}),
    // A compatible endpoint states its own limit, if it has one, by 413.
    ...(target === 'compatible' ? { maxBytes: Number.MAX_SAFE_INTEGER } : {}),
  };
}

/** Whether the file goes to OpenAI itself. */
export function isOpenAI({ host }: Pick<Destination, 'host'>): boolean {
  return host === 'api.openai.com';
}

/**
 * The name under which a file is sent: OpenAI knows a fine-tuning file by `.jsonl`.
 *
 * @throws CommandError for a name that the target would refuse
 */
export function uploadName(path: string, target: Destination['target']): string {
  const name = basename(path);
  if (target === 'compatible' || name.endsWith('.jsonl')) return name;
  if (name.endsWith('.ndjson')) return `${name.slice(0, -'.ndjson'.length)}.jsonl`;
  throw usageError(`not uploaded: the name of ${path} does not end in .jsonl`, 'rename the file');
}
