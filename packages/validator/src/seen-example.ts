import { numberAt, RECORD, type RecordKind } from './formats/fingerprint.js';
import { locatePath } from './json/locate.js';
import { type LineText, placeInLine } from './reporter.js';
import type { DatasetExample, LinePlace } from './rules/rule.js';
import { TRAITS, type Trait } from './rules/traits.js';
import type { ExampleTokens } from './tokens/example-tokens.js';

/** One example after the other as `dataset` rules see it: an object for all of them. */
export class SeenExample implements DatasetExample {
  isFaulty = false;
  /** Absent when they are not known. */
  traits: number | undefined;
  tokens: ExampleTokens | undefined;
  fingerprint = 0;
  pair: DatasetExample['pair'];
  #source: LineText | undefined;
  #example: object | undefined;
  readonly #pair = { prompt: 0, answer: 0 };

  /** Begins with another line. @param example - Absent when it was not parsed. */
  begin(source: LineText, example: object | undefined): void {
    this.#source = source;
    this.#example = example;
  }

  takeRecord(kind: RecordKind, record: Uint32Array): void {
    this.fingerprint = numberAt(record, RECORD.example);
    this.pair = undefined;
    if (kind !== 'pair') return;
    this.#pair.prompt = numberAt(record, RECORD.prompt);
    this.#pair.answer = numberAt(record, RECORD.answer);
    this.pair = this.#pair;
  }

  get line(): number {
    return this.#source!.number;
  }

  get example(): object {
    this.#example ??= JSON.parse(this.#source!.text) as object;
    return this.#example;
  }

  // Not methods: rules take what they need out of the object.
  readonly place = (): LinePlace => {
    const source = this.#source!;
    return placeInLine(source, locatePath(source.text, [], 'value'));
  };

  readonly has = (trait: Trait): boolean | undefined =>
    this.traits === undefined ? undefined : (this.traits & TRAITS[trait]) !== 0;
}
