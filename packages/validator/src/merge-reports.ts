import { createOverflowFiles } from './reader/overflow-files.js';
import type { Report } from './report.js';
import { type MergeOptions, mergeShards, mergeStates } from './shards/merge-reports.js';
import { MAX_FINGERPRINTS } from './validate.js';

/**
 * The report of all files together: what a check of these files in a row would have found, where the cuts between them are
 * between examples. Merged reports can be merged again; how they are grouped makes no difference.
 *
 * SHA-256 and size stay those of each file (`shards`), as do places of findings and what is said of a file by itself: its
 * name, its kind. A size limit is held against all of them together, unless a job of the target trains on several files.
 * Without the fingerprints of the files, examples of different files are not compared with each other (`comparison`).
 *
 * @throws {ReportMergeError} When the reports are of different targets, models or other options, or hold too little.
 * @throws {FingerprintFileError} When fingerprints are damaged, cut off, of another dataset or version.
 */
export function mergeReports(reports: readonly Report[]): Report;
export function mergeReports(reports: readonly Report[], options: MergeOptions): Promise<Report>;
export function mergeReports(reports: readonly Report[], options?: MergeOptions): Report | Promise<Report> {
  return options === undefined ? mergeStates(reports) : mergeWithFiles(reports, options);
}

async function mergeWithFiles(reports: readonly Report[], options: MergeOptions): Promise<Report> {
  const overflow = createOverflowFiles(MAX_FINGERPRINTS);
  try {
    return await mergeShards(reports, options, { overflow });
  } finally {
    overflow.close();
  }
}
