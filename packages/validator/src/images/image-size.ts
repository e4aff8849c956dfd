import { type ByteAt, findJpegFrame, readImageHeader } from './image-header.js';

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the size of a JPEG, PNG, GIF or WEBP from its header.
 *
 * @returns `undefined` for other kinds, and where the header does not go so far.
 */
export function readImageSize(byteAt: ByteAt): ImageSize | undefined {
  const size = sizeOf(byteAt);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

function sizeOf(byteAt: ByteAt): ImageSize | undefined {
  const big = (offset: number, bytes: number) => number(byteAt, offset, bytes, 1);
  const little = (offset: number, bytes: number) => number(byteAt, offset + bytes - 1, bytes, -1);
  switch (readImageHeader(byteAt)?.kind) {
    case 'PNG':
      // PNG specification, 11.2.2.
      return { width: big(16, 4), height: big(20, 4) };
    case 'GIF':
      // GIF89a specification, 18.
      return { width: little(6, 2), height: little(8, 2) };
    case 'JPEG': {
      // ITU-T T.81, B.2.2.
      const frame = findJpegFrame(byteAt);
      return frame === undefined ? undefined : { width: big(frame + 7, 2), height: big(frame + 5, 2) };
    }
    case 'WEBP':
      return webpSize(byteAt, little);
    default:
      return undefined;
  }
}

/** RFC 9649, 2.5 to 2.7: lossy, lossless and extended files each have the size in another place. */
function webpSize(byteAt: ByteAt, little: (offset: number, bytes: number) => number): ImageSize | undefined {
  switch (String.fromCharCode(byteAt(12), byteAt(13), byteAt(14), byteAt(15))) {
    case 'VP8 ':
      return { width: little(26, 2) & 0x3fff, height: little(28, 2) & 0x3fff };
    case 'VP8L': {
      const bits = little(21, 4);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: little(24, 3) + 1, height: little(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** The number in so many bytes; something below 0 when one of them is behind the end. */
function number(byteAt: ByteAt, first: number, bytes: number, step: 1 | -1): number {
  let value = 0;
  for (let index = 0; index < bytes; index += 1) {
    const byte = byteAt(first + index * step);
    if (byte < 0) return -1;
    value = value * 256 + byte;
  }
  return value;
}
