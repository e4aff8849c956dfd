import { usageError } from './command-error.js';
import { suggestion } from './suggestion.js';

/** One flag: what it means, and how its text becomes a value. */
export interface Flag<Value, Repeats extends boolean = boolean> {
  /** What stands for the value in the help; a switch has none. */
  readonly placeholder: string | undefined;
  readonly description: string;
  readonly short: string | undefined;
  readonly repeats: Repeats;
  /** @throws CommandError when the text is no such value */
  parse(text: string, name: string): Value;
}

interface FlagText {
  readonly placeholder: string;
  readonly description: string;
}

const toSwitch = (description: string, short?: string): Flag<true, false> => ({
  placeholder: undefined,
  description,
  short,
  repeats: false,
  parse: () => true,
});

const text = ({ placeholder, description }: FlagText): Flag<string, false> => ({
  placeholder,
  description,
  short: undefined,
  repeats: false,
  parse: (value) => value,
});

const texts = (parts: FlagText): Flag<string, true> => ({ ...text(parts), repeats: true });

const list = ({ placeholder, description }: FlagText): Flag<readonly string[], true> => ({
  placeholder,
  description,
  short: undefined,
  repeats: true,
  parse: (value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
});

const integer = (
  { placeholder, description }: FlagText,
  [min, max]: readonly [min: number, max: number] = [0, Number.MAX_SAFE_INTEGER],
  short?: string,
): Flag<number, false> => ({
  placeholder,
  description,
  short,
  repeats: false,
  parse(value, name) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
      throw usageError(`--${name} takes a whole number, not "${value}"`);
    }
    if (number >= min && number <= max) return number;
    throw usageError(`--${name} takes ${min} to ${max}, not ${value}`);
  },
});

const BYTES_OF_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  kib: 1024,
  mib: 1024 ** 2,
};

const byteSize = (
  { placeholder, description }: FlagText,
  [min, max]: readonly [min: number, max: number],
): Flag<number, false> => ({
  placeholder,
  description,
  short: undefined,
  repeats: false,
  parse(value, name) {
    const [, number = '', unit = ''] = /^(\d+) ?([a-z]*)$/i.exec(value) ?? [];
    const bytes = Number(number) * (BYTES_OF_UNIT[unit.toLowerCase()] ?? Number.NaN);
    const help = `for example --${name} 16MiB`;
    if (number === '' || !Number.isSafeInteger(bytes)) {
      throw usageError(`--${name} takes a number of bytes, not "${value}"`, help);
    }
    if (bytes >= min && bytes <= max) return bytes;
    throw usageError(`--${name} takes ${min} to ${max} bytes, not ${value}`, help);
  },
});

/** Seconds of each unit that a duration may end in. */
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `30m`, `12h`, `30d`, or seconds without a unit; the value is seconds. */
const duration = (
  { placeholder, description }: FlagText,
  range: readonly [min: number, max: number],
): Flag<number, false> => ({
  placeholder,
  description,
  short: undefined,
  repeats: false,
  parse(value, name) {
    const [, digits, unit = 's'] = /^(\d{1,12})([smhd])?$/.exec(value) ?? [];
    if (digits === undefined) {
      throw usageError(`--${name} takes a duration, not "${value}"`, 'for example 12h or 30d; units are s, m, h and d');
    }
    const seconds = Number(digits) * (SECONDS[unit] ?? 1);
    const [min, max] = range;
    if (seconds >= min && seconds <= max) return seconds;
    throw usageError(`--${name} ${value} is out of range`, `it takes ${inWords(min)} to ${inWords(max)}`);
  },
});

