import { badRequest } from './errors.js';

/** What the head of one form part says about it. */
export interface PartHead {
  readonly name: string;
  /** The last segment of the file name that was sent; absent for a plain field. For display only, never a path. */
  readonly filename: string | undefined;
}

const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s";]+))/gy;

/**
 * Reads a part's `Content-Disposition`, given as one character a byte (latin1).
 *
 * Names are raw UTF-8 in quotes with `%22`, `%0D` and `%0A` for the three characters that cannot stand there (WHATWG HTML,
 * multipart/form-data encoding), so a file name that holds one of these three sequences literally is read as escaped: the
 * format has no way to tell. `\"` and `\\` of older clients and `filename*=UTF-8''…` (RFC 8187) are understood as well.
 *
 * @throws RejectedRequestError 400
 */
export function parseContentDisposition(header: string): PartHead {
  const type = /^[ \t]*form-data(?=[ \t]*(?:;|$))/i.exec(header);
  if (type === null) throw badRequest('A part of the form has a Content-Disposition other than form-data.');

  const parameters = new Map<string, string>();
  const end = header.trimEnd().length;
  let position = type[0].length;
  while (position < end) {
    PARAMETER.lastIndex = position;
    const match = PARAMETER.exec(header);
    if (match === null) throw badRequest('A part of the form has a Content-Disposition header that cannot be read.');
    const [whole, key = '', quoted, token = ''] = match;
    if (parameters.has(key.toLowerCase()))
      throw badRequest(`A Content-Disposition header has two parameters "${key}".`);
    parameters.set(key.toLowerCase(), quoted === undefined ? token : quoted.replace(/\\(["\\])/g, '$1'));
    position += whole.length;
  }

  const name = parameters.get('name');
  if (name === undefined) throw badRequest('A part of the form has no name.');
  const extended = parameters.get('filename*');
  const plain = parameters.get('filename');
  const filename =
    extended !== undefined ? decodeExtended(extended) : plain !== undefined ? decodeName(plain) : undefined;
  return { name: decodeName(name), filename: filename === undefined ? undefined : lastSegment(filename) };
}

function decodeName(value: string): string {
  const text = decodeUtf8(Buffer.from(value, 'latin1'));
  // Checked before the escapes are undone: an escaped line break is data, a raw one is an attempt to add header lines.
  if (/\p{Cc}/u.test(text)) throw badRequest('A name in the form holds a control character.');
  return text.replace(/%(22|0D|0A)/gi, (sequence) => decodeURIComponent(sequence));
}

function decodeExtended(value: string): string {
  const match = /^utf-8'[^']*'((?:%[0-9a-f]{2}|[^%'])*)$/i.exec(value);
  if (match === null) throw badRequest("A filename* parameter must have the form UTF-8''percent-encoded.", 'file');
  const bytes = (match[1] ?? '').replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const text = decodeUtf8(Buffer.from(bytes, 'latin1'));
  if (/\p{Cc}/u.test(text)) throw badRequest('The file name holds a control character.', 'file');
  return text;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw badRequest('A name in the form is not UTF-8.');
  }
}

/** @throws RejectedRequestError 400 where nothing is left */
export function lastSegment(filename: string): string {
  const segment = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
  if (segment === '' || segment === '.' || segment === '..') throw badRequest('The file has no usable name.', 'file');
  return segment;
}
