import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { HttpProxy } from './proxy.js';

/** Why there is no tunnel; {@link classifyFailure} makes an error for people of it. */
export class TunnelFailure extends Error {
  /** `host:port` of the proxy. */
  readonly proxyHost: string;
  /** What the proxy answered; `undefined` when it could not be reached, or broke off. */
  readonly status: number | undefined;

  constructor(proxyHost: string, status: number | undefined, cause?: unknown) {
    super(status === undefined ? 'no tunnel' : `the proxy answered ${status}`, { cause });
    this.proxyHost = proxyHost;
    this.status = status;
  }
}

export interface TunnelOptions {
  readonly proxy: HttpProxy;
  /** Where the tunnel leads: `host:port`. */
  readonly target: string;
  /** Roots for a proxy that is itself spoken to by TLS. */
  readonly secureContext: SecureContext | undefined;
  /** Ends the attempt and its socket. */
  readonly signal: AbortSignal;
}

/**
 * Asks a proxy for a tunnel, once.
 *
 * Not undici's `ProxyAgent`: version 7 dials again and again, as fast as it can, while a proxy drops CONNECT; its connect
 * timeout does not cover CONNECT; and a refusal arrives looking like an abort.
 */
export function openTunnel(options: TunnelOptions, callback: (error: Error | null, socket?: Socket) => void): void {
  const { proxy, target, secureContext, signal } = options;
  // An abort after the tunnel stands is an error of the request once more.
  let hasEnded = false;
  const end = (error: Error | null, socket?: Socket) => {
    if (hasEnded) return;
    hasEnded = true;
    callback(error, socket);
  };
  const request = (proxy.isTls ? requestTls : requestPlain)({
    method: 'CONNECT',
    host: proxy.hostname,
    port: proxy.port,
    path: target,
    headers: {
      host: target,
      'user-agent': 'tunegate',
      'proxy-connection': 'keep-alive',
      connection: 'keep-alive',
      ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
    },
    agent: false,
    signal,
    ...(secureContext === undefined ? {} : { secureContext }),
  });
  request.once('connect', (response, socket: Socket, head) => {
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      socket.on('error', () => {}).destroy();
      end(new TunnelFailure(proxy.host, status));
      return;
    }
    // A server that speaks first may already have done so.
    if (head.length > 0) socket.unshift(head);
    end(null, socket);
  });
  request.on('error', (error) => end(new TunnelFailure(proxy.host, undefined, error)));
  request.end();
}
