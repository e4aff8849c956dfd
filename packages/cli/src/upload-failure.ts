import { CommandError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-code.js';

type Uploader = typeof import('@tunegate/uploader');

/** HTTP statuses by which a server refuses the file itself. */
const FILE_REJECTED: readonly number[] = [400, 413, 422];

/** What the uploader threw, as a line for people and an exit code; anything unknown comes back as it is. */
export function uploadFailure(error: unknown, uploader: Uploader): unknown {
  if (!(error instanceof uploader.UploaderError)) return error;
  if (error instanceof uploader.ConfigError) return configFailure(error);
  const help = helpFor(error, uploader);
  if (error instanceof uploader.AbortedError) {
    return new CommandError(EXIT.interrupted, interruption(error), { help, cause: error });
  }
  const isSettled = !(error instanceof uploader.AmbiguousUploadError || error instanceof uploader.IntegrityError);
  return new CommandError(codeOf(error, uploader), `${isSettled ? 'not uploaded: ' : ''}${error.message}`, {
    help,
    cause: error,
  });
}

type ConfigError = InstanceType<Uploader['ConfigError']>;
type UploaderError = InstanceType<Uploader['UploaderError']>;

/** The uploader's options under the names that they have here. */
const NAMES: readonly (readonly [option: RegExp, name: string, help: string])[] = [
  [/^apiKey\b/, 'OPENAI_API_KEY', 'copy the key again: whole, on one line, and nothing else'],
  [/^organization\b/, 'OPENAI_ORG_ID', 'copy it again: whole, on one line, and nothing else'],
  [/^project\b/, 'OPENAI_PROJECT_ID', 'copy it again: whole, on one line, and nothing else'],
  [/^baseURL\b/, 'the base URL', 'give --base-url or OPENAI_BASE_URL an address that begins with https://'],
  [
    /\bproxy\.https\b/,
    'HTTPS_PROXY',
    'it looks like http://host:port or http://user:password@host:port, with % as %25 and @ as %40',
  ],
  [
    /\bproxy\.http\b/,
    'HTTP_PROXY',
    'it looks like http://host:port or http://user:password@host:port, with % as %25 and @ as %40',
  ],
  [/^timeout\.\w+/, '--timeout', 'give a number of seconds above 0'],
];

/** The uploader's advice for its options is about code; here they came from the command line. */
function configFailure(error: ConfigError): CommandError {
  const named = NAMES.find(([option]) => option.test(error.message));
  const message = named === undefined ? error.message : error.message.replace(named[0], named[1]);
  return new CommandError(EXIT.usage, `not uploaded: ${message}`, { help: named?.[2], cause: error });
}

/** Advice that names an option of the library names the flag here, or leaves it out where there is none. */
function helpFor(error: UploaderError, uploader: Uploader): string | undefined {
  if (error instanceof uploader.FileTooLargeError)
    return 'split the dataset; a server that takes more is a --target compatible';
  if (error instanceof uploader.TimeoutError) return error.hint?.replace('timeout.stall', '--timeout SECONDS');
  if (error instanceof uploader.TlsError) return error.hint?.replace(' or in the option ca', '');
  return error.hint?.replace(/; one that .*preflight: false$/, '; it must be allowed to list files, too');
}

function interruption({ fileId, fileMayExist }: { fileId: string | undefined; fileMayExist: boolean }): string {
  if (fileId !== undefined) return `interrupted: the server had already made ${fileId}`;
  return fileMayExist
    ? 'interrupted after everything was sent: the server may have made the file'
    : 'interrupted: nothing was uploaded';
}

function codeOf(error: unknown, uploader: Uploader): ExitCode {
  if (error instanceof uploader.FileChangedError) return EXIT.uploadFailed;
  if (error instanceof uploader.FileError) return EXIT.usage;
  if (error instanceof uploader.ApiError && FILE_REJECTED.includes(error.status)) return EXIT.rejected;
  return EXIT.uploadFailed;
}
