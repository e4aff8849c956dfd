import { OptionsError } from './errors.js';
import type { ValidateOptions } from './options.js';
import type { CustomRule } from './rules/custom.js';
import { describeType } from './rules/quote.js';

type Kind = keyof typeof IS_KIND;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (is: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(is);
const isString = (value: unknown) => typeof value === 'string';

const IS_KIND = {
  'a string': isString,
  'a list of strings': isListOf(isString),
  'a list of objects': isListOf(isObject),
  'an object': isObject,
  'a function': (value: unknown) => typeof value === 'function',
  'true or false': (value: unknown) => typeof value === 'boolean',
  'an AbortSignal': (value: unknown) => isObject(value) && 'throwIfAborted' in value,
  'made by createExampleFingerprints': (value: unknown) => isObject(value) && 'add' in value && 'find' in value,
} as const;

/** What the options must be that are not words of a list or numbers: those name what is known, or their range. */
const KINDS: Partial<Record<keyof ValidateOptions, Kind>> = {
  limits: 'an object',
  model: 'a string',
  models: 'a list of objects',
  collectFingerprints: 'made by createExampleFingerprints',
  trainingFingerprints: 'made by createExampleFingerprints',
  onFingerprints: 'a function',
  now: 'a function',
  select: 'a list of strings',
  ignore: 'a list of strings',
  customRules: 'a list of objects',
  severities: 'an object',
  excerpts: 'true or false',
  fileName: 'a string',
  onDiagnostic: 'a function',
  onProgress: 'a function',
  signal: 'an AbortSignal',
};

/**
 * For callers whom no type checker has told: a list that is none would be ignored, or fail far from here.
 *
 * @throws {OptionsError} Naming the option, and what it must be.
 */
export function expectKinds(options: ValidateOptions): void {
  if (!isObject(options)) throw new OptionsError('options', `the options are an object, not ${describe(options)}`);
  for (const [option, kind] of Object.entries(KINDS)) {
    const value = options[option as keyof ValidateOptions];
    if (value === undefined || IS_KIND[kind](value)) continue;
    throw new OptionsError(option, `${option} is ${describe(value)}; it must be ${kind}`);
  }
}

/** @throws {OptionsError} When a rule of the user's own lacks one of its functions, or has something else in place of it. */
export function expectRuleKinds(rule: CustomRule): void {
  const kinds = { check: 'a function', message: 'a function' } as const;
  const optional = { formats: 'a list of strings', help: 'a function', fix: 'a function' } as const;
  for (const [key, kind] of Object.entries({ ...kinds, ...optional })) {
    const value = rule[key as keyof CustomRule];
    if ((value === undefined && key in optional) || IS_KIND[kind](value)) continue;
    throw new OptionsError('customRules', `${key} of the rule ${rule.id} is ${describe(value)}; it must be ${kind}`);
  }
}

function describe(value: unknown): string {
  return typeof value === 'function' ? 'a function' : describeType(value);
}
