import { check } from './commands/check.js';
import { explain } from './commands/explain.js';
import { files } from './commands/files.js';
import { merge } from './commands/merge.js';
import { listRules } from './commands/rules.js';
import { serve } from './commands/serve.js';
import { upload } from './commands/upload.js';
import type { ExitCode } from './exit-code.js';
import type { FlagName, FlagValues } from './flags.js';
import type { Environment, Io } from './output.js';

/** What a command is given. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly flags: FlagValues;
  readonly env: Environment;
  readonly io: Io;
}

/** One command: how it is called and what it does. */
export interface Command {
  readonly usage: string;
  /** A line for the list of commands. */
  readonly summary: string;
  readonly flags: readonly FlagName[];
  /** Those that take all names that follow them, up to the next flag: a shell makes several of one pattern. */
  readonly lists?: readonly FlagName[];
  /** Of flags that do something else here than for most: what its own help says of them. */
  readonly words?: Readonly<Partial<Record<FlagName, { readonly placeholder?: string; readonly description: string }>>>;
  /** Paragraphs of its own help. */
  readonly details: readonly string[];
  readonly examples: readonly string[];
  /** It loads the validator and the uploader itself: `check` needs no HTTP client, and `--help` needs neither. */
  run(invocation: Invocation): Promise<ExitCode>;
}

const COMMON = ['color', 'quiet', 'help', 'version'] as const;
const CHECKING = [
  'target',
  'model',
  'method',
  'grader',
  'tokens',
  'select',
  'ignore',
  'rule',
  'parts',
  'max-warnings',
  'max-errors',
  'max-per-rule',
  'format',
  'config',
  'no-config',
  'progress',
  'no-progress',
  'workers',
] as const;

