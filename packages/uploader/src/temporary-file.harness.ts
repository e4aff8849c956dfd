import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A dataset that every server takes. */
export const LINES = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'.repeat(10);

// What a module exports is the variable itself: a test that imports it sees what was set up for this test.

/** The directory of the test that runs. */
export let directory: string;
/** The file in it. */
export let path: string;

/** Gives each test a directory of its own. @param content - Of the file `train.jsonl` in it; without it there is none. */
export function useTemporaryFile(content?: string | Uint8Array): void {
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
    path = join(directory, 'train.jsonl');
    if (content !== undefined) await writeFile(path, content);
  });
  afterEach(() => rm(directory, { recursive: true }));
}
