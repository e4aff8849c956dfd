import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { ConfigError } from '../errors.js';
import type { HttpProxy } from './proxy.js';
import { openTunnel } from './tunnel.js';

export type { Dispatcher } from 'undici';

/** An agent of ours: one connection to one origin, for one exchange at a time. */
export interface OwnAgent {
  readonly dispatcher: Dispatcher;
  /** The connection stands: TLS and proxy included. */
  isConnected(): boolean;
  /** Whatever was written to the connection has left the process. */
  isFlushed(): boolean;
  /** Called when the connection stands that did not; called again should undici have to make another. */
  onConnected: () => void;
  /** Called when the connection ends. */
  onClosed: () => void;
  /** While the function says true, nothing more is read from the connection. */
  holdBackWhile(isFull: () => boolean): void;
  /** Reads on, if reading was held back. */
  readOn(): void;
  /** Ends the connection at once, in whatever state it is. */
  destroy(): void;
}

export interface OwnAgentOptions {
  readonly proxy: HttpProxy | undefined;
  /** What to trust; `undefined`: what Node does. */
  readonly secureContext: SecureContext | undefined;
  /** Keep the connection when the answer is read, to use it again. */
  readonly keepAlive: boolean;
}

/** undici's default: shorter than what servers use, so that they seldom close a connection that is about to be used. */
const KEEP_ALIVE_MS = 4000;

/**
 * Makes an agent. Nothing is dialled before the first request.
 *
 * All of undici's timers but the one for idle connections are off: the timers of the exchange speak alone.
 *
 * Back-pressure works below undici, on the socket. Its own must not be used: when undici 7 has paused its parser and the
 * server closes the connection, an assertion in a socket event ends the process (nodejs/undici#5360, fixed in 8 only).
 */
export function createOwnAgent({ proxy, secureContext, keepAlive }: OwnAgentOptions): OwnAgent {
  // Ends the socket itself: destroying an agent leaves one alone that is still connecting.
  const ending = new AbortController();
  const { signal } = ending;
  const connector = buildConnector({ timeout: 0, signal, ...(secureContext === undefined ? {} : { secureContext }) });
  let connected: Socket | undefined;
  let isFull = () => false;
  let heldBack: Socket | undefined;

  const dial: buildConnector.connector = (options, callback) => {
    if (proxy === undefined) {
      connector(options, callback);
      return;
    }
    const { protocol, port, host = options.hostname } = options;
    const isTls = protocol === 'https:';
    const target = port ? host : `${host}:${isTls ? 443 : 80}`;
    openTunnel({ proxy, target, secureContext, signal }, (error, socket) => {
      if (error !== null || socket === undefined) callback(error ?? new Error('no tunnel'), null);
      else if (isTls) connector({ ...options, httpSocket: socket }, callback);
      else callback(null, socket);
    });
  };

  const own: OwnAgent = {
    dispatcher: new Agent({
      pipelining: keepAlive ? 1 : 0,
      connections: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) =>
        dial(options, (...result) => {
          const [error, socket] = result;
          if (error === null) stand(socket);
          callback(...result);
        }),
    }),
    isConnected: () => connected !== undefined,
    isFlushed: () => connected?.writableLength === 0,
    onConnected: () => {},
    onClosed: () => {},
    holdBackWhile(condition) {
      isFull = condition;
    },
    readOn() {
      if (heldBack === undefined || isFull()) return;
      const socket = heldBack;
      heldBack = undefined;
      socket.emit('readable');
    },
    destroy() {
      ending.abort();
      // Nothing waits for the agent, and what it could say about its own end helps nobody.
      own.dispatcher.destroy().catch(() => {});
    },
  };

  const stand = (socket: Socket) => {
    const read = socket.read.bind(socket);
    // undici takes data by calling this; what it does not get waits in the socket, and then in the network.
    socket.read = (size?: number) => {
      if (size === 0 || !isFull()) return read(size);
      heldBack = socket;
      return null;
    };
    connected = socket;
    socket.once('close', () => {
      if (connected !== socket) return;
      connected = undefined;
      own.onClosed();
    });
    own.onConnected();
  };
  return own;
}

/** @throws {ConfigError} when the value is no dispatcher */
export function checkDispatcher(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function')
    return;
  throw new ConfigError('dispatcher is not an undici dispatcher', {
    hint: 'pass an Agent, ProxyAgent or EnvHttpProxyAgent made by undici 7',
  });
}
