import type { ChatExample, FormatName } from '../../formats/index.js';
import type { ChatRole, Target } from '../../targets/target.js';
import { describeType, quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { suggest } from '../suggest.js';

/** What other formats and other tools call the roles. */
const ALIASES: Readonly<Record<string, string>> = {
  human: 'user',
  bot: 'assistant',
  gpt: 'assistant',
  ai: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  instruction: 'system',
  developer: 'system',
  observation: 'tool',
  tool_response: 'tool',
  tool_result: 'tool',
  ipython: 'tool',
};

export const messageUnknownRole = conversationRule({
  id: 'messages/unknown-role',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['odd-turns', 'calls'],
  description: 'The role of a message is none that the target knows.',
  message: ({
    role,
    isStructure,
  }: {
    role: unknown;
    isStructure?: true;
    suggestion?: string;
    known: readonly string[];
  }) => (isStructure ? `the role is ${role}, not a string` : `unknown role ${quote(role)}`),
  help: ({ suggestion, known }) =>
    suggestion === undefined ? `the roles are ${known.join(', ')}` : `did you mean "${suggestion}"?`,
  // A role of no target at all is found with the shape; this finds the roles that only this target, or format, lacks.
  fix: ({ suggestion }) =>
    suggestion === undefined ? undefined : { safety: 'unsafe', text: JSON.stringify(suggestion) },
  check(example: ChatExample, report, { target, format }) {
    const known = rolesFor(target, format);
    for (const [index, { role }] of (example.messages ?? []).entries()) {
      if (role === undefined || known.includes(role)) continue;
      // Where the target has it, reinforcement/system-role says so.
      if (role === 'system' && target.roles.includes(role)) continue;
      report(['messages', index, 'role'], unknownRoleParams(role, known));
    }
  },
});

/**
 * The roles of a format at a target.
 *
 * Source: `FineTuneReinforcementRequestInput` of OpenAI's OpenAPI description has no messages of system and function.
 */
export function rolesFor(target: Target, format: FormatName): readonly ChatRole[] {
  if (format !== 'reinforcement') return target.roles;
  return target.roles.filter((role) => role !== 'system' && role !== 'function');
}

/** The facts of the finding, wherever it is made: of a long role its beginning, of a structure only what it is. */
export function unknownRoleParams(role: unknown, known: readonly string[]) {
  if (typeof role === 'object' && role !== null) return { role: describeType(role), isStructure: true as const, known };
  const suggestion = typeof role === 'string' ? suggest(role, known, ALIASES) : undefined;
  return {
    role: typeof role === 'string' ? shorten(role) : role,
    known,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
