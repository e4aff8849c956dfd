/** Removes secrets from text that did not come from this package. */
export type Scrub = (text: string) => string;

const REDACTED = '[redacted]';

/** Shorter secrets would remove ordinary words: a key `a` would eat every letter a. No provider issues such keys. */
const MIN_SECRET_LENGTH = 4;

/** A run of this many characters of the key is taken for an echo of a part of it. */
const MIN_PART_LENGTH = 8;

/** What servers put in the middle of a key that they half show. */
const MASK = /\*{2,}|\.{3,}|…|•{2,}|x{4,}/;

/** Keys by their look, whoever's they are: `sk-…`, `sk-proj-…`, also cut (`sk-abc...wxyz`) or masked (`sk-***`). */
const KEY_SHAPED = /\b(?:sk|rk|pk|sess|tgp|nvapi)[-_][\w\-*.…•]{3,}/g;

const CREDENTIALS = /\b(bearer|basic)\s+[\w\-.~+/=*…]{4,}/gi;

/**
 * Makes a function that blanks the given secrets, their usual encodings, parts of them, masked forms, and whatever
 * looks like a key or an `Authorization` value.
 */
export function createScrub(secrets: readonly string[]): Scrub {
  const keys = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  const forms = keys.flatMap((key) => [
    key,
    encodeURIComponent(key),
    Buffer.from(key).toString('base64'),
    Buffer.from(key).toString('base64url'),
  ]);
  return (text) => {
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, REDACTED);
    for (const key of keys) clean = withoutParts(withoutMasked(clean, key), key);
    return clean.replace(CREDENTIALS, `$1 ${REDACTED}`).replace(KEY_SHAPED, REDACTED);
  };
}

/** A shorter key may well be a part of an id. */
const MIN_ECHO_LENGTH = 12;

/** Makes a function that blanks the key where an answer holds the whole of it: ids and names get into errors and logs. */
export function createEchoScrub(key: string): Scrub {
  return key.length < MIN_ECHO_LENGTH ? (text) => text : (text) => text.replaceAll(key, REDACTED);
}

/** Blanks words such as `abcd****wxyz` that show the beginning or the end of the key around a mask. */
function withoutMasked(text: string, key: string): string {
  if (!MASK.test(text)) return text;
  return text.replace(/[^\s"'`<>,;:(){}[\]]+/g, (word) => {
    if (!MASK.test(word)) return word;
    const [before = ''] = word.split(MASK);
    const after = word.split(MASK).at(-1) ?? '';
    const startsLikeKey = before.length >= 2 && key.startsWith(before);
    const endsLikeKey = after.length >= 2 && key.endsWith(after.replace(/\.$/, ''));
    return startsLikeKey || endsLikeKey ? REDACTED : word;
  });
}

/** Blanks every run of {@link MIN_PART_LENGTH} or more characters that the text shares with the key. */
function withoutParts(text: string, key: string): string {
  if (key.length <= MIN_PART_LENGTH) return text;
  let clean = text;
  for (let start = 0; start + MIN_PART_LENGTH <= key.length; start++) {
    const part = key.slice(start, start + MIN_PART_LENGTH);
    let at = clean.indexOf(part);
    while (at !== -1) {
      // A key may hold the very word that stands for it.
      if (clean.startsWith(REDACTED, at - 1)) {
        at = clean.indexOf(part, at + 1);
        continue;
      }
      let end = MIN_PART_LENGTH;
      while (start + end < key.length && clean[at + end] === key[start + end]) end++;
      clean = clean.slice(0, at) + REDACTED + clean.slice(at + end);
      at = clean.indexOf(part, at + REDACTED.length);
    }
  }
  return clean;
}

/** Cuts text so that its UTF-8 form is at most `maxBytes` long, and says so. */
export function cutText(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  // 0b10xxxxxx is the inside of a character: back up to its first byte.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.subarray(0, end).toString()} …`;
}
