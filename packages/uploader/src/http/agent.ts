import type { Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { ConfigError } from '../errors.js';

export type { Dispatcher } from 'undici';

/** The connection of one attempt, destroyed with it. */
export interface AttemptAgent {
  readonly dispatcher: Dispatcher;
  /** While the function says true, nothing more is read from the connection. */
  holdBackWhile(isFull: () => boolean): void;
  /** Reads on, if reading was held back. */
  readOn(): void;
}

export interface AttemptAgentOptions {
  /** In milliseconds. */
  readonly connectTimeout: number;
  /** Ends the socket itself: destroying an agent leaves one alone that is still connecting. */
  readonly signal: AbortSignal;
  onConnected(): void;
}

/**
 * Makes an agent for one attempt.
 *
 * A connection of its own costs one handshake and removes a whole class of doubt: a request on a kept-alive connection
 * can meet the server's idle close, and then nobody knows whether it was read. It also gives an abort something to
 * destroy, because undici 7 does not settle a request that still waits for its connection.
 *
 * All of undici's timers but the one for connecting are off: the timers of the exchange speak alone.
 *
 * Back-pressure works below undici, on the socket. Its own must not be used: when undici 7 has paused its parser and the
 * server closes the connection, an assertion in a socket event ends the process (nodejs/undici#5360, fixed in 8 only).
 */
export function createAttemptAgent({ connectTimeout, signal, onConnected }: AttemptAgentOptions): AttemptAgent {
  const connector = buildConnector({ timeout: connectTimeout, signal });
  let isFull = () => false;
  let heldBack: Socket | undefined;

  const dispatcher = new Agent({
    pipelining: 0,
    connections: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) =>
      connector(options, (...result) => {
        const [error, socket] = result;
        if (error === null) {
          const read = socket.read.bind(socket);
          // undici takes data by calling this; what it does not get waits in the socket, and then in the network.
          socket.read = (size?: number) => {
            if (size === 0 || !isFull()) return read(size);
            heldBack = socket;
            return null;
          };
          onConnected();
        }
        callback(...result);
      }),
  });
  return {
    dispatcher,
    holdBackWhile(condition) {
      isFull = condition;
    },
    readOn() {
      if (heldBack === undefined || isFull()) return;
      const socket = heldBack;
      heldBack = undefined;
      socket.emit('readable');
    },
  };
}

/** @throws {ConfigError} when the value is no dispatcher */
export function checkDispatcher(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function')
    return;
  throw new ConfigError('dispatcher is not an undici dispatcher', {
    hint: 'pass an Agent, ProxyAgent or EnvHttpProxyAgent made by undici 7',
  });
}
