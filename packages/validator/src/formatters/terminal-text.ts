/** One place on the screen: what is printed there, and how many columns it takes. */
export interface Cell {
  readonly text: string;
  readonly width: 1 | 2;
}

// Terminals disagree about the width of joined emoji (a family is 2, 6 or 8 columns wide), of a symbol with a variation
// selector and of a skin tone. Without joiner, selector and tone every one of them takes the width of its parts.
const LEFT_OUT = /[\u200d\p{Variation_Selector}\p{Emoji_Modifier}]/u;

// Would move the cursor, change colours, reorder the text around it, or not show at all. U+2400..U+2421 are pictures of
// the C0 controls and DEL; everything else becomes U+FFFD. rustc's diagnostics make the same replacements.
const NOT_SHOWN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const COMBINING = /[\p{Mn}\p{Me}]/u;

// Two columns: East Asian Width W or F. Source: Unicode Standard Annex #11 and EastAsianWidth.txt of Unicode 16. The
// emoji among them are exactly those with Emoji_Presentation, less the regional indicators, of which a flag takes two.
const WIDE =
  /(?!\p{Regional_Indicator})\p{Emoji_Presentation}|[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]/u;

const PLAIN = /^[\x20-\x7e]*$/;

function picture(codePoint: number): string {
  if (codePoint < 0x20) return String.fromCharCode(0x2400 + codePoint);
  return codePoint === 0x7f ? '\u2421' : '\ufffd';
}

/**
 * Cuts a text into cells that a terminal shows where they are expected: no control, escape or bidirectional character
 * is left, and every width is known.
 */
export function toCells(text: string): Cell[] {
  const cells: Cell[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint >= 0x20 && codePoint < 0x7f) cells.push({ text: character, width: 1 });
    else if (LEFT_OUT.test(character)) continue;
    else if (NOT_SHOWN.test(character)) cells.push({ text: picture(codePoint), width: 1 });
    else if (COMBINING.test(character)) {
      const base = cells.pop();
      // With nothing to stand on, a mark would attach to the frame: U+25CC is the base that Unicode provides for it.
      cells.push(base ? { text: base.text + character, width: base.width } : { text: `\u25cc${character}`, width: 1 });
    } else cells.push({ text: character, width: WIDE.test(character) ? 2 : 1 });
  }
  return cells;
}

/** How many columns cells take. */
export function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

/** The text that cells print. */
export function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('');
}

/** As many cells from the start as fit in so many columns. */
export function fitStart(cells: readonly Cell[], columns: number): readonly Cell[] {
  let end = 0;
  let used = cells[0]?.width ?? 0;
  while (end < cells.length && used <= columns) {
    end += 1;
    used += cells[end]?.width ?? 0;
  }
  return cells.slice(0, end);
}

/** As many cells from the end as fit in so many columns. */
export function fitEnd(cells: readonly Cell[], columns: number): readonly Cell[] {
  let start = cells.length;
  let used = cells[start - 1]?.width ?? 0;
  while (start > 0 && used <= columns) {
    start -= 1;
    used += cells[start - 1]?.width ?? 0;
  }
  return cells.slice(start);
}

/**
 * Makes a text safe for one line of a terminal or a log. Text of the dataset can be anything; here it loses whatever
 * would end the line, drive the terminal or speak to the runner of a pipeline.
 */
export function oneLine(text: string): string {
  const shown = PLAIN.test(text) ? text : textOf(toCells(text));
  // GitHub's runner takes `##[command]` anywhere in a line for a command.
  return shown.replaceAll('##[', '## [');
}

/** A file name at the start of a line: there, `::` would be a command to GitHub's runner. */
export function fileNameLine(name: string): string {
  const shown = oneLine(name);
  return shown.trimStart().startsWith('::') ? `./${shown.trimStart()}` : shown;
}

/** Takes the middle out of a text that is too long. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = most - 1;
  const tail = Math.floor(kept / 3);
  return `${text.slice(0, kept - tail)}…${text.slice(text.length - tail)}`;
}
