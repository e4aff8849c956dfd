import type { ChatExample } from '../formats/index.js';
import type { RuleContext } from './rule.js';

/**
 * Computes something about a conversation once for all the rules that want it.
 *
 * The rules look at one conversation after each other, each with the same context, which no other check ever has: so
 * only the last answer is kept, and an example that was changed between two checks is looked at anew.
 */
export function oncePerCheck<Out>(
  compute: (conversation: ChatExample, context: RuleContext) => Out,
): (conversation: ChatExample, context: RuleContext) => Out {
  let last: { readonly context: RuleContext; readonly out: Out } | undefined;
  return (conversation, context) => {
    if (last?.context !== context) last = { context, out: compute(conversation, context) };
    return last.out;
  };
}
