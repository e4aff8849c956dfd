import type { KeptLines } from './formats/example-records.js';
import { locatePath } from './json/locate.js';
import { parseJson } from './json/parse-json.js';
import type { JsonPath } from './json/path.js';
import { decodeUtf8 } from './reader/utf8.js';
import { type LineText, placeInLine } from './reporter.js';
import type { DatasetExample, LinePlace } from './rules/rule.js';
import { TRAITS, type Trait } from './rules/traits.js';
import type { ExampleTokens } from './tokens/example-tokens.js';

/** A line among others, of which nothing was decoded. */
class PassedLine implements LineText {
  kept: KeptLines = { bytes: new Uint8Array(0), place: 0 };
  /** Its numbers, as formats/example-records.ts has them, and where they begin. */
  places: Float64Array = new Float64Array(0);
  at = 0;

  get number(): number {
    return this.places[this.at]!;
  }

  get example(): number {
    return this.places[this.at + 1]!;
  }

  get byteStart(): number {
    return this.places[this.at + 2]!;
  }

  get byteLength(): number {
    return this.places[this.at + 3]!;
  }

  get text(): string {
    const from = this.byteStart - this.kept.place;
    return decodeUtf8(this.kept.bytes.subarray(from, from + this.byteLength))!;
  }
}

/** One example after the other as `dataset` rules see it: an object for all of them. */
export class SeenExample implements DatasetExample {
  /** Absent when they are not known. */
  traits: number | undefined;
  tokens: ExampleTokens | undefined;
  #source: LineText | undefined;
  #example: object | undefined;

  readonly #passed = new PassedLine();
  readonly #file: string;

  /** @param file - What the dataset is called. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Begins with another line. @param example - Absent when it was not parsed. */
  begin(source: LineText, example: object | undefined): void {
    this.#source = source;
    this.#example = example;
  }

  /** Begins with a line that stands among others, and was not parsed. @param at - Where its numbers begin in the places. */
  beginPassed(kept: KeptLines, places: Float64Array, at: number): void {
    this.#passed.kept = kept;
    this.#passed.places = places;
    this.#passed.at = at;
    this.#source = this.#passed;
    this.#example = undefined;
  }

  get number(): number {
    return this.#source!.example ?? 0;
  }

  get example(): object {
    this.#example ??= parseJson(this.#source!.text) as object;
    return this.#example;
  }

  // Not methods: rules take what they need out of the object.
  readonly place = (path: JsonPath = []): LinePlace => {
    const source = this.#source!;
    return { file: this.#file, ...placeInLine(source, locatePath(source.text, path, 'value'), path) };
  };

  readonly has = (trait: Trait): boolean | undefined =>
    this.traits === undefined ? undefined : (this.traits & TRAITS[trait]) !== 0;
}
