import { readImageHeader } from '../../images/image-header.js';
import { byteOfDataUrl } from '../../images/image-url.js';
import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { imagesOf } from './images.js';

/** Media types as people write them, those outside the registry included. */
const KIND_OF_TYPE: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/jpg': 'JPEG',
  'image/pjpeg': 'JPEG',
  'image/png': 'PNG',
  'image/x-png': 'PNG',
  'image/webp': 'WEBP',
};
const SUPPORTED = ['JPEG', 'PNG', 'WEBP'];

export interface Params {
  /** `unknown` when the first bytes are those of no image. */
  readonly kind: string;
  readonly fault: 'kind' | 'declared' | 'colour';
  readonly declared: string;
  readonly colour?: string;
}

export const imagesUnsupportedFormat = conversationRule({
  id: 'images/unsupported-format',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['parts'],
  description: 'An image is not a JPEG, PNG or WEBP in RGB or RGBA, or not what its data URL declares.',
  message: ({ kind, fault, declared, colour }: Params) => {
    switch (fault) {
      case 'kind':
        return kind === 'unknown'
          ? `declared as ${quote(declared)}, but its first bytes are those of no image that the provider takes`
          : `an image in ${kind}; the provider takes JPEG, PNG and WEBP, and skips others`;
      case 'declared':
        return `declared as ${quote(declared)}, but its first bytes are those of a ${kind}`;
      case 'colour':
        return `a ${kind} in ${colour}; the provider takes images in RGB or RGBA`;
    }
  },
  help: ({ kind, fault }) => {
    switch (fault) {
      case 'kind':
        return 'save it as JPEG, PNG or WEBP, and encode that';
      case 'declared':
        return `write data:image/${kind.toLowerCase()};base64,…`;
      case 'colour':
        return 'convert it, as Pillow’s image.convert("RGB") does';
    }
  },
  check(conversation, report, context) {
    for (const { urlPath, url, source } of imagesOf(conversation, context)) {
      if (url === undefined || source?.kind !== 'data') continue;
      const header = readImageHeader((offset) => byteOfDataUrl(url, source, offset));
      const kind = header?.kind ?? 'unknown';
      const declared = shorten(source.type);
      if (!SUPPORTED.includes(kind)) report(urlPath, { kind, fault: 'kind', declared });
      else if (!Object.hasOwn(KIND_OF_TYPE, source.type) || KIND_OF_TYPE[source.type] !== kind)
        report(urlPath, { kind, fault: 'declared', declared });
      else if (header?.colour !== undefined && !header.colour.startsWith('RGB'))
        report(urlPath, { kind, fault: 'colour', declared, colour: header.colour });
    }
  },
});
