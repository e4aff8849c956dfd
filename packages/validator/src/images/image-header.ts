/** What the first bytes of an image say. */
export interface ImageHeader {
  /** The kind of file by its magic bytes, as messages name it. */
  readonly kind: string;
  /** How colours are stored; absent where the header does not go so far, or the kind has only one way. */
  readonly colour?: 'RGB' | 'RGBA' | 'CMYK' | 'greyscale' | 'greyscale with alpha' | 'palette';
}

/** One byte of the file, or -1 behind its end. */
export type ByteAt = (offset: number) => number;

/** By the first bytes; `?` stands for any. Sources: the specifications of the formats. */
const MAGIC: readonly (readonly [kind: string, offset: number, bytes: string])[] = [
  ['JPEG', 0, '\xff\xd8\xff'],
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['WEBP', 0, 'RIFF????WEBP'],
  ['GIF', 0, 'GIF8'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['AVIF', 4, 'ftypavif'],
  ['HEIC', 4, 'ftyphei'],
  ['HEIC', 4, 'ftypmif1'],
  ['SVG', 0, '<svg'],
  ['SVG', 0, '<?xml'],
  ['PDF', 0, '%PDF'],
  ['ICO', 0, '\0\0\x01\0'],
];

/** More segments than any camera writes; what hides its frame behind them is not searched. */
const MAX_SEGMENTS = 4_096;

/**
 * Reads kind and colours of an image from its header; no pixel is looked at.
 *
 * Our own few lines, because the maintained header parsers (image-size, image-meta, image-dimensions) do not give the
 * colours, which the provider has a rule about.
 *
 * @returns `undefined` for no known kind of image.
 */
export function readImageHeader(byteAt: ByteAt): ImageHeader | undefined {
  const kind = MAGIC.find(([, offset, bytes]) => fits(byteAt, offset, bytes))?.[0];
  if (kind === undefined) return undefined;
  const colour = kind === 'JPEG' ? jpegColour(byteAt) : kind === 'PNG' ? pngColour(byteAt) : undefined;
  return colour === undefined ? { kind } : { kind, colour };
}

function fits(byteAt: ByteAt, offset: number, bytes: string): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] !== '?' && byteAt(offset + index) !== bytes.charCodeAt(index)) return false;
  }
  return true;
}

/** Source: PNG specification, 11.2.2: the colour type is the tenth byte of IHDR, which is the first chunk. */
function pngColour(byteAt: ByteAt): ImageHeader['colour'] {
  if (!fits(byteAt, 12, 'IHDR')) return undefined;
  switch (byteAt(25)) {
    case 0:
      return 'greyscale';
    case 2:
      return 'RGB';
    case 3:
      return 'palette';
    case 4:
      return 'greyscale with alpha';
    case 6:
      return 'RGBA';
    default:
      return undefined;
  }
}

/** Source: ITU-T T.81, B.2.2: the number of components stands in the frame header. */
function jpegColour(byteAt: ByteAt): ImageHeader['colour'] {
  const frame = findJpegFrame(byteAt);
  return frame === undefined ? undefined : COMPONENTS[byteAt(frame + 9)];
}

/** Where the frame header of a JPEG is, behind any number of segments. */
export function findJpegFrame(byteAt: ByteAt): number | undefined {
  let offset = 2;
  for (let segment = 0; segment < MAX_SEGMENTS; segment += 1) {
    if (byteAt(offset) !== 0xff) return undefined;
    while (byteAt(offset + 1) === 0xff) offset += 1;
    const marker = byteAt(offset + 1);
    if (isFrame(marker)) return offset;
    // Start of scan, end of image: there is no frame before them.
    if (marker === -1 || marker === 0xda || marker === 0xd9) return undefined;
    const length = byteAt(offset + 2) * 256 + byteAt(offset + 3);
    if (length < 2) return undefined;
    offset += 2 + length;
  }
  return undefined;
}

const COMPONENTS: Readonly<Record<number, ImageHeader['colour']>> = { 1: 'greyscale', 3: 'RGB', 4: 'CMYK' };

/** SOF0 to SOF15, without the tables (DHT, DAC) and the reserved one (JPG) that stand between them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
