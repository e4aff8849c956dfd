import { afterEach, beforeEach } from 'vitest';
import { createManualClock, type ManualClock } from '../manual-clock.harness.js';
import { type RawServer, type Script, startRawServer } from './raw-server.harness.js';

/** The clock of the test that runs. */
export let clock: ManualClock;
const opened: Array<{ close(): Promise<void> }> = [];

/** Gives each test a clock of its own, and closes behind it what it has opened. */
export function useRawStage(): void {
  beforeEach(() => {
    clock = createManualClock();
  });
  afterEach(async () => {
    for (const it of opened.splice(0)) await it.close();
  });
}

/** Has a server, a proxy or a client closed when the test is over. */
export function closing<T extends { close(): Promise<void> }>(it: T): T {
  opened.push(it);
  return it;
}

/** A server with these scripts, one a connection. @param certificate - Of `test-fixtures/tls`; then it speaks TLS. */
export async function listen(script: Script | Script[], certificate?: string): Promise<RawServer> {
  return closing(await startRawServer([script].flat(), certificate));
}
