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
  const stem = name.slice(0, name.length - extension.length);
  return beginningOf(stem, MAX_NAME_BYTES - extension.length) + extension;
}

/** Whole characters. */
function beginningOf(text: string, maxBytes: number): string {
  let beginning = '';
  let room = maxBytes;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    beginning += character;
  }
  return beginning;
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
 * `{sha256:N}` the first N digits of it. All else stays as it is. Of a name that would be too long, the stem is cut: it is
 * the digest that tells it from others.
 */
export function fillFileName(template: string, { filename, sha256 }: { filename: string; sha256: string }): string {
  const fillIn = (stem: string) =>
    template.replace(/\{(?:stem|sha256(?::([1-9]|[1-5]\d|6[0-4]))?)\}/g, (placeholder, digits?: string) =>
      placeholder === '{stem}' ? stem : sha256.slice(0, Number(digits ?? 64)),
    );
  const stem = filename.replace(/(?<=.)\.[^.]*$/, '');
  const excess = Buffer.byteLength(fillIn(stem)) - MAX_NAME_BYTES;
  const stems = template.split('{stem}').length - 1;
  if (excess <= 0 || stems === 0) return fillIn(stem);
  return fillIn(beginningOf(stem, Math.max(0, Buffer.byteLength(stem) - Math.ceil(excess / stems))));
}
