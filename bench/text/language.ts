/** What a language is made of here: real words and prose, and the parts from which more words are made. */
export interface Language {
  readonly name: string;
  /** The commonest words, by falling frequency. */
  readonly commonWords: readonly string[];
  /** Words and stems that take affixes. */
  readonly stems: readonly string[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** For names and words that nobody has seen before. */
  readonly syllables: readonly string[];
  /** Share of made words that join two stems. */
  readonly compounds: number;
  /** Sentences with their full stop. */
  readonly prose: readonly string[];
  /** Between words: a space, or nothing. */
  readonly gap: string;
  readonly comma: string;
  readonly stops: readonly string[];
}

/** A list written as words between spaces and line breaks. */
export function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Sentences, one a line. */
export function lines(text: string): readonly string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}
