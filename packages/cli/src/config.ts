import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '@tunegate/validator';
import { usageError } from './command-error.js';
import type { FlagValues } from './flags.js';
import { suggestion } from './suggestion.js';

/** The names that a configuration may have, in the order in which they are tried. */
const NAMES = ['tunegate.config.ts', 'tunegate.config.mjs', 'tunegate.config.js', 'tunegate.config.json'];

type Kind = 'string' | 'number' | 'strings' | 'objects' | 'object';

/** What each key must be; the validator checks what it means. */
const KEYS: Readonly<Record<keyof Config, Kind>> = {
  $schema: 'string',
  target: 'string',
  model: 'string',
  method: 'string',
  tokens: 'string',
  select: 'strings',
  ignore: 'strings',
  rules: 'object',
  limits: 'object',
  models: 'objects',
  customRules: 'objects',
  extraKeys: 'object',
  maxWarnings: 'number',
  maxLineBytes: 'number',
};

/** Keys that people look for here, and where they belong. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  apiKey: 'keys come from the environment, for example OPENAI_API_KEY',
  baseURL: 'the base URL comes from --base-url or OPENAI_BASE_URL',
  baseUrl: 'the base URL comes from --base-url or OPENAI_BASE_URL',
  headers: 'headers are never read from a configuration',
  proxy: 'proxies come from the environment',
  severities: 'severities stand under "rules"',
};

const WHAT: Readonly<Record<Kind, string>> = {
  string: 'a string',
  number: 'a whole number',
  strings: 'a list of strings',
  objects: 'a list of objects',
  object: 'an object',
};

/**
 * The configuration for this command line: the file that `--config` names, or the nearest one upward from the working
 * directory, looked for no higher than the root of the repository.
 *
 * @throws CommandError for a file that is missing, cannot be loaded or says something unknown
 */
export async function loadConfig(flags: FlagValues, cwd: string): Promise<Config> {
  if (flags['no-config']) return {};
  const path = flags.config === undefined ? findConfig(cwd) : resolve(cwd, flags.config);
  if (path === undefined) return {};
  if (!existsSync(path)) throw usageError(`the configuration ${path} does not exist`);
  if (statSync(path).isDirectory()) throw usageError(`the configuration ${path} is a directory`, 'name the file in it');
  if (!EXTENSION.test(path)) {
    throw usageError(`the configuration ${path} is of no known kind`, 'its name ends in .ts, .mjs, .js or .json');
  }
  return checked(await load(path), path);
}

const EXTENSION = /\.(?:[cm]?[jt]s|json)$/;
const TYPESCRIPT = /\.[cm]?ts$/;

function findConfig(from: string): string | undefined {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    const name = NAMES.find((each) => existsSync(join(directory, each)));
    if (name !== undefined) return join(directory, name);
    if (existsSync(join(directory, '.git')) || dirname(directory) === directory) return undefined;
  }
}

async function load(path: string): Promise<unknown> {
  try {
    // Editors on Windows begin a file with a byte order mark, which JSON.parse refuses.
    if (path.endsWith('.json')) return JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
    if (TYPESCRIPT.test(path)) return await loadTypeScript(path);
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    const [first = '', second = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    // esbuild, and so tsx, says in the second line what and where.
    const reason = first.endsWith(':') ? `${first} ${second}` : first;
    throw usageError(`the configuration ${path} could not be loaded: ${reason}`, adviceFor(path, error));
  }
}

/** Node strips types from 22.18 on; before that the project's own tsx does. */
async function loadTypeScript(path: string): Promise<unknown> {
  if ('typescript' in process.features && process.features.typescript) {
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  }
  const api = await tsxApi(path);
  const { tsImport } = (await import(pathToFileURL(api).href)) as {
    tsImport(file: string, parent: string): Promise<{ default?: unknown }>;
  };
  const exported = (await tsImport(pathToFileURL(path).href, import.meta.url)).default;
  // In a project of CommonJS tsx makes a CommonJS module of it, and puts what is exported into one object more.
  return isObject(exported) && '__esModule' in exported && 'default' in exported ? exported.default : exported;
}

/** What `import 'tsx/esm/api'` would load there. `require.resolve` finds its twin for CommonJS, which cannot be imported. */
async function tsxApi(path: string): Promise<string> {
  const { createRequire } = await import('node:module');
  let manifest: string;
  try {
    manifest = createRequire(path).resolve('tsx/package.json');
  } catch {
    throw new Error('this Node does not read TypeScript, and there is no tsx in the project');
  }
  const { exports } = JSON.parse(await readFile(manifest, 'utf8')) as {
    exports?: { './esm/api'?: { import?: { default?: string } } };
  };
  return join(dirname(manifest), exports?.['./esm/api']?.import?.default ?? 'dist/esm/api/index.mjs');
}

function adviceFor(path: string, error: unknown): string | undefined {
  if (TYPESCRIPT.test(path) && error instanceof Error && error.message.includes('TypeScript')) {
    return 'use Node 22.18 or newer, "npm install --save-dev tsx", or a configuration in .mjs or .json';
  }
  // Where a module's syntax is wrong Node tells nobody who has caught the error.
  if (error instanceof SyntaxError && /js$/.test(path)) return `node --check ${path} shows the line`;
  return undefined;
}

function checked(config: unknown, path: string): Config {
  const name = basename(path);
  if (!isObject(config)) {
    throw path.endsWith('.json')
      ? usageError(`the configuration ${path} is no object`, 'it begins with { and ends with }')
      : usageError(
          `the configuration ${path} has no object as its default export`,
          'export default defineConfig({ … })',
        );
  }
  const known = Object.keys(KEYS);
  // `ignore: isDraft ? ['tokens/*'] : undefined` says nothing when it is no draft.
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    if (!Object.hasOwn(KEYS, key)) {
      const elsewhere = Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined;
      const meant = suggestion(key, known);
      const help = meant === undefined ? `the keys are ${known.join(', ')}` : `did you mean "${meant}"?`;
      throw usageError(`unknown key "${key}" in ${name}`, elsewhere ?? help);
    }
    const kind = KEYS[key as keyof Config];
    if (!isKind(value, kind)) throw usageError(`"${key}" in ${name} is not ${WHAT[kind]}`);
  }
  return Object.fromEntries(given);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    case 'strings':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    case 'objects':
      return Array.isArray(value) && value.every((entry) => isKind(entry, 'object'));
    case 'object':
      return isObject(value);
  }
}
