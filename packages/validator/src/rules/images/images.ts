import { type ChatExample, conversationsOf, type FormatName } from '../../formats/index.js';
import { type ImageUrl, readImageUrl } from '../../images/image-url.js';
import { oncePerCheck } from '../once-per-check.js';
import type { JsonPath } from '../rule.js';

/** An image of a conversation, and where it stands. */
export interface PlacedImage {
  /** Path of the content part. */
  readonly path: JsonPath;
  /** Path of the URL, in the part. */
  readonly urlPath: JsonPath;
  /** Absent where it is faulty. */
  readonly url?: string;
  readonly detail?: string;
  /** What the URL is; absent with it. */
  readonly source?: ImageUrl;
}

const NONE: readonly PlacedImage[] = [];

/** The images of a conversation, in their order. */
export const imagesOf = oncePerCheck((conversation: ChatExample): readonly PlacedImage[] => {
  const messages = conversation.messages ?? [];
  let images: PlacedImage[] | undefined;
  for (let index = 0; index < messages.length; index += 1) {
    const content = messages[index]!.content;
    if (typeof content !== 'object' || content === null) continue;
    for (let part = 0; part < content.length; part += 1) {
      const { type, image_url } = content[part]!;
      if (type !== 'image_url') continue;
      // Some targets take the URL itself; of all others a text in its place is faulty, and absent.
      const image: unknown = image_url;
      const isPlain = typeof image === 'string';
      const url = isPlain ? image : image_url?.url;
      const path = ['messages', index, 'content', part];
      images ??= [];
      images.push({
        path,
        urlPath: isPlain ? [...path, 'image_url'] : [...path, 'image_url', 'url'],
        ...(url === undefined ? {} : { url, source: readImageUrl(url) }),
        ...(image_url?.detail === undefined ? {} : { detail: image_url.detail }),
      });
    }
  }
  return images ?? NONE;
});

/** Where an example shows its first image. */
export function findFirstImage(format: FormatName, example: object): JsonPath | undefined {
  for (const { conversation, locate } of conversationsOf(format, example)) {
    for (const [index, { content }] of (conversation.messages ?? []).entries()) {
      if (typeof content !== 'object' || content === null) continue;
      const part = content.findIndex(({ type }) => type === 'image_url');
      if (part !== -1) return locate(['messages', index, 'content', part]);
    }
  }
  return undefined;
}
