/** What a line holds that wants a closer look. */
export let flags: u32 = 0;

/** Two keys of an object are, as far as their hashes say, the same; or there are too many to tell. */
export const SAME_KEYS: u32 = 1;
/** An escape that stands for NUL, or for half of a surrogate pair. */
export const ODD_ESCAPE: u32 = 2;
/** A number too large for a double. */
export const OVERFLOW: u32 = 4;
/** U+2028, U+2029 or U+0085, raw. */
export const SEPARATOR: u32 = 8;
/** The shape is not certainly right: somebody else must look at it. */
export const UNCERTAIN: u32 = 16;
/** It declares tools, or calls them in order; what is declared, and whether the calls fit it, was not looked at. */
export const UNCHECKED: u32 = 32;

@inline
export function note(flag: u32): void {
  flags |= flag;
}

export function forgetFlags(): void {
  flags = 0;
}
