import { ConnectionError, ProxyError, TimeoutError, TlsError } from '../connection-errors.js';
import { ConfigError, UploaderError } from '../errors.js';
import type { Scrub } from './redact.js';
import { TunnelFailure } from './tunnel.js';

/** What was known when a request failed. */
export interface FailureContext {
  /** `host:port` of the request. */
  readonly host: string;
  readonly connectTimeout: number;
  /** Bytes of the request body handed to the connection. */
  readonly bytesSent: number;
  /** Bytes of the whole request body. */
  readonly bytesTotal: number;
  /** The whole body was handed over. */
  readonly handedOver: boolean;
  readonly scrub: Scrub;
}

const DNS_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);
const UNREACHABLE_CODES = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN']);

/** OpenSSL's and Node's names for a certificate that is not accepted. */
const CERTIFICATE_CODE =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED)|^EPROTO$/;

/**
 * What undici, Node or OpenSSL threw → one of our errors.
 *
 * Causes are replaced by scrubbed copies: the originals hold sockets, and some hold text that a server chose.
 */
export function classifyFailure(error: unknown, context: FailureContext): UploaderError {
  if (error instanceof UploaderError) return error;
  if (error instanceof TunnelFailure) return tunnelFailure(error, context);
  const code = codeOf(error);
  const cause = safeCause(error, context.scrub);
  const { host } = context;

  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return connectTimeout(context, cause);
  if (DNS_CODES.has(code)) {
    return connection('E_DNS', `the name of ${host} cannot be resolved (${code})`, code, context, {
      hint: 'check the base URL and the name server',
      cause,
    });
  }
  if (UNREACHABLE_CODES.has(code)) {
    return connection('E_CONNECT', `${host} cannot be reached (${code})`, code, context, {
      hint: 'check that the server runs and that the base URL and any proxy are right',
      cause,
    });
  }
  if (CERTIFICATE_CODE.test(code)) return tlsFailure(code, host, cause);
  const tunnel = /^Proxy response \((\d{3})\)/.exec(cause?.message ?? '');
  if (tunnel?.[1] !== undefined) return proxyFailure('the proxy', Number(tunnel[1]), cause);
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return new ConfigError('the dispatcher is closed', { cause });
  }
  if (code === 'UND_ERR_INVALID_ARG') return invalidArgument(cause);
  // undici 7 takes a 100 Continue that it did not ask for as the end of the connection (nodejs/undici#197).
  if (/bad response/.test(cause?.message ?? '')) {
    return connection('E_RESET', `${host} sent 100 Continue, for which nobody had asked`, code, context, {
      retryable: false,
      hint: 'the server, or a proxy before it, must not send it to a request without Expect: 100-continue',
      cause,
    });
  }
  // Its code is a name of the parser's, or none: undici 7 looks it up in the wrong direction.
  if (code.startsWith('HPE_') || cause?.name === 'HTTPParserError') {
    const hint = 'check the base URL: something else than a web server may listen there, or one that wants https:';
    return connection('E_RESET', `${host} sent an answer that is not HTTP/1.1`, code, context, { hint, cause });
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return connection('E_RESET', `${host} sent an answer whose head is too large`, code, context, { cause });
  }
  return connection('E_RESET', `the connection to ${host} broke ${progress(context)}`, code, context, {
    hint:
      context.handedOver || context.bytesSent === 0
        ? undefined
        : 'a server or proxy that limits the size of a request often does this',
    cause,
  });
}

function connectTimeout(context: FailureContext, cause: Error | undefined): TimeoutError {
  return new TimeoutError(
    'E_TIMEOUT_CONNECT',
    `no connection to ${context.host} within ${context.connectTimeout / 1000} s`,
    context.connectTimeout,
    { retryable: true, cause, hint: 'check the network, the proxy and the firewall' },
  );
}

function connection(
  kind: 'E_CONNECT' | 'E_DNS' | 'E_RESET',
  message: string,
  causeCode: string,
  context: FailureContext,
  extra: { hint?: string | undefined; cause: Error | undefined; retryable?: boolean },
): ConnectionError {
  const { bytesSent, bytesTotal } = context;
  return new ConnectionError(kind, message, {
    retryable: true,
    bytesSent,
    bytesTotal,
    causeCode: causeCode === '' ? undefined : causeCode,
    ...extra,
  });
}

function progress({ bytesSent, bytesTotal, handedOver }: FailureContext): string {
  if (bytesTotal === 0) return 'before the answer was complete';
  if (handedOver) return 'after the whole request was sent and before the answer was complete';
  return `after ${bytesSent} of ${bytesTotal} bytes`;
}

function tlsFailure(code: string, host: string, cause: Error | undefined): TlsError {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new TlsError(`${host} does not speak TLS (${code})`, { cause, hint: 'is this an http:// port?' });
  }
  return new TlsError(`the TLS connection to ${host} is refused (${code})`, { cause, hint: tlsHint(code) });
}

function tlsHint(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return 'the certificate is for another name: check the base URL, and what else answers at this address';
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'the certificate is out of date: its owner must renew it, unless the clock of this machine is wrong';
  }
  if (/^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    return 'if you trust its issuer, a company proxy for example, name the certificate of that in NODE_EXTRA_CA_CERTS or in the option ca';
  }
  return 'check the base URL, and whether a proxy stands between';
}

/** The way to the proxy is a connection like any other; what the proxy then does is its own kind of failure. */
function tunnelFailure({ proxyHost, status, cause }: TunnelFailure, context: FailureContext): UploaderError {
  const proxy = `the proxy ${proxyHost}`;
  if (status !== undefined) return proxyFailure(proxy, status, undefined);
  const code = codeOf(cause);
  if (DNS_CODES.has(code) || UNREACHABLE_CODES.has(code) || CERTIFICATE_CODE.test(code) || code === 'ETIMEDOUT') {
    return classifyFailure(cause, { ...context, host: proxy });
  }
  return new ProxyError(`${proxy} broke off instead of opening a tunnel to ${context.host}`, undefined, {
    retryable: true,
    cause: safeCause(cause, context.scrub),
    hint: 'check that it is a proxy for HTTP that knows CONNECT, and what it allows',
  });
}

function proxyFailure(proxy: string, status: number, cause: Error | undefined): ProxyError {
  return new ProxyError(`${proxy} answered ${status} instead of opening a tunnel`, status, {
    retryable: status >= 500,
    cause,
    hint:
      status === 407
        ? 'the proxy wants a user name and a password: http://user:password@host:port'
        : 'check the proxy and what it allows',
  });
}

function invalidArgument(cause: Error | undefined): ConfigError {
  if (/invalid on[A-Z]/.test(cause?.message ?? '')) {
    return new ConfigError('the dispatcher comes from another major version of undici', {
      cause,
      hint: 'make it with undici 7',
    });
  }
  return new ConfigError(`the request cannot be sent: ${cause?.message ?? 'invalid argument'}`, { cause });
}

/** The code of an error; of its first inner one where several addresses were tried. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : '';
}

/** A copy with name, code, message and stack only, all scrubbed. */
function safeCause(error: unknown, scrub: Scrub): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const copy = new Error(scrub(error.message));
  copy.name = error.name;
  const code = codeOf(error);
  if (code !== '') Object.assign(copy, { code });
  copy.stack = scrub(error.stack ?? `${error.name}: ${error.message}`);
  return copy;
}
