import { ALIASES, COMMANDS, type Command, type CommandName } from './command-table.js';
import { FLAGS } from './flags.js';

/** What a terminal has that nobody has widened. */
const COLUMNS = 80;

const EXIT_CODES = `Exit codes:
${table([
  ['0', 'clean'],
  ['1', 'findings: an error, or more warnings than --max-warnings'],
  ['2', 'usage, an unreadable file, no API key, or a bug in tunegate'],
  ['3', 'upload failed: network, 401, 403, quota, the file changed, the answer was lost'],
  ['4', 'the server rejected the file: 400, 413, 422, or could not process it'],
  ['130', 'interrupted'],
])}`;

const ENVIRONMENT = `Environment:
${table([
  ['OPENAI_API_KEY', 'the key; it goes to api.openai.com, or to the base URL that you give, and nowhere else'],
  ['OPENAI_BASE_URL', 'the API to send to, up to and including /v1 (--base-url wins); for openai and compatible'],
  ['OPENAI_ORG_ID, OPENAI_PROJECT_ID', 'sent as OpenAI-Organization and OpenAI-Project'],
  [
    'AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY',
    'the resource and its key; AZURE_OPENAI_AD_TOKEN, a token of Entra ID, in place of the key; AZURE_OPENAI_API_VERSION for the older API',
  ],
  ['TOGETHER_API_KEY, MISTRAL_API_KEY, NEBIUS_API_KEY', 'the keys of these targets; each goes to its own provider'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'the proxy, as http://host:port, and the hosts that are reached without it'],
  ['NODE_EXTRA_CA_CERTS', 'a file of further certificates to trust, as Node.js reads it'],
  ['NO_COLOR, FORCE_COLOR', 'colours off or on'],
  ['TUNEGATE_DEBUG=1', 'the stack of an internal error'],
])}`;

/** Commands that speak to a provider. */
const SENDS: ReadonlySet<CommandName> = new Set(['upload', 'files']);

/** Commands whose exit code is a verdict. */
const JUDGES: ReadonlySet<CommandName> = new Set(['check', 'merge']);

/** The text of `tunegate --help`. */
export function mainHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary] as const);
  return [
    'tunegate: check a fine-tuning dataset, then upload exactly the bytes that were checked.',
    '',
    'Usage: tunegate COMMAND [FLAGS] [FILE]…',
    '       tunegate FILE…              the same as tunegate check FILE…',
    '       tunegate COMMAND --help     flags and examples of a command',
    '       tunegate --version',
    '',
    'Commands:',
    table(commands),
    `  (${Object.keys(ALIASES).join(' and ')} are other names of check)`,
    '',
    'Example:',
    '  tunegate check train.jsonl && FILE_ID=$(tunegate upload train.jsonl)',
    '',
    ENVIRONMENT,
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

/** The text of `tunegate COMMAND --help`. */
export function commandHelp(name: CommandName): string {
  const { usage, summary, flags, words = {}, details, examples }: Command = COMMANDS[name];
  const rows = flags.map((flag) => {
    const { placeholder, short, description } = { ...FLAGS[flag], ...words[flag] };
    const names = `${short === undefined ? '' : `-${short}, `}--${flag}${placeholder === undefined ? '' : ` ${placeholder}`}`;
    return [names, description] as const;
  });
  return [
    `${usage} [FLAGS]`,
    '',
    ...wrapped(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`, COLUMNS),
    ...details.flatMap((paragraph) => ['', ...wrapped(paragraph, COLUMNS)]),
    '',
    'Flags:',
    table(rows),
    '',
    `Example${examples.length === 1 ? '' : 's'}:`,
    ...examples.map((example) => `  ${example}`),
    '',
    ...(JUDGES.has(name) || SENDS.has(name) ? [...(SENDS.has(name) ? [ENVIRONMENT, ''] : []), EXIT_CODES, ''] : []),
  ].join('\n');
}

/** Names, and what is said of them beside; below, where a name is long. */
function table(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.min(28, Math.max(...rows.map(([name]) => name.length)));
  const indent = ' '.repeat(width + 4);
  const lines = rows.flatMap(([name, text]) => {
    const [first = '', ...others] = wrapped(text, COLUMNS - indent.length);
    const head = name.length > width ? [`  ${name}`, indent + first] : [`  ${name.padEnd(width)}  ${first}`];
    return [...head, ...others.map((line) => indent + line)];
  });
  return lines.join('\n');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
