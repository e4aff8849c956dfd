import { ConfigError } from '../errors.js';

/** What common file systems can store; a longer name could not be downloaded under its own name. */
const MAX_NAME_BYTES = 255;

/**
 * A name as it may be sent: its last part, without lone surrogates and control characters (line breaks stay, they are
 * escaped), at most 255 bytes long. The extension survives the cut, because servers judge a file by it.
 *
 * @throws {ConfigError} when nothing usable is left
 */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // Through UTF-8 and back: a lone surrogate becomes U+FFFD, as it would on the wire.
  const clean = Buffer.from(last.replace(/[^\P{Cc}\r\n]/gu, '_'), 'utf8').toString('utf8');
  if (clean.trim() === '' || clean === '.' || clean === '..') {
    throw new ConfigError('the file needs a name', { hint: 'pass the filename option, for example train.jsonl' });
  }
  return cut(clean);
}

function cut(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const extension = /\.[A-Za-z0-9]{1,16}$/.exec(name)?.[0] ?? '';
  let stem = '';
  let room = MAX_NAME_BYTES - extension.length;
  for (const character of name.slice(0, name.length - extension.length)) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return stem + extension;
}

/**
 * A name as it stands between the quotes of a `Content-Disposition`.
 *
 * Source: HTML Standard, "multipart form data" (WHATWG): `"`, CR and LF are percent-encoded, all else is left in UTF-8.
 */
export function escapeName(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

/**
 * Fills in a template: `{stem}` is the file's own name without its extension, `{sha256}` the digest of its bytes, and
 * `{sha256:N}` the first N digits of it. All else stays as it is.
 */
export function fillFileName(template: string, { filename, sha256 }: { filename: string; sha256: string }): string {
  return template.replace(/\{(?:stem|sha256(?::([1-9]|[1-5]\d|6[0-4]))?)\}/g, (placeholder, digits?: string) =>
    placeholder === '{stem}' ? filename.replace(/(?<=.)\.[^.]*$/, '') : sha256.slice(0, Number(digits ?? 64)),
  );
}
