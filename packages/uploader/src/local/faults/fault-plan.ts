import type { LocalOperation } from '../operation.js';

/**
 * What a server does wrong, and with which request. A plan is data: it can be written to a file as JSON.
 *
 * A request goes to the first rule that takes it; the rules behind that one do not see it and do not count it. So a plan is
 * also a queue: two rules for `createFile` make the first two uploads fail, each in its own way, and the third succeed.
 */
export type FaultPlan = readonly FaultRule[];

export type FaultRule = RequestFaultRule | ConnectionFaultRule;

/** Which of the requests (or connections) that a rule sees it takes. */
interface Occurrence {
  /** The first one that is taken, counted from 1. @default 1 */
  readonly nth?: number;
  /** How many are taken from there on. @default 1 */
  readonly times?: number | 'always';
  /** Takes only this share of them (0 to 1), by {@link LocalFilesServerOptions.random}. @default 1 */
  readonly chance?: number;
}

export interface RequestFaultRule extends Occurrence {
  /** @default 'any' */
  readonly on?: LocalOperation | readonly LocalOperation[] | 'any';
  /** Only requests with this method. */
  readonly method?: string;
  /** Only requests with this path, as it was sent and without its query; `*` stands for any characters. */
  readonly path?: string;
  readonly fault: RequestFault;
}

/** A connection that is broken as soon as it is made, before a byte of a request is read. */
export interface ConnectionFaultRule extends Occurrence {
  readonly on: 'connection';
  readonly fault: { readonly kind: 'cut'; readonly how?: 'reset' | 'close' };
}

export type RequestFault =
  | CutFault
  | StallFault
  | AnswerFault
  | LoseAnswerFault
  | GarbleFault
  | AlterFault
  | PaceFault
  | RedirectFault
  | InterimFault
  | DelayFault
  | ListingFault
  | RewriteFault
  | DeletionFault
  | DownloadFault
  | UploadFault
  | EchoKeyFault;

/** Breaks the connection while the request comes. Nothing is stored. */
export interface CutFault {
  readonly kind: 'cut';
  /** `reset`: RST. `close`: FIN, and what still comes is answered with RST by the system. @default 'reset' */
  readonly how?: 'reset' | 'close';
  /** Bytes of the body that are read first; the rest stays unread. `all`: the whole request. @default 0 */
  readonly afterBytes?: number | 'all';
}

/** Stops reading and never answers; the connection stays open. Nothing is stored. */
export interface StallFault {
  readonly kind: 'stall';
  /** Bytes of the body that are read first; `all` reads the whole request and says nothing. @default 0 */
  readonly afterBytes?: number | 'all';
}

/** Answers with something else than the truth. */
export interface AnswerFault {
  readonly kind: 'answer';
  /** HTTP status code, 200 to 599. */
  readonly status: number;
  /** Added to, or in place of, what the server sends otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
  /** When to try again, in one of the forms that providers use. */
  readonly retryAfter?: RetryAfterForm;
  /** The `date` header, in milliseconds off the server's clock. @default 0 */
  readonly dateSkewMs?: number;
  /** @default an error object that fits the status; for a status below 400, `{}` */
  readonly body?: AnswerFaultBody;
  /** Bytes of the request's body that are read before the answer. @default 'all' */
  readonly afterBytes?: number | 'all';
  /** The request takes effect all the same: a file is stored, or deleted. Needs `afterBytes: 'all'`. @default false */
  readonly takeEffect?: boolean;
  /**
   * What follows an answer that came before the end of the request: the rest of it is read and dropped, the connection is
   * closed or reset as soon as the answer is written, or nothing is read any more. @default 'read-on'
   */
  readonly then?: 'read-on' | 'close' | 'reset' | 'stall';
}

/**
 * `seconds`: `retry-after: N`. `date`: `retry-after` with the HTTP date N seconds after the `date` of the same answer. `ms`:
 * `retry-after-ms: N`, as OpenAI and Azure send it. `azure-ms`: `x-ms-retry-after-ms: N`. `text`: `retry-after` with any text.
 */
export type RetryAfterForm =
  | { readonly seconds: number }
  | { readonly date: number }
  | { readonly ms: number }
  | { readonly 'azure-ms': number }
  | { readonly text: string };

export type AnswerFaultBody =
  /** An error object as OpenAI sends it; what is left out is made up. */
  | {
      readonly error: {
        readonly message?: string;
        readonly type?: string;
        readonly param?: string | null;
        readonly code?: string | null;
      };
    }
  | { readonly json: unknown }
  | { readonly text: string; readonly contentType?: string }
  /** A page such as a proxy shows, with this title. */
  | { readonly html: string };

/** Does what was asked, and the answer is lost. */
export interface LoseAnswerFault {
  readonly kind: 'lose-answer';
  /** The connection is reset, closed, or kept open without a word. @default 'close' */
  readonly how?: 'reset' | 'close' | 'silence';
  /** Sends this many bytes of the answer's body first, its head included; left out, nothing is sent at all. */
  readonly afterBytes?: number;
}

/** Does what was asked, and answers with status 200 and a body that does not say so. */
export interface GarbleFault {
  readonly kind: 'garble';
  /**
   * `truncated-json`: the first half of the right answer, with a length that fits. `html`: a page. `empty`: no body. `array`:
   * `[]`. `list`: an empty list object. `wrong-object`: the right answer with another `object`. `no-id`: without its `id`.
   * `null`: the word. `not-json`: text.
   */
  readonly as: 'truncated-json' | 'html' | 'empty' | 'array' | 'list' | 'wrong-object' | 'no-id' | 'null' | 'not-json';
}