function inWords(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((it) => seconds % (SECONDS[it] ?? 1) === 0) ?? 's';
  return `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}

const choice = <const Choice extends string>(choices: readonly Choice[], description: string): Flag<Choice, false> => ({
  placeholder: choices.join('|'),
  description,
  short: undefined,
  repeats: false,
  parse(value, name) {
    const known = choices.find((it) => it === value);
    if (known !== undefined) return known;
    const meant = suggestion(value, choices);
    throw usageError(
      `--${name} takes ${choices.join(', ')}, not "${value}"`,
      meant === undefined ? undefined : `did you mean --${name} ${meant}?`,
    );
  },
});

const severity: Flag<readonly [id: string, severity: 'off' | 'info' | 'warning' | 'error'], true> = {
  placeholder: 'ID=SEVERITY',
  description: 'give a rule another severity: off, info, warning or error',
  short: undefined,
  repeats: true,
  parse(value, name) {
    const [, id, level] = /^([^=]+)=(off|info|warning|error)$/.exec(value) ?? [];
    if (id !== undefined && (level === 'off' || level === 'info' || level === 'warning' || level === 'error')) {
      return [id, level];
    }
    throw usageError(
      `--${name} takes ID=off, ID=info, ID=warning or ID=error, not "${value}"`,
      `for example --${name} messages/unknown-key=warning; \`tunegate rules\` lists the ids`,
    );
  },
};

