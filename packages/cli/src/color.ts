import type { FlagValues } from './flags.js';
import type { Environment, Output } from './output.js';

/** Whether an output gets colours: the flag decides, then FORCE_COLOR, then NO_COLOR, then whether somebody looks on. */
export function isColored(flag: FlagValues['color'], env: Environment, output: Pick<Output, 'isTTY'>): boolean {
  if (flag === 'always' || flag === 'never') return flag === 'always';
  // Sources: https://force-color.org, https://no-color.org; a 0 turns colours off, as Node.js itself has it.
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return output.isTTY && env.TERM !== 'dumb';
}
