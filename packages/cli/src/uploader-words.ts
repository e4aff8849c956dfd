/**
 * What the uploader's messages and advice call an option of its own, and what that is on the command line; an empty text
 * where there is no flag for it.
 */
const IN_FLAGS: readonly (readonly [option: string | RegExp, flag: string])[] = [
  ['set overwrite to replace it', '--overwrite replaces it'],
  [', or take the content as a stream', '; -o - is standard output'],
  ['timeout.stall', '--timeout SECONDS'],
  ['a larger maxWait', 'tunegate files wait and a larger --max-wait'],
  ["(parts: 'never')", 'with --parts never'],
  [/; one that .*preflight: false$/, '; it must be allowed to list files, too'],
  [' or in the option ca', ''],
  [', or dialect: "generic"', ''],
  [': expect: { bytes: null } takes what comes', ''],
];

/** The uploader's advice in words of the command line. */
export function inFlags(advice: string): string {
  return IN_FLAGS.reduce((text, [option, flag]) => text.replace(option, flag), advice);
}

/** A dialect is what a target speaks: on the command line only targets have names. */
export function withTarget(message: string, target: string | undefined): string {
  return target === undefined ? message : message.replace(/\bthe dialect "\w+"/, `the target ${target}`);
}
