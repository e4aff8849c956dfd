import { CommandError } from './command-error.js';
import type { Destination } from './destination.js';
import { EXIT, type ExitCode } from './exit-code.js';

type Uploader = typeof import('@tunegate/uploader');

/** HTTP statuses by which a server refuses the file itself. */
const FILE_REJECTED: readonly number[] = [400, 413, 422];

/** What the failure is about. */
export interface FailureContext {
  /** Names the variables that the key and the address came from. */
  readonly to?: Pick<Destination, 'target' | 'keyName'>;
  /** What did not happen, where that is to be said. @default 'not uploaded: ' */
  readonly prefix?: string;
}

/** What the uploader threw, as a line for people and an exit code; anything unknown comes back as it is. */
export function uploadFailure(error: unknown, uploader: Uploader, context: FailureContext = {}): unknown {
  if (!(error instanceof uploader.UploaderError)) return error;
  const { prefix = 'not uploaded: ' } = context;
  if (error instanceof uploader.ConfigError) return configFailure(error, prefix, context);
  const help = helpFor(error, uploader, context);
  if (error instanceof uploader.AbortedError) {
    const message = prefix === 'not uploaded: ' ? interruption(error) : 'interrupted';
    return new CommandError(EXIT.interrupted, message, { help, cause: error });
  }
  const isSettled = !(
    error instanceof uploader.AmbiguousUploadError ||
    error instanceof uploader.IntegrityError ||
    error instanceof uploader.FileProcessingError
  );
  return new CommandError(codeOf(error, uploader), `${isSettled ? prefix : ''}${error.message}`, {
    help,
    cause: error,
  });
}

type ConfigError = InstanceType<Uploader['ConfigError']>;
type UploaderError = InstanceType<Uploader['UploaderError']>;

/** The uploader's options under the names that they have here. */
function namesOf({ to }: FailureContext): readonly (readonly [option: RegExp, name: string, help: string])[] {
  const key = to?.keyName ?? 'OPENAI_API_KEY';
  const address = to?.target === 'azure' ? 'AZURE_OPENAI_ENDPOINT' : 'OPENAI_BASE_URL';
  return [
    [/^(?:apiKey|accessToken)\b/, key, 'copy the key again: whole, on one line, and nothing else'],
    [/^apiVersion\b/, 'AZURE_OPENAI_API_VERSION', 'it looks like 2025-04-01-preview; without it the v1 API is used'],
    [/^organization\b/, 'OPENAI_ORG_ID', 'copy it again: whole, on one line, and nothing else'],
    [/^project\b/, 'OPENAI_PROJECT_ID', 'copy it again: whole, on one line, and nothing else'],
    [/^baseURL\b/, 'the base URL', `give --base-url or ${address} an address that begins with https://`],
    [/^partSize\b/, '--part-size', 'give a larger --part-size'],
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
    [/\bexpiresAfter\b/, '--expires-after', 'leave it out, or delete the file when it is no longer needed'],
  ];
}

/** The uploader's advice for its options is about code; here they came from the command line. */
function configFailure(error: ConfigError, prefix: string, context: FailureContext): CommandError {
  const named = namesOf(context).find(([option]) => option.test(error.message));
  const message = named === undefined ? error.message : error.message.replace(named[0], named[1]);
  return new CommandError(EXIT.usage, `${prefix}${message}`, { help: named?.[2], cause: error });
}

/** Advice that names an option of the library names the flag here, or leaves it out where there is none. */
function helpFor(error: UploaderError, uploader: Uploader, { to }: FailureContext): string | undefined {
  if (error instanceof uploader.FileTooLargeError) {
    if (error.hint?.includes('in parts')) return 'send it in parts with --parts always, or split the dataset';
    return 'split the dataset; a server that takes more is a --target compatible';
  }
  if (error instanceof uploader.TimeoutError) {
    return error.hint
      ?.replace('timeout.stall', '--timeout SECONDS')
      .replace('a larger maxWait', 'tunegate files wait and a larger --max-wait');
  }
  if (error instanceof uploader.TlsError) return error.hint?.replace(' or in the option ca', '');
  const isDoubt = error instanceof uploader.AbortedError && error.fileMayExist && error.fileId === undefined;
  if (error instanceof uploader.AmbiguousUploadError || isDoubt) {
    const purpose = error instanceof uploader.AmbiguousUploadError ? ` --purpose ${error.purpose}` : '';
    const target = to === undefined || to.target === 'openai' ? '' : ` --target ${to.target}`;
    return `${error.hint}: tunegate files list${purpose}${target}`;
  }
  if (error instanceof uploader.AuthenticationError && to !== undefined) {
    return `the key came from ${to.keyName}; ${error.hint ?? 'check it'}`;
  }
  return error.hint
    ?.replace("(parts: 'never')", 'with --parts never')
    .replace('set overwrite to', 'give --overwrite to')
    .replace(/: expect: \{ bytes: null \} .*$/, '')
    .replace(/; one that .*preflight: false$/, '; it must be allowed to list files, too');
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
  if (error instanceof uploader.FileProcessingError) return EXIT.rejected;
  if (error instanceof uploader.ApiError && FILE_REJECTED.includes(error.status)) return EXIT.rejected;
  return EXIT.uploadFailed;
}
