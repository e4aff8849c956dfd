import type { LineBytes } from './line-facts.js';
import { decodeUtf8 } from './reader/utf8.js';

/** One line after the other that may not have to be decoded: an object for all of them. */
export class ScannedLine implements LineBytes {
  bytes: Uint8Array = new Uint8Array(0);
  number = 0;
  byteStart = 0;
  example = 0;
  byteLength = 0;
  #text: string | undefined;

  begin(bytes: Uint8Array, number: number, byteStart: number, example: number): void {
    this.bytes = bytes;
    this.number = number;
    this.byteStart = byteStart;
    this.example = example;
    this.byteLength = bytes.length;
    this.#text = undefined;
  }

  get text(): string {
    this.#text ??= decodeUtf8(this.bytes)!;
    return this.#text;
  }
}
