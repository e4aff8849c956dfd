/**
 * What a file may be uploaded for.
 *
 * Source: `CreateFileRequest.purpose` of OpenAI's OpenAPI description.
 */
export type FilePurpose = 'assistants' | 'batch' | 'fine-tune' | 'vision' | 'user_data' | 'evals';

/** What OpenAI says that a file is for. Source: `OpenAIFile.purpose` of OpenAI's OpenAPI description. */
type ServerPurpose =
  | 'assistants'
  | 'assistants_output'
  | 'batch'
  | 'batch_output'
  | 'fine-tune'
  | 'fine-tune-results'
  | 'vision'
  | 'user_data';

/** OpenAI's states of a file, and what Azure adds to them. */
type FileStatus = 'uploaded' | 'processed' | 'error' | 'pending' | 'running' | 'deleting' | 'deleted';

/** A closed list for editors and reviewers, open for servers that are newer or other than the list. */
type Open<Known extends string> = Known | (string & {});

/**
 * A file as a Files API describes it: OpenAI's own type, with the same fields.
 *
 * Parsed leniently: providers omit what OpenAI's schema calls required, so only `id` is certain; what is missing is
 * `null`, 0, '' or absent. Fields that are not listed here are kept.
 */
export interface FileObject {
  /** The identifier by which every other call names the file, for example `file-abc123`. */
  id: string;
  object: 'file';
  /** Size in bytes; `null` where the provider does not say. */
  bytes: number | null;
  /** Unix time in seconds; 0 where the provider does not say. */
  created_at: number;
  filename: string;
  /** The purpose as the server names it: wider than {@link FilePurpose}. */
  purpose: Open<ServerPurpose>;
  /** Where the processing stands, in OpenAI's words whatever the dialect. */
  status?: Open<FileStatus>;
  /** Why processing failed. */
  status_details?: string | null;
  /** Unix time in seconds. */
  expires_at?: number | null;
  [key: string]: unknown;
}

/** Which page of which files. */
export interface ListFilesQuery {
  /** Only files of this purpose. */
  purpose?: string;
  /** Files on a page, 1 to 10,000. @default the server's own: OpenAI takes 10,000; `iterateFiles` asks for 1,000 */
  limit?: number;
  /** By time of creation. @default the server's own: OpenAI takes `desc`, newest first */
  order?: 'asc' | 'desc';
  /** The page that follows this file: the `last_id` of the page before. Not for `mistral`. */
  after?: string;
  /** The number of the page, from 0. Only for `mistral`, which has no cursor. */
  page?: number;
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
    /**
     * Files on the server that may be copies of this one: the answer of a first sending was lost, the file was not listed
     * and was sent again, and now there are more. Nothing is deleted by itself.
     */
    readonly possibleDuplicates: readonly string[];
  };
}

/** A file whose processing has come to an end. */
export interface ProcessedFile extends FileObject {
  processing: {
    /** `unknown`: the server names a state that is not known, or none at all; nothing says that the file failed. */
    readonly outcome: 'processed' | 'unknown';
    /** How often the server was asked. */
    readonly polls: number;
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