/** The commands of this version. */
export const COMMANDS = {
  check: {
    usage: 'tunegate check [FILE|GLOB|-]… [--train FILE… [--valid FILE…]]',
    summary: 'check datasets; findings on standard output',
    flags: [...CHECKING, 'train', 'valid', 'stdin-filename', 'fingerprints', 'cache', 'cache-dir', ...COMMON],
    lists: ['train', 'valid'],
    details: [
      'Each file is a dataset of its own; - is standard input. The word check can be left out when the first argument is a file.',
      'All files that follow --train, up to the next flag, are one dataset together, in their order, and so are those that follow --valid: duplicates and conflicting answers are looked for across them, and there is one summary, <train> or <valid>. No example to validate on may be one to train on. --train=FILE takes one file only.',
      'Formats: pretty on a terminal, concise elsewhere, github and concise on GitHub Actions. A format with =FILE is written there besides.',
    ],
    examples: [
      'tunegate check train.jsonl valid.jsonl',
      "tunegate check 'data/**/*.jsonl' --target together --max-warnings 0",
      'tunegate check --train train.jsonl --valid valid.jsonl',
      'tunegate check --train part-*.jsonl --valid valid.jsonl',
      'tunegate check train.jsonl --format pretty --format jsonl=findings.jsonl',
      'zcat train.jsonl.gz | tunegate check - --stdin-filename train.jsonl',
      'tunegate check part-7.jsonl --format json=part-7.json --fingerprints part-7.fingerprints',
    ],
    run: check,
  },
  merge: {
    usage: 'tunegate merge [REPORT.json]… [--train REPORT.json… [--valid REPORT.json…]]',
    summary: 'merge the reports of shards: the report of the whole',
    flags: ['train', 'valid', 'max-warnings', 'max-errors', 'max-per-rule', 'format', ...COMMON],
    lists: ['train', 'valid'],
    details: [
      'Takes what check writes with --format json. Where the shards were checked with --fingerprints as well, their examples are compared with each other: duplicates, conflicting answers.',
      'Reports after --train, up to the next flag, are merged with each other, and so are those after --valid; no example of these may be in those.',
      'Size, SHA-256 and the places of findings stay those of each shard. A merged report can be merged again.',
    ],
    examples: [
      'tunegate merge reports/*.json',
      'tunegate merge reports/*.json --format json=whole.json',
      'tunegate merge --train train-*.json --valid valid.json',
    ],
    run: merge,
  },
  upload: {
    usage: 'tunegate upload FILE | --train FILE --valid FILE',
    summary: 'check a dataset, then send exactly the bytes that were checked; its file id on standard output',
    flags: [
      ...CHECKING,
      'train',
      'valid',
      'no-check',
      'base-url',
      'purpose',
      'name',
      'part-size',
      'concurrency',
      'expires-after',
      'dry-run',
      'skip-existing',
      'compare-content',
      'wait',
      'no-wait',
      'max-wait',
      'timeout',
      'retries',
      'yes',
      ...COMMON,
    ],
    words: {
      target: { description: 'the provider: its rules, and where the file goes (default openai)' },
      train: { description: 'the file to train on, the same as FILE' },
      valid: { description: 'the file to validate on, sent after it: no example of it may be trained on' },
      purpose: {
        placeholder: 'fine-tune|batch|assistants|vision|user_data|evals',
        description: 'what the file is for (default fine-tune)',
      },
    },
    details: [
      'Nothing is sent when the check finds an error. While the file is sent its SHA-256 is computed again: if the file changed, the request is left incomplete and no file is made.',
      'Standard output gets the file id alone, or two, one a line, with --train and --valid; everything else goes to standard error.',
      'With --valid the validation file is held against the training file, and nothing is sent before both are clean.',
      'From 100 MB on the file goes in parts, where the target takes them: a break then costs one part, and the same command, run again within the hour, goes on where this one stopped. What it needs for that is kept in the state directory of the user ($XDG_STATE_HOME), without the key.',
      'A target is rules and dialect together: openai, azure, together, mistral, nebius, and compatible for any other server (it needs --base-url or OPENAI_BASE_URL).',
      'With --skip-existing the file is sent under the name {stem}-{sha256:8}.jsonl, unless --name says otherwise or --compare-content is given.',
      "When the answer is lost, the server's list says whether the file arrived; it is sent a second time only if that list can be believed and does not show it.",
    ],
    examples: [
      'FILE_ID=$(tunegate upload train.jsonl)',
      'tunegate upload --train train.jsonl --valid valid.jsonl',
      'tunegate upload train.jsonl --target azure --wait',
      'tunegate upload train.jsonl --skip-existing --expires-after 30d',
      'tunegate upload train.jsonl --target compatible --base-url http://127.0.0.1:8080/v1',
    ],
    run: upload,
  },
  files: {
    usage: 'tunegate files list|get|delete|download|wait [ID]…',
    summary: 'the files on the server: list, describe, delete, download them, wait until one is processed',
    flags: [
      'target',
      'base-url',
      'purpose',
      'limit',
      'order',
      'output',
      'overwrite',
      'max-wait',
      'yes',
      'format',
      'config',
      'no-config',
      'timeout',
      'retries',
      'progress',
      'no-progress',
      ...COMMON,
    ],
    words: {
      target: { description: 'the provider that has the files (default openai)' },
      purpose: { description: 'only files of this purpose (default all)' },
      format: {
        placeholder: 'pretty|json|jsonl',
        description: 'how it is written (default pretty); jsonl is for list',
      },
    },
    details: [
      'list takes --purpose, --limit and --order; delete takes several ids, asks on a terminal and needs --yes elsewhere; download takes -o FILE or writes to standard output; wait takes --max-wait.',
    ],
    examples: [
      'tunegate files list --purpose fine-tune --format json',
      'tunegate files download file-abc123 -o train.jsonl',
      'tunegate files wait file-abc123 --target azure',
      'tunegate files delete file-abc123 --yes',
    ],
    run: files,
  },
  serve: {
    usage: 'tunegate serve',
    summary: 'run the embedded Files API server, for demos and offline pipelines',
    flags: ['dir', 'port', 'target', 'faults', ...COMMON],
    words: { target: { description: 'the provider whose ways it has: openai (default), azure, together or mistral' } },
    details: [
      'Listens on loopback only and takes any API key that is not empty. Its base URL goes to standard output. Ctrl-C stops it, with exit code 0.',
      'A directory belongs to one server at a time. --target gives it the ways of openai, azure, together or mistral.',
    ],
    examples: [
      'tunegate serve --dir files --port 8080',
      'tunegate serve --target azure --faults faults.json',
      'OPENAI_API_KEY=any OPENAI_BASE_URL=http://127.0.0.1:8080/v1 tunegate upload train.jsonl',
    ],
    run: serve,
  },
  rules: {
    usage: 'tunegate rules',
    summary: 'list the rules',
    flags: ['target', 'format', ...COMMON],
    words: {
      target: { description: 'the provider whose severities are shown (default openai)' },
      format: { placeholder: 'pretty|json', description: 'how they are written (default pretty)' },
    },
    details: [],
    examples: ['tunegate rules --target azure', 'tunegate rules --format json'],
    run: listRules,
  },
  explain: {
    usage: 'tunegate explain RULE',
    summary: 'say what a rule looks for and how much it weighs',
    flags: [...COMMON],
    details: [],
    examples: ['tunegate explain messages/unknown-role'],
    run: explain,
  },
} as const satisfies Record<string, Command>;

/** The name of a command of this version. */
export type CommandName = keyof typeof COMMANDS;

/** Other names of commands. */
export const ALIASES: Readonly<Record<string, CommandName>> = { validate: 'check', lint: 'check' };

/** Commands that are planned. */
export const NOT_YET_COMMANDS: readonly string[] = ['fix', 'convert', 'split', 'stats', 'show', 'init', 'print-config'];
