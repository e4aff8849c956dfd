/** The tokens by rank, from the text that tiktoken ships; a rank that it leaves out has no entry. */
export function parseRanks(text: string): readonly (Uint8Array | undefined)[] {
  const tokens: Uint8Array[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [mark, first, ...encoded] = line.split(' ');
    if (mark !== '!') throw new Error(`a line of ranks begins with "${mark}" instead of "!"`);
    let rank = Number(first);
    for (const token of encoded) tokens[rank++] = Buffer.from(token, 'base64');
  }
  return tokens;
}

/** The way back, for vocabularies made up by tests. */
export function writeRanks(tokens: readonly Uint8Array[]): string {
  return `! 0 ${tokens.map((token) => Buffer.from(token).toString('base64')).join(' ')}`;
}
