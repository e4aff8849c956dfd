import { randomBytes } from 'node:crypto';

type Prefix = 'file-' | 'upload_' | 'part_';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_LENGTH = 24;

/** The prefix and 24 random characters: 142 bits, so that ids neither collide nor can be guessed. */
export function createId(prefix: Prefix): string {
  let random = '';
  while (random.length < RANDOM_LENGTH) {
    for (const byte of randomBytes(32)) {
      // 248 is the largest multiple of 62 in a byte: dropping the rest keeps every character equally likely.
      if (byte < 248 && random.length < RANDOM_LENGTH) random += ALPHABET[byte % 62];
    }
  }
  return `${prefix}${random}`;
}

export function isId(prefix: Prefix, text: string): boolean {
  return text.startsWith(prefix) && /^[A-Za-z0-9]{24}$/.test(text.slice(prefix.length));
}
