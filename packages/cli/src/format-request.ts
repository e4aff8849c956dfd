import { resolve } from 'node:path';
import type { FormatterName } from '@tunegate/validator/formatters';
import { usageError } from './command-error.js';
import type { Environment, Output } from './output.js';
import { didYouMean } from './suggestion.js';

/** The formats of this version. */
const FORMATS = ['pretty', 'concise', 'json', 'jsonl', 'github'] as const satisfies readonly FormatterName[];
const NOT_YET_FORMATS: readonly string[] = ['sarif', 'gitlab', 'junit', 'rdjson', 'markdown', 'html'];

/** A format that was asked for, and the file it goes to if it is not the terminal. */
export interface FormatRequest {
  readonly name: FormatterName;
  readonly file?: string;
}

/**
 * The formats to write, from the values of `--format`.
 *
 * What goes to files goes there besides: findings are always shown as well.
 *
 * @throws CommandError for an unknown format, or two that cannot share an output
 */
export function formatRequests(
  values: readonly string[],
  env: Environment,
  output: Pick<Output, 'isTTY'>,
): readonly FormatRequest[] {
  const requests = values.map(formatRequest);
  refuseOneFileForTwo(requests);
  const shown = requests.filter(({ file }) => file === undefined);
  if (shown.length === 0) return [...defaults(env, output), ...requests];
  const machine = shown.find(({ name }) => name === 'json' || name === 'jsonl');
  if (machine && shown.length > 1) {
    throw usageError(
      `--format ${machine.name} cannot share its output with another format`,
      `give one of them a file: --format ${machine.name}=FILE`,
    );
  }
  return requests;
}

function refuseOneFileForTwo(requests: readonly FormatRequest[]): void {
  const taken = new Set<string>();
  for (const { file } of requests) {
    if (file === undefined) continue;
    if (taken.has(resolve(file))) throw usageError(`two formats cannot both be written to ${file}`);
    taken.add(resolve(file));
  }
}

function defaults(env: Environment, output: Pick<Output, 'isTTY'>): readonly FormatRequest[] {
  if (env.GITHUB_ACTIONS === 'true') return [{ name: 'github' }, { name: 'concise' }];
  return [{ name: output.isTTY ? 'pretty' : 'concise' }];
}

function formatRequest(value: string): FormatRequest {
  const [written = '', ...rest] = value.split('=');
  const file = rest.join('=');
  const name = FORMATS.find((it) => it === written);
  if (name === undefined) {
    if (NOT_YET_FORMATS.includes(written))
      throw usageError(`--format ${written} is not in this version`, `it has ${FORMATS.join(', ')}`);
    throw usageError(
      `--format takes ${FORMATS.join(', ')}, not "${written}"`,
      didYouMean(written, FORMATS, '--format '),
    );
  }
  if (rest.length > 0 && file === '') throw usageError(`--format ${name}= names no file`);
  return rest.length === 0 ? { name } : { name, file };
}
