import type { ImageUrlFault } from '../../images/image-url.js';
import { conversationRule } from '../rule.js';
import { imagesOf } from './images.js';

type Fault = ImageUrlFault | 'link';

const FAULTS: Readonly<Record<Fault, readonly [message: string, help: string]>> = {
  scheme: [
    'the URL of an image begins with neither "http://", "https://" nor "data:": the provider cannot read it',
    'put the image where the provider can fetch it, or write it as data:image/jpeg;base64,…',
  ],
  'no-host': ['the URL of an image names no host', 'write the whole URL, as in https://example.com/image.png'],
  'bare-base64': [
    'an image in base64 without what a data URL begins with',
    'write data:image/jpeg;base64, (or image/png, image/webp) before it',
  ],
  'not-an-image': [
    'the data URL of an image declares no image type',
    'declare what it is: data:image/jpeg;base64,…, or image/png, image/webp',
  ],
  'not-base64': [
    'the data URL of an image is not in base64, the only encoding that the provider takes',
    'encode it: data:image/jpeg;base64,…',
  ],
  'no-data': ['the data URL of an image holds no data', 'write the image in base64 behind the comma'],
  'line-break': [
    'the base64 of an image has line breaks: decoders refuse them in a URL',
    'write it in one piece, as Python’s base64.b64encode does',
  ],
  'url-alphabet': [
    'the base64 of an image uses "-" and "_" of the alphabet for URLs; a data URL takes "+" and "/"',
    'encode it with the standard alphabet, as Python’s base64.b64encode does',
  ],
  alphabet: [
    'the base64 of an image has a character that base64 has not: it cannot be decoded',
    'encode the image again',
  ],
  padding: [
    'the base64 of an image is incomplete: its length is no multiple of four',
    'encode the image again, with its "=" at the end',
  ],
  link: [
    'the target takes images as data URLs only, and does not fetch a link',
    'write the image as data:image/jpeg;base64,…',
  ],
};

export const imagesInvalidUrl = conversationRule({
  id: 'images/invalid-url',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['parts'],
  description: 'The URL of an image is neither a link nor a base64 data URL that can be decoded.',
  message: ({ fault }: { fault: Fault }) => FAULTS[fault][0],
  help: ({ fault }) => FAULTS[fault][1],
  check(conversation, report, context) {
    for (const { urlPath, source } of imagesOf(conversation, context)) {
      if (source?.kind === 'broken') report(urlPath, { fault: source.fault });
      else if (source?.kind === 'link' && context.target.takesImageLinks === false) report(urlPath, { fault: 'link' });
    }
  },
});
