/** Why {@link LocalFilesServerError} was thrown: an option, the directory, another server in it, or the address to listen on. */
export type LocalFilesServerErrorCode = 'E_LOCAL_OPTION' | 'E_LOCAL_DIRECTORY' | 'E_LOCAL_LOCKED' | 'E_LOCAL_LISTEN';

/** The embedded server could not be started. */
export class LocalFilesServerError extends Error {
  override readonly name = 'LocalFilesServerError';
  readonly code: LocalFilesServerErrorCode;

  constructor(code: LocalFilesServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

interface Rejection {
  /** HTTP status code. */
  readonly status: number;
  readonly message: string;
  /** @default 'invalid_request_error' */
  readonly type?: string;
  /** The parameter at fault. @default null */
  readonly param?: string | null;
  /** @default null */
  readonly code?: string | null;
  /** Further response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with an error: what is thrown anywhere below a route and becomes the response there. */
export class RejectedRequestError extends Error {
  override readonly name = 'RejectedRequestError';
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(rejection: Rejection, options?: ErrorOptions) {
    super(rejection.message, options);
    this.status = rejection.status;
    this.type = rejection.type ?? 'invalid_request_error';
    this.param = rejection.param ?? null;
    this.code = rejection.code ?? null;
    this.headers = rejection.headers ?? {};
  }
}

export function badRequest(message: string, param: string | null = null, code: string | null = null) {
  return new RejectedRequestError({ status: 400, message, param, code });
}

export function noSuchFile(id: string, param: string) {
  return new RejectedRequestError({ status: 404, message: `No such File object: ${id}`, param });
}

/** The client went away before its request was complete: nobody is left to answer. */
export class InterruptedRequestError extends Error {
  override readonly name = 'InterruptedRequestError';
}
