import {
  type ClientOptions,
  type CreatedFile,
  type CreateFileOptions,
  createFilesClient,
  type FilePurpose,
} from '@tunegate/uploader';
import { type Report, type ValidateOptions, validateFile } from '@tunegate/validator';

/** Options of {@link checkAndUpload}. */
export interface CheckAndUploadOptions {
  /** How the dataset is checked. */
  readonly check?: ValidateOptions;
  /** Where it goes: the options of the client, and those of `createFile`. What was checked is always what is expected. */
  readonly upload: ClientOptions &
    Omit<CreateFileOptions, 'expect'> & {
      /** @default 'fine-tune' */
      readonly purpose?: FilePurpose;
    };
}

/** The dataset has errors; nothing was sent. */
export class ValidationFailedError extends Error {
  override readonly name = 'ValidationFailedError';
  /** What was found. */
  readonly report: Report;

  constructor(report: Report) {
    super(`${report.file} has ${report.errors} error${report.errors === 1 ? '' : 's'}; nothing was uploaded`);
    this.report = report;
  }
}

/** A check on its own may look inside a compressed file; what is sent must be the very bytes that were checked. */
function checkOptions(
  check: ValidateOptions,
  upload: Pick<CheckAndUploadOptions['upload'], 'signal'>,
): ValidateOptions {
  const signals = [check.signal, upload.signal].filter((signal) => signal !== undefined);
  return {
    ...check,
    severities: { 'file/compressed': 'error', ...check.severities },
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
  };
}

/**
 * Checks a dataset and, when it has no errors, uploads exactly the bytes that were checked.
 *
 * @returns The report of the check, and the file as the server describes it.
 * @throws ValidationFailedError when the dataset has errors: nothing was sent
 * @throws DatasetReadError when it cannot be read
 * @throws UploaderError when it cannot be sent; its `code` says why. An abort during the check rejects with the reason of
 *   the signal
 */
export async function checkAndUpload(
  path: string,
  options: CheckAndUploadOptions,
): Promise<{ report: Report; file: CreatedFile }> {
  // In JavaScript it may be left out; the client says then what it needs.
  const { purpose = 'fine-tune', ...upload } = options?.upload ?? {};
  // Before the check: a wrong option is no reason to read a large file first.
  const client = createFilesClient(upload);
  try {
    const report = await validateFile(path, checkOptions(options?.check ?? {}, upload));
    if (!report.ok) throw new ValidationFailedError(report);
    const file = await client.createFile(path, purpose, {
      ...upload,
      expect: { size: report.bytes, sha256: report.sha256 },
    });
    return { report, file };
  } finally {
    await client.close();
  }
}
