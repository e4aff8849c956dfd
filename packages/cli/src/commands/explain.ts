import { usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadValidator } from '../dataset-check.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { didYouMean } from '../suggestion.js';

/** `tunegate explain RULE`. */
export async function explain({ positionals, io }: Invocation): Promise<ExitCode> {
  const [id, ...others] = positionals;
  if (id === undefined || others.length > 0) throw usageError('explain takes one rule', '`tunegate rules` lists them');
  const { rules, ruleDocsUrl, ruleSeverity, targets } = await loadValidator();
  const rule = rules.find((it) => it.id === id);
  if (rule === undefined) {
    const ids = rules.map((it) => it.id);
    // The name without its category is what people remember.
    const named = ids.find((it) => it.endsWith(`/${id}`));
    const meant = named === undefined ? didYouMean(id, ids) : `did you mean ${named}?`;
    throw usageError(`there is no rule "${id}"`, meant ?? '`tunegate rules` lists them');
  }
  // As large as everything else that the command line loads.
  const { rulePages } = await import('../rule-pages.gen.js');
  const differing = Object.values(targets).flatMap((target) => {
    const severity = ruleSeverity(rule, target);
    return severity === rule.severity ? [] : [`${severity} for ${target.name}`];
  });
  await io.stdout.write(
    [
      rule.id,
      '',
      rule.description,
      '',
      `severity  ${[rule.severity, ...differing].join(', ')}`,
      `found     ${STAGES[rule.stage]}`,
      `docs      ${ruleDocsUrl(id)}`,
      `turn off  --ignore ${rule.id}`,
      `change    --rule ${rule.id}=off|info|warning|error`,
      '',
      pageText(rulePages[id] ?? ''),
      '',
    ].join('\n'),
  );
  return EXIT.clean;
}

/** A page as a terminal shows it: headings without marks, examples indented instead of fenced. */
function pageText(markdown: string): string {
  let isExample = false;
  const lines: string[] = [];
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isExample = !isExample;
    else if (isExample) lines.push(`  ${line}`);
    else lines.push(line.replace(/^#+ (.*)$/, (_, heading: string) => heading.toUpperCase()).replaceAll('`', ''));
  }
  return lines.join('\n');
}

const STAGES = {
  file: 'in the file as a whole, before any line is parsed',
  line: 'in the bytes of a line',
  json: 'while a line is parsed',
  format: 'while the kind of example is determined',
  shape: 'in the shape of an example',
  example: 'in an example',
  tokens: 'in the token counts of an example',
  dataset: 'in the dataset as a whole, at its end',
} as const;
