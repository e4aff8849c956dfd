import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs/rules', import.meta.url));

/** The sections of a rule's page, in their order. */
export const DOCS_SECTIONS = ['What it finds', 'Why', 'Invalid', 'Valid', 'How to fix'] as const;

/** An example on a page: lines of a dataset, or a case of the rule that no page could show. */
export interface DocsBlock {
  /** Text of the ```json block; absent where the page names a case instead. */
  readonly text?: string;
  /** `<!-- case: err/NAME -->`: the dataset is that of a case of the rule. */
  readonly case?: string;
  /** `<!-- flags: --target azure -->` */
  readonly flags: readonly string[];
  /** `<!-- config: {"limits":{…}} -->` */
  readonly config: Readonly<Record<string, unknown>>;
  /** `<!-- file: NAME -->` @default "train.jsonl" */
  readonly fileName: string;
}

/** One rule's page. */
export interface DocsPage {
  readonly rule: string;
  /** Titles of its second-level headings. */
  readonly sections: readonly string[];
  /** Text of a section, comments and code left out. */
  prose(section: string): string;
  /** The examples of a section. */
  blocks(section: string): DocsBlock[];
}

/** The ids of all rules that have a page. */
export function findDocsPages(root: string = DOCS): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && path !== 'README.md')
    .map((path) => path.replaceAll('\\', '/').slice(0, -'.md'.length))
    .sort();
}

/** Reads a rule's page. @throws When there is none. */
export function readDocsPage(rule: string, root: string = DOCS): DocsPage {
  const text = readFileSync(join(root, `${rule}.md`), 'utf8');
  const parts = text.split(/^## (.+)$/m);
  const sections = new Map<string, string>();
  for (let index = 1; index < parts.length; index += 2) sections.set(parts[index]!.trim(), parts[index + 1]!);
  const body = (section: string) => sections.get(section) ?? '';
  return {
    rule,
    sections: [...sections.keys()],
    prose: (section) =>
      body(section)
        .replace(/^```[\s\S]*?^```$/gm, '')
        .replace(/<!--[\s\S]*?-->/g, '')
        .trim(),
    blocks: (section) => readBlocks(body(section)),
  };
}

/** Comments belong to the next block; one that names a case is a block by itself. */
function readBlocks(body: string): DocsBlock[] {
  const blocks: DocsBlock[] = [];
  let said: Record<string, string> = {};
  for (const match of body.matchAll(/<!-- (case|flags|config|file): (.+?) -->|^```json\n([\s\S]*?)^```$/gm)) {
    const [, key, value, text] = match;
    if (key !== undefined && value !== undefined) said[key] = value;
    if (text === undefined && key !== 'case') continue;
    blocks.push({
      ...(text === undefined ? {} : { text }),
      ...(said.case === undefined ? {} : { case: said.case }),
      flags: said.flags?.split(' ') ?? [],
      config: said.config === undefined ? {} : (JSON.parse(said.config) as Record<string, unknown>),
      fileName: said.file ?? 'train.jsonl',
    });
    said = {};
  }
  return blocks;
}
