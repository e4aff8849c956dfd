import { readImageSize } from '../images/image-size.js';
import { byteOfDataUrl } from '../images/image-url.js';

/*
 * Source of the numbers: OpenAI, "Images and vision", calculating costs, as for gpt-4o: an image is scaled to fit in a
 * square of 2048 pixels, then so that its shorter side has 768 at most; each square of 512 pixels takes 170 tokens, and
 * all of it 85. At detail "low" it takes 85 whatever its size. Newer models count by patches of 32 pixels, in numbers
 * of the same order.
 */
const BASE = 85;
const PER_TILE = 170;
const TILE = 512;
const MAX_SIDE = 2048;
const MAX_SHORTER_SIDE = 768;
/** What is taken for an image that is only linked, which is never fetched: the provider's own example. */
const ASSUMED_SIZE = { width: 1024, height: 1024 };

/**
 * How many tokens an image takes: an estimate.
 *
 * @param detail - `low`; all others, and none, are looked at as `high`, which `auto` is for all but small images.
 */
export function countImageTokens(url: string | undefined, detail: string | undefined): number {
  if (detail === 'low') return BASE;
  const { width, height } = (url === undefined ? undefined : sizeOfDataUrl(url)) ?? ASSUMED_SIZE;
  const fit = Math.min(1, MAX_SIDE / Math.max(width, height));
  const scale = Math.min(fit, MAX_SHORTER_SIDE / Math.min(width, height));
  const tiles = (side: number) => Math.ceil(Math.round(side * scale) / TILE);
  return BASE + PER_TILE * Math.max(1, tiles(width)) * Math.max(1, tiles(height));
}

/** The alphabet of the base64 is not looked through: that is a rule's business, and an image has megabytes. */
function sizeOfDataUrl(url: string): { readonly width: number; readonly height: number } | undefined {
  if (!/^data:image\/[\w.+-]{1,64};base64,/i.test(url)) return undefined;
  const start = url.indexOf(',') + 1;
  const data = { kind: 'data', type: '', start, bytes: Math.floor((url.length - start) / 4) * 3 } as const;
  return readImageSize((offset) => byteOfDataUrl(url, data, offset));
}
