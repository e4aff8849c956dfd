import { butWith, quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { suggest } from '../suggest.js';
import { callPairsOf } from './results.js';

export const toolUnmatchedResult = conversationRule({
  id: 'tools/unmatched-result',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['calls'],
  description: 'A message of a tool does not say which call it answers, or answers one that was not made before it.',
  message: ({ id, instead }: { id?: string; suggestion?: string; instead?: string }) =>
    id === undefined
      ? `a message of the tool without "tool_call_id"${butWith(instead)}: it answers no call`
      : `no call before this message has the id ${quote(id)}: it answers a call that was never made`,
  help: ({ suggestion, instead }) =>
    instead !== undefined
      ? `rename ${quote(instead)} to "tool_call_id"`
      : suggestion === undefined
        ? 'write the "id" of the assistant’s call that it answers'
        : `did you mean "${suggestion}"?`,
  fix: ({ suggestion }) =>
    suggestion === undefined ? undefined : { safety: 'unsafe', text: JSON.stringify(suggestion) },
  // That there is no "tool_call_id" at all is found with the shape.
  check(conversation, report, context) {
    for (const { message, id, open } of callPairsOf(conversation, context).unmatched) {
      // Ids are arbitrary: where one call alone waits, it is the one.
      const meant = suggest(id, open) ?? (open.length === 1 ? open[0] : undefined);
      report(['messages', message, 'tool_call_id'], {
        id: shorten(id),
        // A suggestion that was cut would be a wrong one.
        ...(meant === undefined || shorten(meant) !== meant ? {} : { suggestion: meant }),
      });
    }
  },
});
