import { UploaderError, type UploaderErrorCode, type UploaderErrorOptions } from './errors.js';

/** The connection could not be made (`E_CONNECT`, `E_DNS`) or broke (`E_RESET`). */
export class ConnectionError extends UploaderError {
  static {
    ConnectionError.prototype.name = 'ConnectionError';
  }

  /** Bytes of the request body that were handed to the connection. */
  readonly bytesSent: number;
  readonly bytesTotal: number;
  /** The low-level code, for example `ECONNREFUSED`. */
  readonly causeCode: string | undefined;

  constructor(
    code: 'E_CONNECT' | 'E_DNS' | 'E_RESET',
    message: string,
    options: UploaderErrorOptions & { bytesSent: number; bytesTotal: number; causeCode?: string | undefined },
  ) {
    super(code, message, options);
    this.bytesSent = options.bytesSent;
    this.bytesTotal = options.bytesTotal;
    this.causeCode = options.causeCode;
  }

  protected override details(): Record<string, unknown> {
    return { bytesSent: this.bytesSent, bytesTotal: this.bytesTotal, causeCode: this.causeCode };
  }
}

/** The certificate or the TLS handshake is refused. Never retried: waiting changes no certificate. */
export class TlsError extends UploaderError {
  static {
    TlsError.prototype.name = 'TlsError';
  }

  constructor(message: string, options: UploaderErrorOptions = {}) {
    super('E_TLS', message, options);
  }
}

/** A proxy opened no tunnel: it refused, or it broke off. */
export class ProxyError extends UploaderError {
  static {
    ProxyError.prototype.name = 'ProxyError';
  }

  /** The proxy's status code; `undefined` when it broke off without one. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, options: UploaderErrorOptions = {}) {
    super('E_PROXY', message, options);
    this.status = status;
  }

  protected override details(): Record<string, unknown> {
    return { status: this.status };
  }
}

/** A phase took longer than its timer allows; the code names the phase. */
export class TimeoutError extends UploaderError {
  static {
    TimeoutError.prototype.name = 'TimeoutError';
  }

  readonly timeoutMs: number;

  constructor(
    code: Extract<UploaderErrorCode, `E_TIMEOUT_${string}`>,
    message: string,
    timeoutMs: number,
    options: UploaderErrorOptions = {},
  ) {
    super(code, message, options);
    this.timeoutMs = timeoutMs;
  }

  protected override details(): Record<string, unknown> {
    return { timeoutMs: this.timeoutMs };
  }
}
