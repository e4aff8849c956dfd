import { EXIT, type ExitCode } from './exit-code.js';
import { oneLine } from './one-line.js';

/** A failure that is understood: one line says what happened, a second what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly help: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { help?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.exitCode = exitCode;
    this.help = options.help;
  }
}

/** The command line or the environment asks for something that cannot be done. */
export function usageError(message: string, help?: string): CommandError {
  return new CommandError(EXIT.usage, message, { help });
}

/** The user interrupted. */
export function interruptedError(message = 'interrupted'): CommandError {
  return new CommandError(EXIT.interrupted, message);
}

/** `tunegate: <message>`, and what to do about it on a second line. */
export function failureText({ message, help }: Pick<CommandError, 'message' | 'help'>): string {
  return `tunegate: ${oneLine(message)}\n${help === undefined ? '' : `help: ${oneLine(help)}\n`}`;
}
