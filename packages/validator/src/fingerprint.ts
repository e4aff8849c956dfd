import { sharedLineScanner } from './json/line-scanner.js';

/** How many different fingerprints are remembered, to tell equal findings in equal examples apart. */
const MAX_REMEMBERED = 100_000;

/**
 * The fingerprint of a finding, which it has in common with equal findings in equal examples.
 *
 * @param content - The text of the example, or what else the finding is about.
 * @returns 16 hexadecimal digits.
 */
export function findingFingerprint(rule: string, pointer: string, content: string): string {
  // Several findings of one example come one after the other.
  if (content !== lastContent) {
    lastContent = content;
    lastHash = hashContent(content);
  }
  return hash(`${rule}\n${pointer}\n${lastHash}`);
}

let lastContent: string | undefined;
let lastHash = '';

/** Tells equal findings of one dataset apart. */
export interface FingerprintOrdinals {
  /** Takes the fingerprints in the order of the file. @returns Hash(fingerprint, how many equal ones came before). */
  next(fingerprint: string): string;
}

/** The same finding in the same example keeps its fingerprint when other lines come or go. */
export function createFingerprintOrdinals(): FingerprintOrdinals {
  const seen = new Map<string, number>();
  return {
    next(first) {
      const before = seen.get(first) ?? 0;
      if (before > 0 || seen.size < MAX_REMEMBERED) seen.set(first, before + 1);
      return before === 0 ? first : hash(`${first}\n${before}`);
    },
  };
}

const words = new Uint32Array(4);

/** The content may be a line of any length. */
function hashContent(content: string): string {
  sharedLineScanner().textHash(content, words, 0);
  return hex(words[0]!) + hex(words[1]!);
}

/** Two 32-bit FNV-1a hashes over UTF-16 code units with different bases. Source of the constants: the FNV specification. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + 0x9e37), 0x01000193);
  }
  return hex(a ^ (b >>> 13)) + hex(b ^ (a >>> 16));
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
