import { describe, expect, it } from 'vitest';
import type { ChatPart } from '../formats/index.js';
import { isBlankText, textFill } from './blank-text.js';

it.each(['', ' ', '\n\t\r', '\u00a0', '\u3000\u2003', '\ufeff'])('takes %j for blank', (text) => {
  expect(isBlankText(text)).toBe(true);
});

it.each(['a', ' a', '\u00a0ä', '\u200b', '🚲', '\u007f'])('takes %j for text', (text) => {
  expect(isBlankText(text)).toBe(false);
});

describe('what a list of parts holds', () => {
  const text = (content: string): ChatPart => ({ type: 'text', text: content });
  it.each<[fill: string, parts: readonly ChatPart[]]>([
    ['empty', []],
    ['empty', [text(''), text('')]],
    ['blank', [text(''), text(' ')]],
    ['filled', [text(''), text('a')]],
    ['filled', [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]],
    ['filled', [{ type: 'refusal', refusal: 'no' }]],
    ['blank', [{ type: 'refusal', refusal: ' ' }]],
    ['unknown', [{}]],
    ['unknown', [{ type: 'text' }, text(' ')]],
    ['filled', [{}, text('a')]],
  ])('is %s', (fill, parts) => {
    expect(textFill(parts)).toBe(fill);
  });
});
