import type { ValidateOptions } from '../../packages/validator/src/index.js';

/** Rules about what small cases never have: ten examples, a system message in each. */
const IGNORED = ['dataset/too-few-examples', 'messages/no-system'];

/** What a case is run with, its own flags included. */
export interface CaseRun {
  /** The rule that the case is about: it is never ignored. */
  readonly rule: string;
  readonly flags?: readonly string[] | undefined;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The command line of a case, file and configuration aside: `--target openai --tokens off`, the rules that small cases
 * always trip over ignored, unless the case says something else; a case of `tokens/` counts tokens.
 */
export function caseFlags({ rule, flags = [] }: CaseRun): string[] {
  const ignored = IGNORED.filter((id) => id !== rule);
  return [
    ...(flags.includes('--target') ? [] : ['--target', 'openai']),
    ...(flags.includes('--tokens') ? [] : ['--tokens', rule.startsWith('tokens/') ? 'exact' : 'off']),
    '--ignore',
    ignored.join(','),
    ...flags,
  ];
}

/** The value of a flag. */
export function flagValue(flags: readonly string[], name: string): string | undefined {
  const index = flags.indexOf(name);
  return index === -1 ? undefined : flags[index + 1];
}

/**
 * The same as options of the library. With `--train FILE` the dataset itself is the validation file that goes with it,
 * with `--valid FILE` the training file; reading the other file, and the one of `--grader`, is for the caller to do.
 *
 * @param flags - Of the command line.
 * @throws For a flag that has no option.
 */
export function flagOptions(flags: readonly string[], config: Readonly<Record<string, unknown>> = {}): ValidateOptions {
  const options: { -readonly [Key in keyof ValidateOptions]: ValidateOptions[Key] } = { ...config };
  const listed = (value: string) => value.split(',').filter((id) => id !== '');
  for (let index = 0; index < flags.length; index += 2) {
    const flag = flags[index]!;
    const value = flags[index + 1];
    if (value === undefined) throw new Error(`${flag} has no value`);
    switch (flag) {
      // What a flag may say is checked by the library itself.
      case '--target':
        options.target = value as NonNullable<ValidateOptions['target']>;
        break;
      case '--model':
        options.model = value;
        break;
      case '--method':
        options.method = value as NonNullable<ValidateOptions['method']>;
        break;
      case '--tokens':
        options.tokens = value as NonNullable<ValidateOptions['tokens']>;
        break;
      case '--parts':
        options.parts = value as NonNullable<ValidateOptions['parts']>;
        break;
      case '--select':
        options.select = [...(options.select ?? []), ...listed(value)];
        break;
      case '--ignore':
        options.ignore = [...(options.ignore ?? []), ...listed(value)];
        break;
      case '--train':
        options.split = 'valid';
        break;
      case '--valid':
        options.split = 'train';
        break;
      case '--grader':
        break;
      case '--rule': {
        const [id = '', severity = ''] = value.split('=');
        options.severities = { ...options.severities, [id]: severity as 'off' };
        break;
      }
      default:
        throw new Error(`a case cannot have the flag ${flag}`);
    }
  }
  return options;
}
