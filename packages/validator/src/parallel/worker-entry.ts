/** What a worker thread runs. By itself, so that tests, which run on the sources, can put the source in its place. */
export const WORKER_ENTRY = new URL('./worker.js', import.meta.url);
