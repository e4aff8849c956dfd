import { randomBytes } from 'node:crypto';
import { escapeName } from './file-name.js';

/** What surrounds the bytes of the file in a `multipart/form-data` body. */
export interface Envelope {
  readonly contentType: string;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

export interface EnvelopeParts {
  /** Random, so that it does not occur in the file: nobody searches the file for it. */
  readonly boundary: string;
  /** Sent before the file, in this order: a server that streams knows the purpose before the data come. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
  /** Of the field that holds the bytes. @default 'file' */
  readonly fileField?: string;
  /** Made by `safeFileName`. */
  readonly filename: string;
  readonly fileContentType: string;
}

/** 144 random bits: the chance that they occur in the data is not worth a search. */
export function newBoundary(): string {
  return `tunegate-${randomBytes(18).toString('hex')}`;
}

/** Builds the envelope. Names and values must hold no line breaks; the options' checks see to it. */
export function buildEnvelope(parts: EnvelopeParts): Envelope {
  const { boundary, fields, fileField = 'file', filename, fileContentType } = parts;
  const lines: string[] = [];
  for (const [name, value] of fields) {
    lines.push(`--${boundary}`, `Content-Disposition: form-data; name="${escapeName(name)}"`, '', value);
  }
  lines.push(
    `--${boundary}`,
    `Content-Disposition: form-data; name="${escapeName(fileField)}"; filename="${escapeName(filename)}"`,
    `Content-Type: ${fileContentType}`,
    '',
    '',
  );
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: Buffer.from(lines.join('\r\n')),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}
