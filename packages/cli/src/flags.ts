import { byteSize, choice, duration, type Flag, integer, list, severity, text, texts, toSwitch } from './flag-kinds.js';

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
    description: 'what is trained on, all of it one dataset; --valid is held against it',
  }),
  valid: texts({
    placeholder: 'FILE',
    description: 'what is validated on, all of it one dataset: no example of it may be trained on',
  }),
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
