import type { Language } from './language.js';
import type { Random } from './random.js';

/** Size of a vocabulary: about what one reads in a few million words of one language. */
const VOCABULARY = 30_000;
/** Share of words that occur nowhere else: names, typing errors. Real text never stops bringing new ones. */
const UNSEEN = 0.015;
const NUMBERS = 0.02;
/** How many of a language's suffixes, which stand by frequency, are commoner than any other derived word. */
const INFLECTIONS = 6;
/** Share of sentences that are taken whole from the embedded prose. */
const QUOTED = 0.06;

const EMOJI = ['😀', '🎉', '👍🏽', '🚀', '❤️', '👩‍💻', '🇪🇸', '✅', '⚠️', '🤔', '👨‍👩‍👧‍👦', '🌧️', '📈', '🙏', '1️⃣'];

/** Writes text of one language. */
export interface Prose {
  readonly language: Language;
  word(): string;
  /** A word that is not in the vocabulary. */
  name(): string;
  sentence(): string;
  /** Sentences with at least so many words. */
  paragraph(words: number): string;
  /** Paragraphs, with the headings, lists and emoji of a chat answer between them. */
  answer(words: number): string;
}

/** Makes a vocabulary for the language and writes with it. */
export function createProse(language: Language, random: Random): Prose {
  const vocabulary = makeVocabulary(language, random);
  const { gap, comma, stops } = language;

  const word = (): string => {
    const chance = random.next();
    if (chance < UNSEEN) return capitalize(makeWord(language, random));
    if (chance < UNSEEN + NUMBERS) return makeNumber(random);
    return random.pickRanked(vocabulary);
  };

  const sentence = (): string => {
    if (random.chance(QUOTED)) return random.pick(language.prose);
    const length = random.between(5, 24);
    let text = capitalize(random.pickRanked(vocabulary));
    for (let at = 1; at < length; at += 1) {
      if (random.chance(0.07)) text += comma;
      text += gap;
      text += random.chance(0.01) ? `"${word()}"` : word();
    }
    return text + random.pick(stops);
  };

  const paragraph = (words: number): string => {
    let text = sentence();
    for (let written = 14; written < words; written += 14) text += gap + sentence();
    return text;
  };

  const listing = (): string => {
    const mark = random.chance(0.5) ? '-' : '*';
    let text = '';
    for (let left = random.between(2, 6); left > 0; left -= 1) text += `${mark} **${word()}**: ${sentence()}\n`;
    return text.trimEnd();
  };

  const table = (): string => {
    const row = () => `| ${word()} | ${makeNumber(random)} | ${word()} |\n`;
    let text = `${row()}| --- | ---: | --- |\n`;
    for (let left = random.between(2, 6); left > 0; left -= 1) text += row();
    return text.trimEnd();
  };

  const answer = (words: number): string => {
    let text = '';
    let written = 0;
    while (written < words) {
      if (text !== '') text += '\n\n';
      const length = Math.min(words - written, random.between(15, 120));
      const kind = random.next();
      if (words < 80 || kind < 0.72) text += paragraph(length);
      else if (kind < 0.8) text += `## ${capitalize(word())}${gap}${word()}`;
      else if (kind < 0.95) text += listing();
      else text += table();
      written += Math.max(length, 15);
    }
    return random.chance(0.12) ? `${text} ${random.pick(EMOJI)}` : text;
  };

  return { language, word, name: () => capitalize(makeWord(language, random)), sentence, paragraph, answer };
}

/** The commonest words first, then the stems, their inflections, what else is made of them: the order gives the frequency. */
function makeVocabulary(language: Language, random: Random): readonly string[] {
  const { commonWords, stems, prefixes, suffixes, compounds } = language;
  const vocabulary = new Set([...commonWords, ...stems]);
  for (const suffix of suffixes.slice(0, INFLECTIONS)) for (const stem of stems) vocabulary.add(stem + suffix);
  while (vocabulary.size < VOCABULARY) {
    const stem = random.pickRanked(stems);
    const chance = random.next();
    if (chance < compounds) vocabulary.add(stem + random.pick(stems).toLowerCase());
    else if (chance < 0.8) vocabulary.add(stem + random.pick(suffixes));
    else if (chance < 0.95) vocabulary.add(random.pick(prefixes) + stem.toLowerCase() + random.pick(suffixes));
    else vocabulary.add(makeWord(language, random));
  }
  return [...vocabulary];
}

function makeWord({ syllables }: Language, random: Random): string {
  let word = '';
  for (let left = random.between(2, 4); left > 0; left -= 1) word += random.pick(syllables);
  return word;
}

function makeNumber(random: Random): string {
  switch (random.between(0, 5)) {
    case 0:
      return String(random.between(2, 31));
    case 1:
      return String(random.between(1900, 2030));
    case 2:
      return (random.next() * 1000).toFixed(2);
    case 3:
      return `${random.between(1, 999)},${String(random.between(0, 999)).padStart(3, '0')}`;
    case 4:
      return `${random.between(0, 100)}%`;
    default:
      return `${random.between(0, 23)}:${String(random.between(0, 59)).padStart(2, '0')}`;
  }
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
