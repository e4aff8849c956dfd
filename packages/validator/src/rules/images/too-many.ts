import { conversationRule } from '../rule.js';
import { imagesOf } from './images.js';

export const imagesTooMany = conversationRule({
  id: 'images/too-many',
  severity: 'error',
  limits: ['maxImages'],
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['parts'],
  description: 'An example shows more images than the provider takes.',
  message: ({ images, limit, provider }: { images: number; limit: number; provider: string }) =>
    `${images} images in one example; ${provider} takes at most ${limit}`,
  help: ({ limit }) => `keep ${limit} of them, or make several examples`,
  // The first one too many is reported: what must go begins there.
  check(conversation, report, context) {
    const images = imagesOf(conversation, context);
    const { limits, displayName } = context.target;
    if (limits.maxImages === undefined || images.length <= limits.maxImages) return;
    const params = { images: images.length, limit: limits.maxImages, provider: displayName };
    report(images[limits.maxImages]!.path, params);
  },
});
