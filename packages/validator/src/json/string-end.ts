/**
 * The offset behind the closing quote of a string; the length of the text when it is not closed.
 *
 * @param start - Offset of the opening quote.
 */
export function endOfString(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
    from = end + 1;
  }
}
