import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { usageError } from './command-error.js';
import { ALIASES, COMMANDS, type Command, type CommandName, NOT_YET_COMMANDS } from './command-table.js';
import type { Flag } from './flag-kinds.js';
import { FLAGS, type FlagName, type FlagValues, NOT_YET_FLAGS } from './flags.js';
import { didYouMean } from './suggestion.js';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command?: CommandName }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly positionals: readonly string[];
      readonly flags: FlagValues;
    };

/**
 * Reads the command line, program name left out.
 *
 * @param isFile Whether a path names something that exists; decides whether the first argument is a command.
 * @throws CommandError with exit code 2 for whatever is not understood, or not in this version
 */
export function parseCommandLine(argv: readonly string[], isFile: (path: string) => boolean = existsSync): Request {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help' };
  if (first === '--version') return { kind: 'version' };
  if (first === 'help')
    return rest[0] === undefined ? { kind: 'help' } : { kind: 'help', command: commandNamed(rest[0]) };

  const isCommand = Object.hasOwn(COMMANDS, first) || Object.hasOwn(ALIASES, first);
  if (!isCommand && (first === '-' || first.endsWith('.jsonl') || (!first.startsWith('-') && isFile(first)))) {
    return parseCommand('check', argv, isFile);
  }
  if (first === '') throw emptyArgument();
  if (first.startsWith('-')) {
    throw usageError(
      `${first.split('=')[0]} comes before any command`,
      'write the command first, for example tunegate check FILE',
    );
  }
  return parseCommand(commandNamed(first), rest, isFile);
}

function commandNamed(name: string): CommandName {
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (alias !== undefined) return alias;
  if (isCommandName(name)) return name;
  if (NOT_YET_COMMANDS.includes(name)) {
    throw usageError(`the command ${name} is not in this version`, '`tunegate --help` lists the commands that are');
  }
  throw usageError(
    `there is no command "${name}", and no such file`,
    didYouMean(name, [...Object.keys(COMMANDS), ...Object.keys(ALIASES)], 'tunegate ') ??
      '`tunegate --help` lists the commands',
  );
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}

function parseCommand(command: CommandName, args: readonly string[], isFile: (path: string) => boolean): Request {
  const allowed: readonly FlagName[] = COMMANDS[command].flags;
  const options = Object.fromEntries(
    allowed.map((name) => {
      const { placeholder, short } = FLAGS[name];
      return [name, { type: placeholder === undefined ? 'boolean' : 'string', ...(short && { short }) } as const];
    }),
  );
  // Not strict: its messages know neither what is planned nor what was meant.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });

  const positionals: string[] = [];
  const values: Partial<Record<FlagName, unknown>> = {};
  const lists: readonly FlagName[] = listFlags(command);
  /** The flag that takes the names that follow. */
  let listed: FlagName | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (token.value === '') throw emptyArgument();
      if (listed === undefined) positionals.push(token.value);
      else values[listed] = [...(values[listed] as readonly unknown[]), FLAGS[listed].parse(token.value, listed)];
      continue;
    }
    listed = undefined;
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!isFlagName(name) || !allowed.includes(name)) {
      throw isFile(rawName) ? fileLikeFlag(rawName, command) : unknownFlag(rawName, name, command, allowed);
    }
    const flag: Flag<unknown> = FLAGS[name];
    const parsed = flag.parse(flagText(flag, rawName, value, inlineValue === true), name);
    values[name] = flag.repeats ? [...(Array.isArray(values[name]) ? values[name] : []), parsed] : parsed;
    if (lists.includes(name) && inlineValue !== true) listed = name;
  }
  if (values.help) return { kind: 'help', command };
  if (values.version) return { kind: 'version' };
  // Each value came from the parser of its own flag.
  return { kind: 'run', command, positionals, flags: values as FlagValues };
}

/** Of `"$FILE"` when there is no such variable. */
function emptyArgument() {
  return usageError('an argument is empty', 'a variable in the command line may not be set');
}

function fileLikeFlag(name: string, command: CommandName) {
  return usageError(`${command} has no flag ${name}`, `for the file of that name: tunegate ${command} ./${name}`);
}

function listFlags(command: CommandName): readonly FlagName[] {
  const { lists = [] }: Command = COMMANDS[command];
  return lists;
}

function flagText(flag: Flag<unknown>, rawName: string, value: string | undefined, isInline: boolean): string {
  if (flag.placeholder === undefined) {
    if (value !== undefined) throw usageError(`${rawName} takes no value`);
    return '';
  }
  if (value === undefined || value === '' || (!isInline && value.startsWith('-') && value !== '-')) {
    throw usageError(`${rawName} needs a value: ${rawName} ${flag.placeholder}`);
  }
  return value;
}

function unknownFlag(rawName: string, name: string, command: CommandName, allowed: readonly FlagName[]) {
  if (NOT_YET_FLAGS.includes(name)) {
    return usageError(`${rawName} is not in this version`, `\`tunegate ${command} --help\` lists the flags that are`);
  }
  if (isFlagName(name)) {
    const takers = Object.entries(COMMANDS).filter(([, it]) => (it.flags as readonly FlagName[]).includes(name));
    if (takers.length > 0) {
      return usageError(`${command} does not take ${rawName}`, `it belongs to ${takers.map(([it]) => it).join(', ')}`);
    }
  }
  return usageError(
    `${command} has no flag ${rawName}`,
    didYouMean(name, allowed, '--') ?? `\`tunegate ${command} --help\` lists its flags`,
  );
}
