import { CommandError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-code.js';

type Uploader = typeof import('@tunegate/uploader');

/** HTTP statuses by which a server refuses the file itself. */
const FILE_REJECTED: readonly number[] = [400, 413, 422];

/** What the uploader threw, as a line for people and an exit code; anything unknown comes back as it is. */
export function uploadFailure(error: unknown, uploader: Uploader): unknown {
  if (!(error instanceof uploader.UploaderError)) return error;
  // The uploader's advice for its options is about code; here they came from the command line.
  const help = error instanceof uploader.ConfigError ? undefined : error.hint;
  if (error instanceof uploader.AbortedError) {
    return new CommandError(EXIT.interrupted, interruption(error), { help, cause: error });
  }
  const isSettled = !(error instanceof uploader.AmbiguousUploadError || error instanceof uploader.IntegrityError);
  return new CommandError(codeOf(error, uploader), `${isSettled ? 'not uploaded: ' : ''}${error.message}`, {
    help,
    cause: error,
  });
}

function interruption({ fileId, fileMayExist }: { fileId: string | undefined; fileMayExist: boolean }): string {
  if (fileId !== undefined) return `interrupted: the server had already made ${fileId}`;
  return fileMayExist
    ? 'interrupted after everything was sent: the server may have made the file'
    : 'interrupted: nothing was uploaded';
}

function codeOf(error: unknown, uploader: Uploader): ExitCode {
  if (error instanceof uploader.ConfigError) return EXIT.usage;
  if (error instanceof uploader.FileChangedError) return EXIT.uploadFailed;
  if (error instanceof uploader.FileError) return EXIT.usage;
  if (error instanceof uploader.ApiError && FILE_REJECTED.includes(error.status)) return EXIT.rejected;
  return EXIT.uploadFailed;
}
