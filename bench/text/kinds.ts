import { createCodeWriter } from './code.js';
import type { Language } from './language.js';
import { arabic } from './languages/arabic.js';
import { chinese } from './languages/chinese.js';
import { english } from './languages/english.js';
import { german } from './languages/german.js';
import { hindi } from './languages/hindi.js';
import { japanese } from './languages/japanese.js';
import { russian } from './languages/russian.js';
import { spanish } from './languages/spanish.js';
import { createProse } from './prose.js';
import { createRandom, type Random } from './random.js';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const EMOJI = ['😀', '🎉', '👍🏽', '🚀', '❤️', '👩‍💻', '🇪🇸', '✅', '⚠️', '🤔', '👨‍👩‍👧‍👦', '🌧️', '📈', '🙏', '1️⃣'];
const MEGABYTE = 1_000_000;

const chat = (language: Language) => (random: Random) => {
  const prose = createProse(language, random);
  return many(4 * MEGABYTE, () => prose.answer(random.between(8, 300)));
};
const code = (isJson: boolean) => (random: Random) => {
  const writer = createCodeWriter(createProse(english, random), random);
  return many(4 * MEGABYTE, () => (isJson ? JSON.stringify(writer.json(4), null, 2) : writer.block(40)));
};
const one = (write: (random: Random) => string) => (random: Random) => [repeatTo(MEGABYTE, () => write(random))];

/** Texts by kind: those of many texts are what people train on, those of one text are what could make a counter slow. */
const WRITERS: Record<string, (random: Random) => readonly string[]> = {
  'English chat': chat(english),
  Spanish: chat(spanish),
  German: chat(german),
  Russian: chat(russian),
  Chinese: chat(chinese),
  Japanese: chat(japanese),
  Arabic: chat(arabic),
  Hindi: chat(hindi),
  'TypeScript and Python': code(false),
  JSON: code(true),
  emoji: (random) => many(MEGABYTE, () => repeatTo(500, () => random.pick(EMOJI) + (random.chance(0.3) ? ' ' : ''))),
  base64: (random) => many(MEGABYTE, () => random.text(random.between(100, 2000), BASE64)),
  '1 MB of a': one(() => 'a'.repeat(1000)),
  '1 MB of spaces': one(() => ' '.repeat(1000)),
  '1 MB of newlines': one(() => '\n'.repeat(1000)),
  '1 MB of random CJK': one((random) => String.fromCharCode(random.between(0x4e00, 0x9fff))),
  '1 MB of joined emoji': one(() => '👩‍👩‍👧'.repeat(40)),
  '1 MB of combining marks': one(() => '\u0301'.repeat(500)),
  '1 MB of digits': one((random) => random.text(1000, '0123456789')),
  '1 MB of base64': one((random) => random.text(1000, BASE64)),
  '1 MB of random bytes': one((random) =>
    Buffer.from(Array.from({ length: 1000 }, () => random.between(0, 255))).toString(),
  ),
};

export const KINDS: readonly string[] = Object.keys(WRITERS);

/** The same seed gives the same texts. */
export function textsOf(kind: string, seed: number): readonly string[] {
  return WRITERS[kind]!(createRandom(seed));
}

function many(bytes: number, write: () => string): readonly string[] {
  const texts: string[] = [];
  for (let written = 0; written < bytes; written += Buffer.byteLength(texts.at(-1)!)) texts.push(write());
  return texts;
}

function repeatTo(bytes: number, write: () => string): string {
  let text = '';
  for (let written = 0; written < bytes; ) {
    const part = write();
    written += Buffer.byteLength(part);
    text += part;
  }
  return text;
}
