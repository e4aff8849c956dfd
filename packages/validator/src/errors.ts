/** Misuse of an option: the message says which, what was given and what would be right. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
  /** The option, as the caller writes it. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/** A dataset that cannot be read. Bad data is never thrown: that is what diagnostics are for. */
export class DatasetReadError extends Error {
  override readonly name = 'DatasetReadError';
  /** The operating system's code, for example `ENOENT`; `ENOTFILE` for what is no regular file; `ECHANGED` for a file that changed. */
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

/** Reports that cannot be merged with each other: the message says which, and why not. */
export class ReportMergeError extends Error {
  override readonly name = 'ReportMergeError';
  /** The dataset whose report is at fault, as it is called there. */
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.file = file;
  }
}

/** Fingerprints that cannot be used: damaged, cut off, of another dataset, or of another version. */
export class FingerprintFileError extends Error {
  override readonly name = 'FingerprintFileError';
}

/** A rule of the user's own that threw. */
export class CustomRuleError extends Error {
  override readonly name = 'CustomRuleError';
  /** The id of the rule. */
  readonly rule: string;

  constructor(rule: string, cause: unknown) {
    super(`the rule ${rule} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.rule = rule;
  }
}

/** A thread that checked a part of the dataset ended before its work was done, for want of memory as a rule. */
export class WorkerDiedError extends Error {
  override readonly name = 'WorkerDiedError';
}
