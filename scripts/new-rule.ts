/**
 * Writes everything that a new rule consists of; what is left to fill in fails its tests until it is.
 *
 * usage: npm run new:rule category/what-is-wrong
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIST = 'packages/validator/src/rules/index.ts';
const MUTATIONS = 'test-fixtures/src/mutations';

/** An id that cannot become a rule. */
export class RuleIdError extends Error {
  override readonly name = 'RuleIdError';
}

/**
 * Adds a rule: its file, its line in the list, its cases, its page, its mutation and its changeset.
 *
 * @param root - Of the workspace.
 * @param id - `category/what-is-wrong`
 * @returns The files that were written, relative to the root.
 * @throws {RuleIdError} When the id is ill-formed or taken.
 */
export function newRule(root: string, id: string): string[] {
  if (!/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
    throw new RuleIdError(`"${id}" is no rule id; it is category/what-is-wrong in small letters, digits and hyphens`);
  const [category = '', name = ''] = id.split('/');
  const list = readFileSync(join(root, LIST), 'utf8');
  if (list.includes(`'./${id}.js'`) || existsSync(join(root, `packages/validator/src/rules/${id}.ts`)))
    throw new RuleIdError(`there is a rule ${id} already`);

  const written: string[] = [];
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    written.push(path);
  };
  const variable = camelCase(`${category}-${name}`);
  write(`packages/validator/src/rules/${id}.ts`, ruleFile(id, variable));
  write(LIST, withListEntry(list, id, variable));
  const cases = `test-fixtures/rules/${id}`;
  write(`${cases}/ok/plain.jsonl`, 'Put an example here in which nothing is found.\n');
  write(`${cases}/err/plain.jsonl`, 'Put an example here in which the rule finds something.\n');
  write(`${cases}/err/plain.out`, `${JSON.stringify({ rule: id, severity: 'warning', line: 1 })}\n`);
  write(`docs/rules/${id}.md`, docsPage());
  addMutation();
  write(`.changeset/${category}-${name}.md`, `---\n"@tunegate/validator": minor\n---\n\nNew rule: ${id}.\n`);
  return written;

  function addMutation(): void {
    const path = `${MUTATIONS}/${category}.ts`;
    const stub = `  '${id}': {\n    mutate() {\n      throw new Error('${id} has no mutation yet');\n    },\n  },\n`;
    if (!existsSync(join(root, path))) {
      const start = `import type { Mutations } from '../mutation.js';\n\nexport const ${category}Mutations: Mutations = {\n`;
      write(path, `${start}${stub}};\n`);
      const index = readFileSync(join(root, MUTATIONS, 'index.ts'), 'utf8');
      const imported = withLine(
        index,
        /^import \{.*\} from '\.\/.*$/,
        `import { ${category}Mutations } from './${category}.js';`,
      );
      write(`${MUTATIONS}/index.ts`, imported.replace(/\n\};\n$/, `\n  ...${category}Mutations,\n};\n`));
      return;
    }
    const before = readFileSync(join(root, path), 'utf8');
    const record = new RegExp(`(export const ${category}Mutations: Mutations = \\{)(\\};|[\\s\\S]*?\\n\\};)`);
    if (!record.test(before)) throw new Error(`${path} has no record ${category}Mutations`);
    const after = before.replace(record, (_, open: string, rest: string) =>
      rest === '};' ? `${open}\n${stub}};` : `${open}${rest.slice(0, -2)}${stub}};`,
    );
    write(path, after);
  }
}

/** In the list a rule stands behind the others of its category; imports are sorted by path. */
function withListEntry(list: string, id: string, variable: string): string {
  const category = id.slice(0, id.indexOf('/') + 1);
  const imports = [...list.matchAll(/^import \{ (\w+) \} from '\.\/(.+)\.js';$/gm)];
  const siblings = imports.filter(([, , path]) => path?.startsWith(category)).map(([, name]) => `  ${name},`);
  const withImport = withLine(list, /^import .* from '\.\/.*$/, `import { ${variable} } from './${id}.js';`);
  const lines = withImport.split('\n');
  const last = lines.findLastIndex((line) => siblings.includes(line));
  const end = lines.indexOf('] as const;');
  lines.splice(last === -1 ? end : last + 1, 0, `  ${variable},`);
  return lines.join('\n');
}

/** Puts a line among those of its kind, in the order of what they import. */
function withLine(text: string, kind: RegExp, line: string): string {
  const lines = text.split('\n');
  const from = (it: string) => /from '(.*)'/.exec(it)?.[1] ?? '';
  const next = lines.findIndex((it) => kind.test(it) && from(it) > from(line));
  lines.splice(next === -1 ? lines.findLastIndex((it) => kind.test(it)) + 1 : next, 0, line);
  return lines.join('\n');
}

function camelCase(text: string): string {
  return text.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function ruleFile(id: string, variable: string): string {
  return `import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const ${variable} = conversationRule({
  id: '${id}',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat'],
  // What an example must have for it to find something: rules/traits.ts. Without it every line is parsed.
  needs: [],
  description: 'One sentence for the catalogue.',
  message: (_: Record<string, never>) => 'what is wrong and why it matters',
  help: () => 'what to do',
  check(_example: ChatExample, _report) {},
});
`;
}

function docsPage(): string {
  const sections = ['What it finds', 'Why', 'Invalid', 'Valid', 'How to fix'].map((title) => `## ${title}\n`);
  return `<!-- head:begin -->\n<!-- head:end -->\n\n${sections.join('\n')}`;
}

function main(id: string | undefined): void {
  if (id === undefined) {
    console.error('usage: npm run new:rule category/what-is-wrong');
    process.exitCode = 2;
    return;
  }
  try {
    for (const path of newRule(ROOT, id)) console.log(path);
    console.log('\nFill them in, then: npm run docs:rules && npx vitest run --project validator rules');
  } catch (error) {
    if (!(error instanceof RuleIdError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2]);
