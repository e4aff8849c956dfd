/**
 * What a file may be uploaded for.
 *
 * Source: `CreateFileRequest.purpose` of OpenAI's OpenAPI description.
 */
export type FilePurpose = 'assistants' | 'batch' | 'fine-tune' | 'vision' | 'user_data' | 'evals';

/**
 * A file as a Files API describes it.
 *
 * Parsed leniently: providers omit what OpenAI's schema calls required, so only `id` is certain. Fields that are not
 * listed here are kept.
 */
export interface FileObject {
  /** The identifier by which every other call names the file, for example `file-abc123`. */
  id: string;
  object: 'file';
  /** Size in bytes; `null` where the provider does not say. */
  bytes: number | null;
  /** Unix time in seconds. */
  created_at: number;
  filename: string;
  /** The purpose as the server names it; wider than {@link FilePurpose} (`fine-tune-results`, `batch_output`, …). */
  purpose: string;
  /** `uploaded`, `processed`, `error`; Azure adds `pending`, `running`, `deleting`, `deleted`. */
  status?: string;
  status_details?: string | null;
  /** Unix time in seconds. */
  expires_at?: number | null;
  [key: string]: unknown;
}

/** One page of a listing, newest first unless `order` says otherwise. */
export interface FileList {
  object: 'list';
  data: FileObject[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

/** The answer to a deletion. */
export interface FileDeleted {
  id: string;
  object: 'file';
  deleted: boolean;
  /** Set when a repeated deletion found nothing: the first one had worked and only its answer was lost. */
  alreadyGone?: true;
}

/** A file that `createFile` brought to the server, and how it got there. */
export interface CreatedFile extends FileObject {
  upload: {
    /** Lower-case hexadecimal SHA-256 of the bytes that were sent. */
    readonly sha256: string;
    /** Size of the file in bytes. */
    readonly bytes: number;
    /** In one request, or in parts that the server put together. */
    readonly mode: 'single' | 'parts';
    /** The answer was lost and the file was found again in the listing. */
    readonly recovered: boolean;
  };
}

/** Response headers: names in lower case; a header that came several times is joined with `, `. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** A result together with the HTTP exchange that brought it. */
export interface HttpInfo<T> {
  readonly data: T;
  /** HTTP status code. */
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The provider's name for the request (`x-request-id`, `x-ms-request-id`, …), for its support. */
  readonly requestId?: string;
  readonly attempts: readonly AttemptSummary[];
}

/** What one HTTP try did; the list of them is on every result and every error. */
export interface AttemptSummary {
  /** Counts from 1. */
  readonly attempt: number;
  /** From the first byte wanted to the end of the answer, in milliseconds. */
  readonly durationMs: number;
  /** HTTP status code, when an answer came. */
  readonly status?: number;
  /** Code of the error the attempt ended with, for example `E_RESET`; absent when it succeeded. */
  readonly code?: string;
  /** Bytes of the file that were handed to the connection. */
  readonly bytesSent: number;
  /** The whole body was handed to the connection: from there on a failure says nothing about what the server did. */
  readonly handedOver: boolean;
}
