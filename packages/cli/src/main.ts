import { parseCommandLine } from './args.js';
import { CommandError, failureText } from './command-error.js';
import { COMMANDS, type Command } from './command-table.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { commandHelp, mainHelp } from './help.js';
import type { Environment, Io } from './output.js';
import { VERSION } from './version.gen.js';

/**
 * Runs one command line. Never throws: a failure is one line on standard error and an exit code.
 *
 * @param argv The arguments, without the program.
 */
export async function main(argv: readonly string[], env: Environment, io: Io): Promise<ExitCode> {
  try {
    const request = parseCommandLine(argv);
    if (request.kind === 'version') {
      await io.stdout.write(`${VERSION}\n`);
      return EXIT.clean;
    }
    if (request.kind === 'help') {
      // Asked for, it is the result; otherwise it is the answer to a mistake.
      const isAsked = argv.length > 0;
      const text = request.command === undefined ? mainHelp() : commandHelp(request.command);
      await (isAsked ? io.stdout : io.stderr).write(text);
      return isAsked ? EXIT.clean : EXIT.usage;
    }
    const command: Command = COMMANDS[request.command];
    return await command.run({ positionals: request.positionals, flags: request.flags, env, io });
  } catch (error) {
    return await fail(error, env, io);
  }
}

async function fail(error: unknown, env: Environment, io: Io): Promise<ExitCode> {
  const [code, text]: readonly [ExitCode, string] =
    error instanceof CommandError
      ? [error.exitCode, failureText(error)]
      : io.signal.aborted
        ? [EXIT.interrupted, 'tunegate: interrupted\n']
        : [EXIT.usage, bugText(error, env)];
  // Where standard error is gone as well, the code is all that is left to say.
  await io.stderr.write(text).catch(() => {});
  return code;
}

function bugText(error: unknown, env: Environment): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = env.TUNEGATE_DEBUG === '1' && error instanceof Error ? `${error.stack}\n` : '';
  return `${failureText({
    message: `internal error, this is a bug: ${message}`,
    help: 'run again with TUNEGATE_DEBUG=1 and report what it prints at https://github.com/tunegate/tunegate/issues',
  })}${stack}`;
}
