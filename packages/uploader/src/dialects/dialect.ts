import type { ListFilesQuery } from '../types.js';

/** Whose credentials a request carries; empty where there is none. */
export interface Credentials {
  readonly apiKey: string;
  /** A bearer token that takes the place of the key. */
  readonly accessToken: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
}

/** What a listing of this provider is worth when a lost answer is looked up in it. */
export interface ListingTraits {
  /** A file is listed under the name that it was sent with. Otherwise any newcomer may be the one that is looked for. */
  readonly keepsNames: boolean;
  /** That a file is not listed means that it is not there, even when the listing never showed one. */
  readonly isComplete: boolean;
}

/** How one provider's Files API differs from the others: data and small functions, no requests. */
export interface Dialect {
  readonly name: DialectName;
  /** Where the provider answers; `null` when only the caller can know. */
  readonly defaultBaseURL: string | null;
  readonly needsKey: boolean;
  credentialHeaders(credentials: Credentials): Record<string, string>;
  /**
   * Where the API begins, from the address that the caller gave.
   *
   * @param apiVersion as the caller gave it; `undefined` without one
   */
  apiRoot(given: URL, apiVersion: string | undefined): URL;
  /** `form`: the file goes into one POST. `storage`: a POST names a store, the file goes there, a POST reports it done. */
  readonly upload: 'form' | 'storage';
  /** The Uploads API, by which a file goes in parts; `null` where there is none, or none is known of. */
  readonly parts: {
    /** What the server wants a JSONL file to be called in `mime_type`. */
    readonly mimeType: string;
  } | null;
  /** Media type of the file part unless the caller says otherwise. */
  readonly fileContentType: string;
  /** Whether `expires_after` can be asked for. */
  readonly takesExpiry: boolean;
  /** `cursor`: a page follows a file (`after`). `number`: pages are counted from 0 (`page`). */
  readonly paging: 'cursor' | 'number';
  /** Files on a page when all are read: few requests, and no answer that is too long to be read. */
  readonly pageSize: number;
  listQuery(query: ListFilesQuery): Record<string, string | number | undefined>;
  /** Whether another page follows the one that was answered. */
  hasMore(answer: Readonly<Record<string, unknown>>, count: number, query: ListFilesQuery): boolean;
  readonly listing: ListingTraits;
  /** The state of a file in OpenAI's words; `undefined` where the answer does not say. */
  statusOf(file: Readonly<Record<string, unknown>>): string | undefined;
}

/** The dialects that the package speaks. */
export type DialectName = 'openai' | 'azure' | 'together' | 'mistral' | 'generic';
