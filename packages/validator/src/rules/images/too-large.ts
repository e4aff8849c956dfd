import { formatBytes, groupDigits } from '../byte-size.js';
import { conversationRule } from '../rule.js';
import { imagesOf } from './images.js';

/** A published "10 MB" may mean 10 × 2²⁰ bytes: between the two readings the finding is a warning. */
const BINARY_MEGABYTE = 1.048_576;

export const imagesTooLarge = conversationRule({
  id: 'images/too-large',
  severity: 'error',
  limits: ['maxImageBytes'],
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['parts'],
  description: 'An image in a data URL has more bytes than the provider takes.',
  message: ({ bytes, limit, provider }: { bytes: number; limit: number; provider: string }) =>
    `an image of ${groupDigits(bytes)} bytes; ${provider} takes at most ${formatBytes(limit)} and skips larger ones`,
  help: () => 'scale it down, or save it with stronger compression',
  soften: ({ bytes, limit }) => (bytes <= limit * BINARY_MEGABYTE ? 'warning' : undefined),
  check(conversation, report, context) {
    const { limits, displayName } = context.target;
    const limit = limits.maxImageBytes;
    if (limit === undefined) return;
    for (const { urlPath, source } of imagesOf(conversation, context)) {
      if (source?.kind === 'data' && source.bytes > limit)
        report(urlPath, { bytes: source.bytes, limit, provider: displayName });
    }
  },
});
