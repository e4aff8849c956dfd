/**
 * Writes what the catalogue itself knows into the pages of docs/rules: the head of each page, between its two markers,
 * and the list of all rules. The body of a page is written by hand.
 *
 * usage: tsx scripts/build-rule-docs.ts [--check]    with --check nothing is written; exit 1 when something would be
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Rule, ruleSeverity, rules, targets } from '../packages/validator/src/index.js';

const DOCS = fileURLToPath(new URL('../docs/rules', import.meta.url));
const BEGIN = '<!-- head:begin -->';
const END = '<!-- head:end -->';

const CATEGORIES: Readonly<Record<string, string>> = {
  file: 'the file as a whole, before any line is parsed',
  line: 'the bytes of one line',
  json: 'one JSON value per line',
  format: 'which kind of example a line is',
  example: 'the top level of one example',
  messages: 'the conversation',
  tools: 'tool definitions and calls',
  images: 'images in messages',
  preference: 'examples for direct preference optimization',
  reinforcement: 'examples for reinforcement fine-tuning',
  completion: 'legacy examples of prompt and completion',
  tokens: 'lengths and sums in tokens',
  dataset: 'across examples and files',
  model: 'the base model that was named',
  privacy: 'what should not be sent at all',
};

const STAGES: Readonly<Record<Rule['stage'], string>> = {
  file: 'in the file as a whole, before any line is parsed',
  line: 'in the bytes of a line',
  json: 'while a line is parsed',
  format: 'while the kind of example is determined',
  shape: 'in the shape of an example',
  example: 'in an example',
  tokens: 'in the token counts of an example',
  dataset: 'in the dataset as a whole',
};

/** A file under docs/rules, and what must stand in it. */
export interface DocsFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Every file of docs/rules as it must be, the bodies as they are.
 *
 * @throws When a rule has no page, or its page has no markers.
 */
export function ruleDocs(root: string = DOCS): DocsFile[] {
  const pages = rules.map((rule) => {
    const path = join(root, `${rule.id}.md`);
    if (!existsSync(path)) throw new Error(`${rule.id} has no page: docs/rules/${rule.id}.md`);
    return { path, text: withHead(readFileSync(path, 'utf8'), rule) };
  });
  return [...pages, { path: join(root, 'README.md'), text: index() }];
}

function withHead(text: string, rule: Rule): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`docs/rules/${rule.id}.md has not both ${BEGIN} and ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n${head(rule)}\n${text.slice(end)}`;
}

function head(rule: Rule): string {
  const names = Object.keys(targets);
  const severities = Object.values(targets).map((target) => ruleSeverity(rule, target));
  return [
    `# ${rule.id}`,
    '',
    rule.description,
    '',
    `| target | ${names.join(' | ')} |`,
    `| --- |${' --- |'.repeat(names.length)}`,
    `| severity | ${severities.join(' | ')} |`,
    '',
    `Found ${STAGES[rule.stage]}${formats(rule)}. [All rules](../README.md)`,
  ].join('\n');
}

/** In which formats a rule looks; those of the earlier stages do not name any. */
function formats(rule: Rule): string {
  if (rule.stage !== 'example') return '';
  const named = ('formats' in rule ? rule.formats : rule.conversations) as readonly string[];
  const plain = named.map((name) => name.replace('preference-input', 'preference (input)'));
  const words = plain.map((name) => name.replace('preference-output', 'preference (outputs)'));
  return ` of the ${words.length === 1 ? 'format' : 'formats'} ${words.join(', ')}`;
}

function index(): string {
  const categories = [...new Set(rules.map(categoryOf))];
  return [
    '# Rules',
    '',
    'What tunegate can find, in the order of the catalogue. The severity is that for OpenAI; where another target differs, the',
    'page of the rule says so. `tunegate explain RULE` tells the same on the command line.',
    '',
    '- **error**: the provider rejects the file, drops the example, or trains on less than was sent',
    '- **warning**: it is accepted, and probably wrong',
    '- **info**: good to know',
    '- **off**: found only for another target, or when its severity or its limit is set',
    ...categories.flatMap((category) => [
      '',
      `## ${category}/${category in CATEGORIES ? ` — ${CATEGORIES[category]}` : ''}`,
      '',
      '| rule | openai | finds |',
      '| --- | --- | --- |',
      ...rules
        .filter((rule) => categoryOf(rule) === category)
        .map((rule) => {
          const severity = ruleSeverity(rule, targets.openai);
          return `| [${rule.id}](${rule.id}.md) | ${severity} | ${rule.description.replaceAll('|', '\\|')} |`;
        }),
    ]),
    '',
  ].join('\n');
}

function categoryOf({ id }: Rule): string {
  return id.slice(0, id.indexOf('/'));
}

function main(isCheck: boolean): void {
  const stale = ruleDocs().filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  for (const { path, text } of stale) {
    if (isCheck) console.error(`not up to date: docs/rules${path.slice(DOCS.length)}`);
    else writeFileSync(path, text);
  }
  if (!isCheck || stale.length === 0) return;
  console.error('run: pnpm docs:rules');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--check'));
