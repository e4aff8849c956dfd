import type { ChatMessage } from '../formats/index.js';

/** Whether a text is empty or white space only. */
export function isBlankText(text: string): boolean {
  // Nearly every text begins with a visible ASCII character; `trim` would copy those that end in a line break.
  const first = text.charCodeAt(0);
  return first > 0x20 && first < 0x7f ? false : text.trim() === '';
}

/** How much text a content holds; `unknown` where a part of it could not be read. */
type TextFill = 'absent' | 'null' | 'empty' | 'blank' | 'filled' | 'unknown';

/** How much text the content of a message holds; refusals and images are no text, but they fill it. */
export function textFill(content: ChatMessage['content']): TextFill {
  if (typeof content === 'string') return content === '' ? 'empty' : isBlankText(content) ? 'blank' : 'filled';
  if (content === undefined) return 'absent';
  if (content === null) return 'null';
  let fill: TextFill = 'empty';
  for (let index = 0; index < content.length; index += 1) {
    const { type, text, refusal } = content[index]!;
    if (type === 'image_url') return 'filled';
    const said = type === 'refusal' ? refusal : text;
    if (type === undefined || said === undefined) fill = 'unknown';
    else if (!isBlankText(said)) return 'filled';
    else if (said !== '' && fill === 'empty') fill = 'blank';
  }
  return fill;
}
