import type { Diagnostic } from '../diagnostic.js';
import { oneLine, shortened } from './terminal-text.js';

// A key of the dataset can be any length, and a pointer is made of keys.
const LONGEST_POINTER = 160;

/** `:143:71`, or nothing for a finding about the whole file. */
export function lineAndColumn({ line, column }: Diagnostic): string {
  if (line === undefined) return '';
  return column === undefined ? `:${line}` : `:${line}:${column}`;
}

/** The JSON Pointer for people; nothing for a whole line or file. */
export function pointerText({ pointer }: Diagnostic): string | undefined {
  return pointer ? oneLine(shortened(pointer, LONGEST_POINTER)) : undefined;
}
