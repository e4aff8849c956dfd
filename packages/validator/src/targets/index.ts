import type { Severity } from '../diagnostic.js';
import type { RuleId } from '../rules/index.js';
import { azure } from './azure.js';
import { compatible } from './compatible.js';
import { fireworks } from './fireworks.js';
import { mistral } from './mistral.js';
import { nebius } from './nebius.js';
import { openai } from './openai.js';
import type { Target } from './target.js';
import { together } from './together.js';

/** A target whose severities name rules that exist. */
type CheckedTarget = Target & { readonly severities: Readonly<Partial<Record<RuleId, Severity | 'off'>>> };

/** The providers whose rules are known. */
export const targets = { openai, azure, together, fireworks, mistral, nebius, compatible } satisfies Record<
  string,
  CheckedTarget
>;

/** The name of a provider whose rules are known. */
export type TargetName = keyof typeof targets;
