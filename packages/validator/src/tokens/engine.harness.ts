import { expect } from 'vitest';
import { createEngine, type Engine } from './engine.js';
import { createVocabularyMemory, loadImage } from './vocabulary-memory.js';
import type { WebAssemblyModule } from './webassembly.js';

/*
 * The engine against tiktoken itself: no difference is allowed. With TUNEGATE_FULL=1 ten million random strings and all
 * code points (a quarter of an hour), otherwise a part of them by a fixed seed.
 */
export const IS_FULL = process.env.TUNEGATE_FULL === '1';
export const RANDOM_STRINGS = IS_FULL ? 10_000_000 : 50_000;
export const LONG_TIMEOUT = IS_FULL ? 3_600_000 : 60_000;
export const WHITE_SPACE = [
  ...'\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
  // Not white space, though it looks like it, or though JavaScript says so.
  ...'\u200b\u180e\ufeff\u001f',
];
export const CONTRACTIONS = [
  's',
  't',
  're',
  've',
  'm',
  'll',
  'd',
  '\u017f',
  'RE',
  'rE',
  'Ve',
  'LL',
  'lL',
  'l',
  'r',
  'v',
  'e',
  'K',
  '\u212a',
  'ﬆ',
];
/** Pieces of text that the patterns treat in different ways; what they are next to each other is where mistakes are made. */
export const HARD = [
  ...WHITE_SPACE,
  ..." aBz'1.!/-_\u017fªßéÉǅʰ²½ⅷ٣你好あア한\u0301\u0300\u200d\ufe0f\u{1f469}\u{1f3fd}किा्ءا\u{10400}\u{10428}\u{1d7d8}\u{e0001}\u{10ffff}\ud800\udfff\0",
  ...CONTRACTIONS.map((it) => `'${it}`),
  '  ',
  '\r\n',
  ' \n ',
  'the',
  ' The',
  'ing',
  '://',
  '<|endoftext|>',
];

/** An engine in a memory of its own. */
export function engineOf(module: WebAssemblyModule, image: Uint8Array): Engine {
  return createEngine(createVocabularyMemory(module, loadImage(image)).take());
}

export type Count = (text: string) => number;

/** Compares a text as a whole, and looks for the part that differs only if it does. */
export function expectSame(engine: Engine, oracle: Count, texts: readonly string[]): void {
  const all = texts.join('');
  if (texts.length > 1 && engine.count(all) === oracle(all)) return;
  for (const text of texts) {
    const [ours, theirs] = [engine.count(text), oracle(text)];
    if (ours !== theirs) {
      expect.fail(
        `${ours} tokens instead of ${theirs} in ${JSON.stringify(text.slice(0, 200))} (${text.length} units)`,
      );
    }
  }
}
