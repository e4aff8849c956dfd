import type { SecureContext } from 'node:tls';
import { createOwnAgent, type Dispatcher, type OwnAgent } from './agent.js';
import type { ProxySettings } from './proxy.js';

/** A connection in the hands of one exchange. */
export interface Lease {
  readonly dispatcher: Dispatcher;
  /** Ours, with all that it can tell; `undefined` for the caller's dispatcher. */
  readonly own: OwnAgent | undefined;
  /** It has carried an exchange before, so that the server may be closing it at this very moment. */
  readonly isUsed: boolean;
  /** @param isReusable the exchange ended in order: the connection may carry another one */
  end(isReusable: boolean): void;
}

/** How one client reaches its servers. */
export interface Connections {
  /**
   * @param kind `fresh`: a connection of its own, which ends with the exchange. It costs one handshake and removes a
   *   whole class of doubt: a request on a kept connection can meet the server's idle close, and then nobody knows
   *   whether it was read. `kept`: one that is idle, if there is any, and it is kept afterwards
   */
  lease(url: URL, kind: 'fresh' | 'kept'): Lease;
  /** Ends the connections that are idle, and keeps none from now on. */
  close(): void;
}

export interface ConnectionOptions {
  /** The caller's own: used as it is for everything, and never closed. */
  readonly dispatcher: Dispatcher | undefined;
  readonly proxies: ProxySettings;
  readonly secureContext: SecureContext | undefined;
}

/** More would only wait for their end: few callers list and look in so many places at once. */
const MAX_IDLE = 8;

/**
 * Connections of our own are agents with one connection each, so that ending an exchange ends its connection and nothing
 * else, in whatever state it is: undici 7 does not settle a request that is queued or connecting when its signal is aborted.
 */
export function createConnections({ dispatcher, proxies, secureContext }: ConnectionOptions): Connections {
  const idle: Array<{ readonly origin: string; readonly agent: OwnAgent }> = [];
  let isClosed = false;

  const drop = (agent: OwnAgent) => {
    const at = idle.findIndex((it) => it.agent === agent);
    if (at !== -1) idle.splice(at, 1);
    agent.destroy();
  };
  const keep = (origin: string, agent: OwnAgent) => {
    if (isClosed || idle.length >= MAX_IDLE || !agent.isConnected()) {
      agent.destroy();
      return;
    }
    agent.holdBackWhile(() => false);
    agent.onConnected = () => {};
    agent.onClosed = () => drop(agent);
    idle.push({ origin, agent });
  };
  const lend = (origin: string, agent: OwnAgent, keepAlive: boolean, isUsed: boolean): Lease => {
    let hasEnded = false;
    return {
      dispatcher: agent.dispatcher,
      own: agent,
      isUsed,
      end(isReusable) {
        if (hasEnded) return;
        hasEnded = true;
        if (keepAlive && isReusable) keep(origin, agent);
        else agent.destroy();
      },
    };
  };

  return {
    lease(url, kind) {
      const { origin } = url;
      if (dispatcher !== undefined) return { dispatcher, own: undefined, isUsed: false, end: () => {} };
      const keepAlive = kind === 'kept';
      // The newest one: it is the least likely to be closed.
      const at = keepAlive ? idle.findLastIndex((it) => it.origin === origin) : -1;
      const [waiting] = at === -1 ? [] : idle.splice(at, 1);
      if (waiting !== undefined) {
        waiting.agent.onClosed = () => {};
        return lend(origin, waiting.agent, keepAlive, true);
      }
      const agent = createOwnAgent({ proxy: proxies.forUrl(url), secureContext, keepAlive });
      return lend(origin, agent, keepAlive, false);
    },
    close() {
      isClosed = true;
      for (const { agent } of idle.splice(0)) agent.destroy();
    },
  };
}
