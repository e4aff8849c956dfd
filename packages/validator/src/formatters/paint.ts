import type { Severity } from '../diagnostic.js';

/** Puts text into colour, or leaves it as it is. */
export interface Paint {
  severity(severity: Severity, text: string): string;
  strong(text: string): string;
  frame(text: string): string;
  faint(text: string): string;
  good(text: string): string;
}

// "Select Graphic Rendition" parameters. Source: ECMA-48, 8.3.117; colours are the terminal's own palette.
const SGR = { error: '1;31', warning: '1;33', info: '1;36', strong: '1', frame: '34', faint: '2', good: '1;32' };

/** @param isColored Without it every function returns its text unchanged. */
export function createPaint(isColored: boolean): Paint {
  const paint = (style: string, text: string) => (isColored ? `\u001b[${style}m${text}\u001b[0m` : text);
  return {
    severity: (severity, text) => paint(SGR[severity], text),
    strong: (text) => paint(SGR.strong, text),
    frame: (text) => paint(SGR.frame, text),
    faint: (text) => paint(SGR.faint, text),
    good: (text) => paint(SGR.good, text),
  };
}
