import { usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { checkOptions, loadValidator } from '../dataset-check.js';
import { EXIT, type ExitCode } from '../exit-code.js';

/** `tunegate rules`: the catalogue, with the severities of a target. */
export async function listRules({ positionals, flags, io }: Invocation): Promise<ExitCode> {
  if (positionals.length > 0)
    throw usageError('rules takes no argument', `tunegate explain ${positionals[0]} explains one rule`);
  const format = flags.format?.at(-1) ?? 'pretty';
  if (format !== 'pretty' && format !== 'json')
    throw usageError(`rules are listed as pretty or json, not as "${format}"`);
  const validator = await loadValidator();
  const { target: name = 'openai' } = await checkOptions(flags, {}, validator);
  const target = validator.targets[name];
  const listed = validator.rules.map((rule) => ({
    id: rule.id,
    severity: validator.ruleSeverity(rule, target),
    description: rule.description,
    url: validator.ruleDocsUrl(rule.id),
  }));
  if (format === 'json') {
    await io.stdout.write(`${JSON.stringify({ target: target.name, rules: listed }, undefined, 2)}\n`);
    return EXIT.clean;
  }
  const width = Math.max(...listed.map(({ id }) => id.length));
  for (const { id, severity, description } of listed) {
    await io.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${description}\n`);
  }
  return EXIT.clean;
}
