export const WORKER_ENTRY = new URL('./worker.harness.mjs', import.meta.url);
