import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { suggest } from '../suggest.js';
import { imagesOf } from './images.js';

/** Source: `ChatCompletionRequestMessageContentPartImage` of OpenAI's OpenAPI description. */
const DETAILS = ['auto', 'low', 'high'];

export const imagesInvalidDetail = conversationRule({
  id: 'images/invalid-detail',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['parts'],
  description: 'The detail of an image is none of "auto", "low" and "high".',
  message: ({ detail }: { detail: string; suggestion?: string }) =>
    `detail is ${quote(detail)}; it may be "auto", "low" or "high"`,
  help: ({ suggestion }) =>
    suggestion === undefined
      ? 'write "low" for 512 × 512 pixels, "high" for all of them'
      : `did you mean "${suggestion}"?`,
  check(conversation, report, context) {
    for (const { path, detail } of imagesOf(conversation, context)) {
      if (detail === undefined || DETAILS.includes(detail)) continue;
      const suggestion = suggest(detail, DETAILS);
      report([...path, 'image_url', 'detail'], {
        detail: shorten(detail),
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    }
  },
});
