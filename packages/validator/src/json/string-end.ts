/**
 * The offset behind the closing quote of a string; the length of the text when it is not closed.
 *
 * @param start - Offset of the opening quote.
 */
export function endOfString(text: string, start: number): number {
  const quote = closingQuote(text, start);
  return quote === -1 ? text.length : quote + 1;
}

/**
 * The offset of the quote that closes a string; -1 when none does.
 *
 * @param start - Offset of the opening quote.
 */
export function closingQuote(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return -1;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    from = quote + 1;
  }
}