/** Does what was asked and changes the answer. */
export interface AlterFault {
  readonly kind: 'alter';
  /** For example 201, as Azure answers. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The `date` header, in milliseconds off the server's clock. @default 0 */
  readonly dateSkewMs?: number;
  /** Fields of the answer, added or replaced: `{ "bytes": null }`, `{ "status": "error", "status_details": "…" }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Fields of the answer that are left out. */
  readonly omit?: readonly string[];
  /** The same for each entry of a list's `data`. */
  readonly setInList?: Readonly<Record<string, unknown>>;
  readonly omitInList?: readonly string[];
}

/** Does what was asked and sends the answer in a way that wears its reader down. */
export interface PaceFault {
  readonly kind: 'pace';
  /**
   * `slow`: a byte at a time. `endless`: the answer, then spaces for ever. `gzip`: packed though nobody asked for it.
   * `gzip-bomb`: packed spaces of `bytes` bytes in front of the answer.
   */
  readonly as: 'slow' | 'endless' | 'gzip' | 'gzip-bomb';
  /** Status of the answer, which then is an error. @default that of the right answer */
  readonly status?: number;
  /** Between two bytes, for `slow`. @default 1000 */
  readonly everyMs?: number;
  /** For `gzip-bomb`. @default 104,857,600 */
  readonly bytes?: number;
}

/** Sends the client elsewhere. Nothing is done with the request. */
export interface RedirectFault {
  readonly kind: 'redirect';
  /** @default 302 */
  readonly status?: 301 | 302 | 303 | 307 | 308;
  /** Sent as it is, for example `https://storage.example/x` or `file:///etc/passwd`; `loop` is the address of the request. */
  readonly location: string;
  /** Bytes of the request's body that are read before the answer. @default 'all' */
  readonly afterBytes?: number | 'all';
}

/** Answers well, after responses with status 100 or 103 that nobody asked for. */
export interface InterimFault {
  readonly kind: 'interim';
  readonly status: 100 | 103;
  /** @default 1 */
  readonly times?: number;
  /** @default 'before-body' */
  readonly when?: 'before-body' | 'after-body';
}

/** Waits, then answers well. */
export interface DelayFault {
  readonly kind: 'delay';
  readonly ms: number;
  /** Before the body is read, or once the request has taken effect. @default 'after-effect' */
  readonly when?: 'before-body' | 'after-effect';
}

/** A listing that does not show what there is. */
export interface ListingFault {
  readonly kind: 'listing';
  /**
   * `empty-page`: no data, and `has_more`. `repeated-page`: the first page again and again, with `has_more`. `no-object`:
   * without `object`. `hide-newest`: the newest file is missing; with `times: 3` it appears at the fourth look, as where a
   * listing is consistent in the end only. `hide-all`: empty, and no more. `crowd`: `count` files that nobody uploaded in
   * front of the true ones. `unpaged`: everything at once, whatever `limit` and `after` say.
   */
  readonly as: 'empty-page' | 'repeated-page' | 'no-object' | 'hide-newest' | 'hide-all' | 'crowd' | 'unpaged';
  /** For `crowd`. @default 10,000 */
  readonly count?: number;
}

/** A gateway that shows files under names of its own, as LiteLLM does. Give it `times: 'always'`. */
export interface RewriteFault {
  readonly kind: 'rewrite';
  /** The name that every file has. @default 'modified_file.jsonl' */
  readonly filename?: string;
  /** Added to the size of every file. @default 0 */
  readonly addBytes?: number;
  /** Ids of about 300 characters, which the server then takes back. @default true */
  readonly longIds?: boolean;
}

/** A deletion that works and answers in another way. */
export interface DeletionFault {
  readonly kind: 'deletion';
  /** `no-content`: 204. `file-object`: the file, as LiteLLM. `not-found`: 404, though it was there and is gone now. */
  readonly as: 'no-content' | 'file-object' | 'not-found';
}

/** A download that is not the file. */
export interface DownloadFault {
  readonly kind: 'download';
  /**
   * `short`: the connection ends `bytes` early. `short-length`: `bytes` less, with a length that fits. `long`: `bytes` more,
   * with a length that fits. `wrong-bytes`: the right length and another last byte. `file-name`: a `content-disposition` with
   * the name `filename`. `no-range`: a range is answered with the whole. `etag`: another `etag` each time. `wrong-range`:
   * a range is answered with the bytes from 0 under the head of the right range.
   */
  readonly as: 'short' | 'short-length' | 'long' | 'wrong-bytes' | 'file-name' | 'no-range' | 'etag' | 'wrong-range';
  /** @default 1 */
  readonly bytes?: number;
  /** @default '../../etc/passwd' */
  readonly filename?: string;
}

/** Trouble with an upload in parts, beyond what `lose-answer` and `answer` do to any request. */
export interface UploadFault {
  readonly kind: 'upload';
  /**
   * `expired`: the upload that the request names expires now. `wrong-checksum`: the checksum of `completeUpload` is said not to
   * fit. `no-such-upload`: 404. `unsupported`: 404, as a server without this API answers.
   */
  readonly as: 'expired' | 'wrong-checksum' | 'no-such-upload' | 'unsupported';
}

/** Refuses the key and shows it, as OpenAI does in part: "Incorrect API key provided: …". */
export interface EchoKeyFault {
  readonly kind: 'echo-key';
  /** @default 401 */
  readonly status?: number;
}
