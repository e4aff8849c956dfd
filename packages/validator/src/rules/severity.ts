import type { Severity } from '../diagnostic.js';
import type { Target, TargetLimits } from '../targets/target.js';

/** What decides how bad a finding is. */
interface JudgedRule {
  readonly id: string;
  readonly severity: Severity | 'off';
  readonly limits?: readonly (keyof TargetLimits)[];
}

/** The severity of a rule at a target; off where the target publishes none of the limits that the rule holds to. */
export function ruleSeverity({ id, severity, limits }: JudgedRule, target: Target): Severity | 'off' {
  if (limits?.every((limit) => target.limits[limit] === undefined)) return 'off';
  return target.severities[id] ?? severity;
}