/** Every flag of this version, whichever command takes it. */
export const FLAGS = {
  target: text({ placeholder: 'NAME', description: 'the provider whose rules apply (default openai)' }),
  model: text({
    placeholder: 'ID',
    description: "the base model: its encoding and training context (default the target's)",
  }),
  method: choice(
    ['supervised', 'dpo', 'reinforcement'],
    'how the model is to be trained (default: taken from the data)',
  ),
  grader: text({
    placeholder: 'FILE',
    description: 'the grader of a reinforcement job, as JSON: what its templates name must be in every example',
  }),
  tokens: choice(['exact', 'off'], 'count tokens, or do not (default exact)'),
  select: list({ placeholder: 'ID[,ID]', description: 'only these rules; tools/* is all of a category' }),
  ignore: list({ placeholder: 'ID[,ID]', description: 'not these rules' }),
  rule: severity,
  'max-warnings': integer({
    placeholder: 'N',
    description: 'more warnings than N fail the check (default: any number passes)',
  }),
  'max-errors': integer({
    placeholder: 'N',
    description: 'findings shown in all, 0 = all; totals stay exact (default: pretty and concise 100, others all)',
  }),
  'max-per-rule': integer({
    placeholder: 'N',
    description: 'findings shown of each rule and file, 0 = all (default: pretty 3, others all)',
  }),
  format: texts({
    placeholder: 'NAME[=FILE]',
    description: 'pretty, concise, json, jsonl or github; several may be given, each may go to a file',
  }),
  cache: toSwitch('remember what was found: an unchanged file is not read again with the same options'),
  'cache-dir': text({ placeholder: 'DIR', description: 'where --cache remembers (default .tunegatecache)' }),
  workers: integer(
    {
      placeholder: 'N',
      description: 'threads that check a large file; 1 = none besides (default: as many as processors, at most 8)',
    },
    [1, 1_024],
    'j',
  ),
  fingerprints: text({
    placeholder: 'FILE',
    description: 'write what `tunegate merge` compares examples by; of several datasets into a folder: DIR/',
  }),
  'stdin-filename': text({ placeholder: 'NAME', description: 'what to call the dataset read from standard input' }),
  config: text({ placeholder: 'FILE', description: 'this configuration, not the nearest tunegate.config.*' }),
  'no-config': toSwitch('read no configuration'),
  train: texts({
    placeholder: 'FILE',
    description: 'what is trained on, and --valid is held against; of check and merge several files: one dataset',
  }),
  valid: texts({ placeholder: 'FILE', description: 'what is validated on: no example of it may be trained on' }),
  'no-check': toSwitch('skip the rules; snapshot, size, SHA-256 and name are still checked'),
  'base-url': text({
    placeholder: 'URL',
    description: 'the API to send to, up to and including /v1 (default $OPENAI_BASE_URL)',
  }),
  parts: choice(
    ['auto', 'always', 'never'],
    'send the file in parts (default auto: from 100 MB on, where the target takes them)',
  ),
  'part-size': byteSize(
    {
      placeholder: 'SIZE',
      description: 'bytes of a part, or a number with kB, MB, KiB or MiB, up to 64MiB (default 64MiB)',
    },
    // Source: the reference of OpenAI's Uploads API.
    [1, 64 * 1024 * 1024],
  ),
  concurrency: integer({ placeholder: 'N', description: 'parts sent at the same time, 1 to 16 (default 3)' }, [1, 16]),
  purpose: choice(
    [
      ...(['fine-tune', 'batch', 'assistants', 'vision', 'user_data', 'evals'] as const),
      ...(['fine-tune-results', 'batch_output', 'assistants_output'] as const),
    ],
    'what the file is for (upload: default fine-tune; files list: default all)',
  ),
  name: text({
    placeholder: 'NAME',
    description: 'the name to send it under; {stem}, {sha256} and {sha256:8} are filled in (default its own)',
  }),
  'expires-after': duration(
    { placeholder: 'TIME', description: 'have the server delete the file after 1h to 30d (default never)' },
    // Source: `expires_after` of OpenAI's OpenAPI description: 3,600 to 2,592,000 seconds.
    [3600, 2_592_000],
  ),
  'dry-run': toSwitch('do everything but send, and say what would be sent'),
  'skip-existing': toSwitch('send nothing if the server has these bytes, by size and a name that holds the SHA-256'),
  'compare-content': toSwitch('with --skip-existing: compare the SHA-256 of what files of this size hold'),
  wait: toSwitch('wait until the server has processed the file (default for azure)'),
  'no-wait': toSwitch('do not wait'),
  'max-wait': duration(
    { placeholder: 'TIME', description: 'give up waiting after so long (default 30m)' },
    [1, 604_800],
  ),
  yes: toSwitch('ask nothing', 'y'),
  limit: integer({ placeholder: 'N', description: 'at most so many files (default all)' }),
  order: choice(['asc', 'desc'], "by time of creation (default the server's own, newest first)"),
  output: { ...text({ placeholder: 'FILE', description: 'where to write' }), short: 'o' },
  overwrite: toSwitch('replace the file that is there'),
  timeout: integer({
    placeholder: 'SECONDS',
    description: 'give up when nothing moves for so long (default 60, and 600 for the answer)',
  }),
  retries: integer({ placeholder: 'N', description: 'how often a failed try is repeated (default 3)' }),
  dir: text({
    placeholder: 'DIR',
    description: 'where files are kept (default: a temporary directory, removed at the end)',
  }),
  port: integer({ placeholder: 'N', description: 'TCP port (default: any free one)' }),
  faults: text({ placeholder: 'FILE', description: 'a JSON file of what the server does wrong: docs/local-server.md' }),
  color: choice(['auto', 'always', 'never'], 'colours (default auto; NO_COLOR and FORCE_COLOR are honoured)'),
  progress: toSwitch('show progress even where nobody seems to look'),
  'no-progress': toSwitch('show no progress'),
  quiet: toSwitch('nothing but findings and failures', 'q'),
  help: toSwitch('this text', 'h'),
  version: toSwitch('the version'),
} as const;

/** The name of a flag, without dashes. */
export type FlagName = keyof typeof FLAGS;

/** What a command line said, by flag. Flags that repeat hold all their values. */
export type FlagValues = {
  readonly [Name in FlagName]?: (typeof FLAGS)[Name] extends Flag<infer Value, infer Repeats>
    ? Repeats extends true
      ? readonly Value[]
      : Value
    : never;
};

/** Flags that are planned and do nothing yet: refused, so that nobody relies on what does not happen. */
export const NOT_YET_FLAGS: readonly string[] = [
  'baseline',
  'diff',
  'example',
  'excerpt',
  'fail-on',
  'from',
  'in-place',
  'message',
  'no-excerpt',
  'ratio',
  'rejects',
  'seed',
  'system',
  'unsafe-fixes',
  'update-baseline',
  'verbose',
  'o',
];
