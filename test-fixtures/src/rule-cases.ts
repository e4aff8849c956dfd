import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Recipe, recipeBytes } from './recipe.js';

/** Where the cases of the rules are. */
export const RULE_CASES = fileURLToPath(new URL('../rules', import.meta.url));

/** Whether nothing may be found in a case, or exactly what its `.out` lists. */
export type CaseKind = 'ok' | 'err';

/** What stands in the `.json` beside a case; everything may be left out. */
export interface CaseSettings {
  /** Flags of the command line, beside the usual ones. */
  readonly flags?: readonly string[];
  /** Keys of the configuration file. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The file with the bytes, when it cannot be `NAME.jsonl`; with a recipe, what the file is called. */
  readonly file?: string;
  /** How to make the bytes, when they are too many to keep. */
  readonly recipe?: Recipe;
}

/** One dataset, and what must be found in it. */
export interface RuleCase {
  /** The rule in whose folder it lies. */
  readonly rule: string;
  readonly kind: CaseKind;
  readonly name: string;
  /** Its path below the folder of all cases, without an extension. */
  readonly id: string;
  readonly directory: string;
  /** The name by which a validator must see the file. */
  readonly fileName: string;
  /** Where its bytes lie; absent when a recipe makes them. */
  readonly path: string | undefined;
  readonly settings: CaseSettings;
  /** Where its expected diagnostics lie, or would. */
  readonly expectedPath: string;
}

/** A case's own files have one dot in their name; any further file of a folder is what a case's settings name. */
const CASE_FILE = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.(jsonl|json)$/;

/**
 * Every case, in the order of category, rule, kind and name.
 *
 * @param root - @default {@link RULE_CASES}
 * @throws When settings are not JSON, or name no bytes.
 */
export function findRuleCases(root: string = RULE_CASES): RuleCase[] {
  const cases: RuleCase[] = [];
  for (const category of folders(root)) {
    for (const name of folders(join(root, category))) {
      for (const kind of ['ok', 'err'] as const) cases.push(...casesIn(root, `${category}/${name}`, kind));
    }
  }
  return cases;
}

/** Files in the folders of the cases that belong to no case. */
export function findStrayFiles(cases: readonly RuleCase[], root: string = RULE_CASES): string[] {
  const known = new Set(
    cases.flatMap(({ rule, kind, name, fileName, settings }) =>
      [
        `${name}.jsonl`,
        `${name}.json`,
        ...(kind === 'err' ? [`${name}.out`] : []),
        fileName,
        ...attachments(settings),
      ].map((file) => join(rule, kind, file)),
    ),
  );
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !known.has(path))
    .sort();
}

/** The bytes of a case, in pieces. */
export async function* caseBytes({ path, settings }: RuleCase): AsyncGenerator<Uint8Array> {
  if (path !== undefined) yield readFileSync(path);
  else yield* recipeBytes(settings.recipe!);
}

function casesIn(root: string, rule: string, kind: CaseKind): RuleCase[] {
  const directory = join(root, rule, kind);
  if (!existsSync(directory)) return [];
  const names = new Set(readdirSync(directory).flatMap((file) => CASE_FILE.exec(file)?.[1] ?? []));
  return [...names].sort().map((name) => {
    const settings = readSettings(join(directory, `${name}.json`));
    const fileName = settings.file ?? `${name}.jsonl`;
    const path = settings.recipe === undefined ? join(directory, fileName) : undefined;
    if (path !== undefined && !existsSync(path)) throw new Error(`${rule}/${kind}/${name}: there is no ${fileName}`);
    const id = `${rule}/${kind}/${name}`;
    return { rule, kind, name, id, directory, fileName, path, settings, expectedPath: join(directory, `${name}.out`) };
  });
}

function readSettings(path: string): CaseSettings {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as CaseSettings;
  } catch (cause) {
    throw new Error(`${path} is not JSON`, { cause });
  }
}

/** Files that the flags name: a grader, a second dataset. */
function attachments({ flags = [] }: CaseSettings): string[] {
  return flags.filter((_, index) => ['--grader', '--train', '--valid'].includes(flags[index - 1] ?? ''));
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
