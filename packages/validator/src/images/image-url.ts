/** Why a URL of an image cannot be used. */
export type ImageUrlFault =
  | 'scheme'
  | 'no-host'
  | 'bare-base64'
  | 'not-an-image'
  | 'not-base64'
  | 'no-data'
  | 'line-break'
  | 'url-alphabet'
  | 'alphabet'
  | 'padding';

/** What the URL of an image is. */
export type ImageUrl =
  | { readonly kind: 'link' }
  | { readonly kind: 'broken'; readonly fault: ImageUrlFault }
  | {
      readonly kind: 'data';
      /** The declared media type, in lower case: `image/png`. */
      readonly type: string;
      /** Where in the URL its base64 begins. */
      readonly start: number;
      /** Size of the image, in bytes. */
      readonly bytes: number;
    };

/** The first characters of a JPEG, PNG, WEBP, GIF in base64: somebody forgot what comes before. */
const BARE_BASE64 = /^(\/9j\/|iVBORw0KGgo|UklGR|R0lGOD)/;

/**
 * Reads the URL of an image: a link is taken as it is and never fetched; the base64 of a data URL is looked through,
 * not decoded.
 *
 * Strict, as Python's `base64` module is about padding and RFC 2397 about everything else: no line breaks, the standard
 * alphabet, complete padding.
 */
export function readImageUrl(url: string): ImageUrl {
  if (/^https?:/i.test(url)) return /^https?:\/\/[^\s/?#]/i.test(url) ? { kind: 'link' } : broken('no-host');
  if (!/^data:/i.test(url)) return broken(BARE_BASE64.test(url) ? 'bare-base64' : 'scheme');
  const comma = url.indexOf(',');
  // No media type is that long: what follows is not searched for one.
  if (comma === -1 || comma > 256) return broken('no-data');
  const [type = '', ...parameters] = url.slice('data:'.length, comma).toLowerCase().split(';');
  if (!type.startsWith('image/')) return broken('not-an-image');
  if (parameters.at(-1) !== 'base64') return broken('not-base64');
  const start = comma + 1;
  const fault = findBase64Fault(url, start);
  return fault === undefined ? { kind: 'data', type, start, bytes: decodedLength(url, start) } : broken(fault);
}

function broken(fault: ImageUrlFault): ImageUrl {
  return { kind: 'broken', fault };
}

function findBase64Fault(url: string, start: number): ImageUrlFault | undefined {
  if (url.length === start) return 'no-data';
  const end = url.length - paddingLength(url);
  for (let index = start; index < end; index += 1) {
    const code = url.charCodeAt(index);
    if (code < 128 && SIXBIT[code]! < 64) continue;
    if (code === 0x0a || code === 0x0d) return 'line-break';
    return code === 0x2d || code === 0x5f ? 'url-alphabet' : 'alphabet';
  }
  return end <= start || (url.length - start) % 4 !== 0 ? 'padding' : undefined;
}

function paddingLength(url: string): number {
  return url.endsWith('==') ? 2 : url.endsWith('=') ? 1 : 0;
}

function decodedLength(url: string, start: number): number {
  return ((url.length - start) / 4) * 3 - paddingLength(url);
}

/**
 * One byte of the image behind a data URL, decoded by itself: only what is looked at is ever decoded.
 *
 * @returns -1 behind the end.
 */
export function byteOfDataUrl(url: string, { start, bytes }: ImageUrl & { kind: 'data' }, offset: number): number {
  if (offset >= bytes) return -1;
  const group = start + Math.floor(offset / 3) * 4;
  const within = offset % 3;
  const high = SIXBIT[url.charCodeAt(group + within)]!;
  const low = SIXBIT[url.charCodeAt(group + within + 1)]!;
  return ((high << (2 + within * 2)) | (low >> (4 - within * 2))) & 0xff;
}

/** The value of each base64 character; 64 for all others. Source: RFC 4648, table 1. */
const SIXBIT = new Uint8Array(128).fill(64);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  SIXBIT[character.charCodeAt(0)] = value;
}
