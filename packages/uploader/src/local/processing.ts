import type { FileState, StoredFile } from './stored-file.js';

/** How a server takes its time with the files that it got, and what comes of it. */
export interface ProcessingOptions {
  /** How often a file is retrieved before it is done. @default 0 */
  readonly polls?: number;
  /** Milliseconds of the server's clock from the creation of a file until it is done. @default 0 */
  readonly ms?: number;
  /** What a file is until then, one word a poll; the last one stays. @default ['uploaded'], for azure ['pending', 'running'] */
  readonly states?: readonly string[];
  /** Files that end as `error`; the others end as `processed`. @default none */
  readonly fails?: {
    /** `*` stands for any characters. @default '*' */
    readonly filename?: string;
    /** The `status_details`. */
    readonly details: string;
  };
}

/** What becomes of the files of one running server. */
export interface Processing {
  /** From here on the file is under way; a file of an earlier server is done. */
  begin(file: StoredFile): void;
  /** @param isPoll somebody asks for this file alone */
  stateOf(file: StoredFile, isPoll: boolean): FileState;
}

const PROCESSED: FileState = { status: 'processed', status_details: null };

/** @param clock milliseconds since the Unix epoch */
export function createProcessing(options: ProcessingOptions, clock: () => number): Processing {
  const { polls = 0, ms = 0, states = ['uploaded'], fails } = options;
  const pollsOf = new Map<string, { seen: number; readonly startedAt: number }>();
  const outcomeOf = (file: StoredFile): FileState =>
    fails !== undefined && matchesPattern(fails.filename ?? '*', file.filename)
      ? { status: 'error', status_details: fails.details }
      : PROCESSED;
  return {
    begin(file) {
      pollsOf.set(file.id, { seen: 0, startedAt: clock() });
    },
    stateOf(file, isPoll) {
      const progress = pollsOf.get(file.id);
      if (progress === undefined) return outcomeOf(file);
      if (progress.seen >= polls && clock() - progress.startedAt >= ms) return outcomeOf(file);
      const status = states[Math.min(progress.seen, states.length - 1)] ?? 'uploaded';
      if (isPoll) progress.seen += 1;
      return { status, status_details: null };
    },
  };
}

/** @param pattern `*` stands for any characters */
export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
