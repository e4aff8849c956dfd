/** Kinds of values. */
export const STRING: u32 = 1;
export const NUMBER: u32 = 2;
export const BOOLEAN: u32 = 3;
export const NULL: u32 = 4;
export const LIST: u32 = 5;
export const OBJECT: u32 = 6;

/** What part a list or an object plays in an example. */
export const OTHER: u32 = 0;
export const EXAMPLE: u32 = 1;
export const MESSAGES: u32 = 2;
export const MESSAGE: u32 = 3;
export const CALLS: u32 = 4;
export const CALL: u32 = 5;
/** The messages of a preferred output. */
export const OUTPUT: u32 = 6;
/** The function of a call: its name and its arguments. */
export const CALLED: u32 = 7;
