import { type AnyRuleId, rules } from '../rules/index.js';

/**
 * How the findings of a rule in several files become those in all of them together:
 *
 * - `line`: one by one, they are added up;
 * - `example`: likewise, but only where the files have the format of the whole;
 * - `model`: once, whichever file says it;
 * - `record`: found anew when the fingerprints are there, added up where they are not;
 * - `whole`: found anew, from counts and states.
 */
export type RuleClass = 'line' | 'example' | 'model' | 'record' | 'whole';

/** Rules about a file that say one thing about all of it, however many lines show it. */
const WHOLE: ReadonlySet<AnyRuleId> = new Set<AnyRuleId>([
  'file/empty',
  'file/too-large',
  'file/size-ambiguous',
  'file/crlf',
  'file/missing-byte-order-mark',
  'line/blank',
  'line/trailing-blank',
]);
/** Rules that compare examples with each other. */
const RECORD: ReadonlySet<AnyRuleId> = new Set<AnyRuleId>([
  'dataset/duplicate',
  'dataset/conflicting-answers',
  'dataset/leakage',
]);
const stages = new Map<AnyRuleId, string>(rules.map(({ id, stage }) => [id, stage]));

export function classOf(rule: AnyRuleId): RuleClass {
  if (WHOLE.has(rule)) return 'whole';
  if (RECORD.has(rule)) return 'record';
  if (rule.startsWith('model/')) return 'model';
  switch (stages.get(rule)) {
    case 'file':
    case 'line':
    case 'json':
      return 'line';
    case 'dataset':
    case 'format':
      return 'whole';
    default:
      return 'example';
  }
}
