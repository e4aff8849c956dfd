import { appendFile } from 'node:fs/promises';
import type { Diagnostic, Report } from '@tunegate/validator';
import type { Formatter, FormatterOptions } from '@tunegate/validator/formatters';
import { isColored } from './color.js';
import type { FlagValues } from './flags.js';
import type { FormatRequest } from './format-request.js';
import type { Environment, Output } from './output.js';
import { openWrittenFile, refuseFile } from './written-file.js';

/** Takes what a check finds to wherever it was asked for. */
export interface Findings {
  /** Whether diagnostics should carry excerpts: only people get them. */
  readonly wantsExcerpts: boolean;
  /** So many diagnostics of each rule and dataset at most are of use; `Infinity` when all are. */
  readonly wantedPerRule: number;
  /** @returns When more can be taken; nothing where that is at once. */
  diagnostic(diagnostic: Diagnostic): Promise<void> | undefined;
  /** Writes what has been found so far. Failures come with `report` and `end`. */
  flush(): void;
  /** Ends a dataset. */
  report(report: Report): Promise<void>;
  /** Ends what the formats have to say. */
  end(): Promise<void>;
  /** Closes the files, whatever has happened. */
  close(): Promise<void>;
}

/** What {@link openFindings} needs to know. */
export interface FindingsOptions {
  readonly requests: readonly FormatRequest[];
  readonly flags: FlagValues;
  readonly env: Environment;
  /** Where a format without a file goes. */
  readonly output: Output;
  /** The datasets: none of them may be written to. */
  readonly inputs: readonly string[];
  /** Called before something is written where the progress line may be. */
  readonly beforeWrite: () => Promise<void>;
}

interface Sink {
  readonly formatter: Formatter;
  readonly output: Output;
  readonly close: () => Promise<void>;
  pending: string;
}

// Fewer, larger writes: a system call for each of a million findings would take longer than finding them.
const FLUSH_AT = 32_768;

/** Loads the formatters: only the commands that report findings pay for them. */
export function loadFormatters() {
  return import('@tunegate/validator/formatters');
}

/** Opens the outputs. @throws CommandError when a file cannot be written, or is one of the datasets */
export async function openFindings(options: FindingsOptions): Promise<Findings> {
  const { flags, env, output, beforeWrite } = options;
  const { formatters, githubStepSummary } = await loadFormatters();
  const sinks: Sink[] = [];
  for (const { name, file } of options.requests) {
    const formatterOptions: FormatterOptions = {
      ...(flags['max-errors'] === undefined ? {} : { maxErrors: flags['max-errors'] }),
      ...(flags['max-per-rule'] === undefined ? {} : { maxPerRule: flags['max-per-rule'] }),
      color: file === undefined && isColored(flags.color, env, output),
      quiet: flags.quiet ?? false,
    };
    const target = file === undefined ? { output, close: async () => {} } : await openWrittenFile(file, options.inputs);
    sinks.push({ formatter: formatters[name](formatterOptions), ...target, pending: '' });
  }
  const stepSummary = options.requests.some(({ name }) => name === 'github') ? env.GITHUB_STEP_SUMMARY : undefined;

  const writePending = async (sink: Sink) => {
    const { pending } = sink;
    if (pending === '') return;
    sink.pending = '';
    if (sink.output === output) await beforeWrite();
    await sink.output.write(pending);
  };
  // Writes follow one another; after a failure all that follow fail with it.
  let writing: Promise<void> = Promise.resolve();
  let isScheduled = false;
  const writeAll = () => {
    if (isScheduled) return writing;
    isScheduled = true;
    writing = writing.then(async () => {
      isScheduled = false;
      for (const sink of sinks) await writePending(sink);
    });
    // It is awaited in time; until then it is not an unhandled rejection.
    writing.catch(() => {});
    return writing;
  };
  const append = (make: (formatter: Formatter) => string) => {
    for (const sink of sinks) sink.pending += make(sink.formatter);
  };

  return {
    wantedPerRule: Math.max(...sinks.map(({ formatter }) => formatter.wantedPerRule)),
    wantsExcerpts: options.requests.some(({ name }) => name === 'pretty'),
    diagnostic(diagnostic) {
      append((formatter) => formatter.diagnostic(diagnostic));
      return sinks.some(({ pending }) => pending.length >= FLUSH_AT) ? writeAll() : undefined;
    },
    flush: () => void writeAll(),
    async report(report) {
      append((formatter) => formatter.report(report));
      await writeAll();
      if (stepSummary) await appendFile(stepSummary, githubStepSummary(report)).catch(refuseFile(stepSummary));
    },
    async end() {
      append((formatter) => formatter.end());
      await writeAll();
    },
    async close() {
      for (const sink of sinks) await sink.close();
    },
  };
}
