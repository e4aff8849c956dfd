/** Where the pages of the rules are. */
const DOCS = 'https://github.com/tunegate/tunegate/blob/main/docs/rules';

/** The page of a rule. */
export function ruleDocsUrl(id: string): string {
  return `${DOCS}/${id}.md`;
}
