/** Reads a positive number given on the command line. */
export function numberFlag(name: string, given: string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!(value > 0)) throw new Error(`--${name} is "${given}"; it must be a number above 0`);
  return value;
}
