import { usageError } from './command-error.js';
import { suggestion } from './suggestion.js';

/** One flag: what it means, and how its text becomes a value. */
export interface Flag<Value, Repeats extends boolean = boolean> {
  /** What stands for the value in the help; a switch has none. */
  readonly placeholder: string | undefined;
  readonly description: string;
  readonly short: string | undefined;
  readonly repeats: Repeats;
  /** @throws CommandError when the text is no such value */
  parse(text: string, name: string): Value;
}

interface FlagText {
  readonly placeholder: string;
  readonly description: string;
}

/** Has no value. */
export const toSwitch = (description: string, short?: string): Flag<true, false> => ({
  placeholder: undefined,
  description,
  short,
  repeats: false,
  parse: () => true,
});

/** Any text. */
export const text = ({ placeholder, description }: FlagText): Flag<string, false> => ({
  placeholder,
  description,
  short: undefined,
  repeats: false,
  parse: (value) => value,
});

/** Any text; the flag may be given again. */
export const texts = (parts: FlagText): Flag<string, true> => ({ ...text(parts), repeats: true });

/** Texts with commas between them; the flag may be given again. */
export const list = ({ placeholder, description }: FlagText): Flag<readonly string[], true> => ({
  placeholder,
  description,
  short: undefined,
  repeats: true,
  parse(value, name) {
    const parts = value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    // "Only these rules", none of them, would find every dataset clean.
    if (parts.length === 0) throw usageError(`--${name} names nothing`);
    return parts;
  },
});

/** A whole number in a range. */
export const integer = (
  { placeholder, description }: FlagText,
  [min, max]: readonly [min: number, max: number] = [0, Number.MAX_SAFE_INTEGER],
  short?: string,
): Flag<number, false> => ({
  placeholder,
  description,
  short,
  repeats: false,
  parse(value, name) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
      throw usageError(`--${name} takes a whole number, not "${value}"`);
    }
    if (number >= min && number <= max) return number;
    throw usageError(`--${name} takes ${min} to ${max}, not ${value}`);
  },
});

const BYTES_OF_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  kib: 1024,
  mib: 1024 ** 2,
};

/** `16MiB`, `5 MB`, or bytes without a unit; the value is bytes. */
export const byteSize = (
  { placeholder, description }: FlagText,
  [min, max]: readonly [min: number, max: number],
): Flag<number, false> => ({
  placeholder,
  description,
  short: undefined,
  repeats: false,
  parse(value, name) {
    const [, number = '', unit = ''] = /^(\d+) ?([a-z]*)$/i.exec(value) ?? [];
    const bytes = Number(number) * (BYTES_OF_UNIT[unit.toLowerCase()] ?? Number.NaN);
    const help = `for example --${name} 16MiB`;
    if (number === '' || !Number.isSafeInteger(bytes)) {
      throw usageError(`--${name} takes a number of bytes, not "${value}"`, help);
    }
    if (bytes >= min && bytes <= max) return bytes;
    throw usageError(`--${name} takes ${min} to ${max} bytes, not ${value}`, help);
  },
});

/** Seconds of each unit that a duration may end in. */
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `30m`, `12h`, `30d`, or seconds without a unit; the value is seconds. */
export const duration = (
  { placeholder, description }: FlagText,
  range: readonly [min: number, max: number],
): Flag<number, false> => ({
  placeholder,
  description,
  short: undefined,
  repeats: false,
  parse(value, name) {
    const [, digits, unit = 's'] = /^(\d{1,12})([smhd])?$/.exec(value) ?? [];
    if (digits === undefined) {
      throw usageError(`--${name} takes a duration, not "${value}"`, 'for example 12h or 30d; units are s, m, h and d');
    }
    const seconds = Number(digits) * (SECONDS[unit] ?? 1);
    const [min, max] = range;
    if (seconds >= min && seconds <= max) return seconds;
    throw usageError(`--${name} ${value} is out of range`, `it takes ${inWords(min)} to ${inWords(max)}`);
  },
});

function inWords(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((it) => seconds % (SECONDS[it] ?? 1) === 0) ?? 's';
  return `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}

/** One of some words. */
export const choice = <const Choice extends string>(
  choices: readonly Choice[],
  description: string,
): Flag<Choice, false> => ({
  placeholder: choices.join('|'),
  description,
  short: undefined,
  repeats: false,
  parse(value, name) {
    const known = choices.find((it) => it === value);
    if (known !== undefined) return known;
    const meant = suggestion(value, choices);
    throw usageError(
      `--${name} takes ${choices.join(', ')}, not "${value}"`,
      meant === undefined ? undefined : `did you mean --${name} ${meant}?`,
    );
  },
});

/** The severity of a rule: `ID=error`. */
export const severity: Flag<readonly [id: string, severity: 'off' | 'info' | 'warning' | 'error'], true> = {
  placeholder: 'ID=SEVERITY',
  description: 'give a rule another severity: off, info, warning or error',
  short: undefined,
  repeats: true,
  parse(value, name) {
    const [, id, level] = /^([^=]+)=(off|info|warning|error)$/.exec(value) ?? [];
    if (id !== undefined && (level === 'off' || level === 'info' || level === 'warning' || level === 'error')) {
      return [id, level];
    }
    throw usageError(
      `--${name} takes ID=off, ID=info, ID=warning or ID=error, not "${value}"`,
      `for example --${name} messages/unknown-key=warning; \`tunegate rules\` lists the ids`,
    );
  },
};
