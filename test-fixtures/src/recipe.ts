/** How to make a file that is too large to keep. */
export interface Recipe {
  /** `{n}` in a text becomes the number of its line, from 1. `times` @default 1 */
  readonly lines: readonly { readonly text: string; readonly times?: number }[];
  /** What stands behind every line. @default "\n" */
  readonly newline?: string;
}

/** Lines that go into one piece. */
const PIECE_LINES = 1_000;

/** The bytes of a recipe, in pieces, so that a large file is never whole in memory. */
export function* recipeBytes({ lines, newline = '\n' }: Recipe): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let number = 0;
  let piece = '';
  for (const { text, times = 1 } of lines) {
    for (let time = 0; time < times; time += 1) {
      number += 1;
      piece += text.replaceAll('{n}', String(number)) + newline;
      if (number % PIECE_LINES === 0) {
        yield encoder.encode(piece);
        piece = '';
      }
    }
  }
  if (piece !== '') yield encoder.encode(piece);
}
