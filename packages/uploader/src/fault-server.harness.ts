import { afterEach, beforeEach } from 'vitest';
import { type FaultServer, startFaultServer } from '../../../test-fixtures/src/fault-server.js';
import { SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../test-fixtures/src/test-runtime.js';
import { createClientWith } from './client.js';
import type { ClientOptions } from './options.js';

// What a module exports is the variable itself: a test that imports it sees what was set up for this test.

/** The server of the test that runs. */
export let server: FaultServer;
/** The time and the chance of its clients. */
export let runtime: ReturnType<typeof createTestRuntime>;

/** Gives each test a server of its own, and a time that passes only where somebody waits. */
export function useFaultServer({ hasUploads = false } = {}): void {
  beforeEach(async () => {
    server = await startFaultServer();
    server.hasUploads = hasUploads;
    runtime = createTestRuntime();
  });
  afterEach(() => server.close());
}

/** A client of that server. */
export function client(options: Partial<ClientOptions> = {}) {
  return createClientWith({ apiKey: SECRET_KEY, baseURL: server.url, ...options }, runtime);
}
