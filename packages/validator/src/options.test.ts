import { describe, expect, it } from 'vitest';
import { OptionsError } from './errors.js';
import { normalizeOptions, type ValidateOptions } from './options.js';
import { type RuleId, rules } from './rules/index.js';
import { targets } from './targets/index.js';
import { validateStream } from './validate.js';

/** Options as somebody without a type checker writes them. */
const untyped = (options: object) => options as ValidateOptions;

describe('normalizeOptions', () => {
  it('fills in every default', () => {
    const { severityOf, target, ...rest } = normalizeOptions();
    expect(target).toEqual(targets.openai);
    expect(rest).toMatchObject({
      tokens: 'exact',
      maxDiagnostics: 1_000,
      maxLineBytes: 64 * 1024 * 1024,
      excerpts: false,
    });
    for (const { id, severity } of rules) expect(severityOf(id)).toEqual({ severity, isSetByUser: false });
  });

  it('keeps what was given', () => {
    const onDiagnostic = () => {};
    const { signal } = new AbortController();
    const options = {
      target: 'azure',
      model: 'gpt-4o',
      method: 'dpo',
      tokens: 'off',
      maxDiagnostics: 0,
      maxLineBytes: 10,
      excerpts: true,
      fileName: 'train.jsonl',
      onDiagnostic,
      signal,
    } as const;
    const { target, ...rest } = normalizeOptions(options);
    expect(target).toEqual(targets.azure);
    const { target: _, ...given } = options;
    expect(rest).toMatchObject(given);
  });

  it('puts limits that are given in place of those of the target', () => {
    const { target } = normalizeOptions({ limits: { minExamples: 3, maxImages: 0 } });
    expect(target).toEqual({ ...targets.openai, limits: { ...targets.openai.limits, minExamples: 3, maxImages: 0 } });
    expect(normalizeOptions().target.limits).toEqual(targets.openai.limits);
  });

  it.each<[string, object, string, RegExp]>([
    ['a target', { target: 'opnai' }, 'target', /unknown target "opnai"; did you mean "openai"\?/],
    ['a far-off target', { target: 'aws-bedrock-eu' }, 'target', /it may be openai, azure, .*compatible/],
    ['a key of every object as target', { target: 'toString' }, 'target', /unknown target "toString"/],
    ['a method', { method: 'supervized' }, 'method', /unknown method "supervized"; did you mean "supervised"\?/],
    ['a far-off method', { method: 'rlhf' }, 'method', /it may be supervised, dpo, reinforcement/],
    ['tokens', { tokens: 'exakt' }, 'tokens', /unknown tokens "exakt"; did you mean "exact"\?/],
    ['a selected rule', { select: ['json/sintax'] }, 'select', /"json\/sintax"; did you mean "json\/syntax"\?/],
    ['one of many rules', { select: ['json/*', 'nothing'] }, 'select', /unknown rule "nothing"; .*"category\/\*"/],
    ['an ignored rule', { ignore: ['line/blnk'] }, 'ignore', /"line\/blnk"; did you mean "line\/blank"\?/],
    ['a category that is none', { ignore: ['jsn/*'] }, 'ignore', /unknown rule "jsn\/\*"/],
    ['a pattern that is none', { select: ['json/s*'] }, 'select', /unknown rule "json\/s\*"/],
    ['a negative count', { maxDiagnostics: -1 }, 'maxDiagnostics', /maxDiagnostics is -1; .*whole number from 0/],
    ['a fraction', { maxDiagnostics: 1.5 }, 'maxDiagnostics', /maxDiagnostics is 1\.5/],
    ['no number', { maxLineBytes: Number.NaN }, 'maxLineBytes', /maxLineBytes is NaN/],
    ['no end', { maxLineBytes: Number.POSITIVE_INFINITY }, 'maxLineBytes', /maxLineBytes is Infinity/],
    ['a limit', { limits: { minExamples: -1 } }, 'limits.minExamples', /limits\.minExamples is -1; .*whole number/],
    ['a text for a number', { maxLineBytes: '1' }, 'maxLineBytes', /maxLineBytes is 1/],
  ])('refuses %s, names the option and says what to write', (_, options, option, message) => {
    const attempt = () => normalizeOptions(untyped(options));
    expect(attempt).toThrow(OptionsError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ option, name: 'OptionsError' }));
  });

  it.each<[string, object, string]>([
    ['a model that is no text', { model: 5 }, 'model is the number 5; it must be a string'],
    ['a rule in place of a list', { select: 'json/syntax' }, 'select is a string; it must be a list of strings'],
    ['an object in place of a list', { ignore: {} }, 'ignore is an object; it must be a list of strings'],
    ['a list of no texts', { ignore: [1] }, 'ignore is an array; it must be a list of strings'],
    ['a list of severities', { severities: ['off'] }, 'severities is an array; it must be an object'],
    ['limits that are none', { limits: 3 }, 'limits is the number 3; it must be an object'],
    ['null', { limits: null }, 'limits is null; it must be an object'],
    ['one model', { models: { id: 'x' } }, 'models is an object; it must be a list of objects'],
    ['one rule', { customRules: { id: 'custom/x' } }, 'customRules is an object; it must be a list of objects'],
    ['a callback that is none', { onDiagnostic: 'log' }, 'onDiagnostic is a string; it must be a function'],
    ['a controller', { signal: new AbortController() }, 'signal is an object; it must be an AbortSignal'],
    ['a word for a switch', { excerpts: 'no' }, 'excerpts is a string; it must be true or false'],
    [
      'a Set',
      { trainingFingerprints: new Set() },
      'trainingFingerprints is an object; it must be made by createExample',
    ],
  ])('refuses %s, for those whom no type checker tells', (_, options, message) => {
    expect(() => normalizeOptions(untyped(options))).toThrow(OptionsError);
    expect(() => normalizeOptions(untyped(options))).toThrow(message);
  });

  it.each([null, 'openai', []])('refuses %j in place of all options', (options) => {
    expect(() => normalizeOptions(options as unknown as ValidateOptions)).toThrow(/the options are an object, not/);
  });

  it('takes an option that is undefined as one that was not given', () => {
    expect(normalizeOptions(untyped({ select: undefined, signal: undefined })).signal).toBeUndefined();
  });

  it('refuses the severity of a rule that is none, and one that is none', () => {
    const attempt = (severities: object) => () => normalizeOptions(untyped({ severities }));
    expect(attempt({ 'json/sintax': 'off' })).toThrow(/"json\/sintax"; did you mean "json\/syntax"\?/);
    expect(attempt({ 'json/syntax': 'warn' })).toThrow(/"warn"/);
    expect(attempt({ 'json/syntax': 'eror' })).toThrow(/"eror"; did you mean "error"\?/);
    expect(attempt({ 'json/syntax': 'eror' })).toThrow(OptionsError);
  });

  it('is asked before a stream is read', async () => {
    let wasRead = false;
    const source = {
      async *[Symbol.asyncIterator]() {
        wasRead = true;
        yield new Uint8Array(1);
      },
    };
    await expect(validateStream(source, untyped({ target: 'x' }))).rejects.toThrow(OptionsError);
    expect(wasRead).toBe(false);
  });
});

describe('the severity of a rule', () => {
  const severity = (id: RuleId, options?: ValidateOptions) => normalizeOptions(options).severityOf(id);
  const isOn = (id: RuleId, options: ValidateOptions) => severity(id, options).severity !== 'off';

  it('is that of the target where the target has one', () => {
    expect(severity('messages/unknown-key').severity).toBe('error');
    expect(severity('messages/unknown-key', { target: 'compatible' })).toEqual({
      severity: 'warning',
      isSetByUser: false,
    });
    expect(severity('file/byte-order-mark', { target: 'azure' }).severity).toBe('off');
    for (const [name, { severities }] of Object.entries(targets)) {
      for (const [id, expected] of Object.entries(severities)) {
        if (rules.find((rule) => rule.id === id)?.limits !== undefined) continue;
        expect(severity(id as RuleId, untyped({ target: name })).severity).toBe(expected);
      }
    }
  });

  it('is off where the target publishes no limit to hold to, until one is set', () => {
    const compatible = { target: 'compatible' } as const;
    expect(severity('images/too-many', compatible)).toEqual({ severity: 'off', isSetByUser: false });
    expect(severity('images/too-many', { ...compatible, limits: { maxImages: 3 } }).severity).toBe('error');
    expect(severity('dataset/too-few-examples', { target: 'mistral' }).severity).toBe('off');
    expect(severity('dataset/too-few-examples').severity).toBe('error');
  });

  it('is the one set by the user, whatever rule and target say', () => {
    const set = { target: 'compatible', severities: { 'messages/unknown-key': 'info' } } as const;
    expect(severity('messages/unknown-key', set)).toEqual({ severity: 'info', isSetByUser: true });
    const on = { target: 'azure', severities: { 'file/byte-order-mark': 'error' } } as const;
    expect(severity('file/byte-order-mark', on)).toEqual({ severity: 'error', isSetByUser: true });
    expect(severity('json/syntax', { severities: { 'json/syntax': 'off' } }).severity).toBe('off');
  });

  it('can be set for a category, and differently for one rule of it that is named later', () => {
    const options: ValidateOptions = { severities: { 'json/*': 'info', 'json/syntax': 'warning' } };
    expect(severity('json/syntax', options).severity).toBe('warning');
    expect(severity('json/too-deep', options).severity).toBe('info');
    expect(severity('line/blank', options).severity).toBe('error');
  });

  it('is off for all that is not selected', () => {
    const options = { select: ['json/*', 'line/blank'] };
    for (const { id, severity: own } of rules) {
      if (own === 'off') continue;
      expect([id, isOn(id, options)]).toEqual([id, id.startsWith('json/') || id === 'line/blank']);
    }
  });

  it('is off for everything when nothing is selected', () => {
    for (const { id } of rules) expect(isOn(id, { select: [] })).toBe(false);
  });

  it('is off for what is ignored, though it was selected', () => {
    const options = { select: ['json/*'], ignore: ['json/syntax'] };
    expect(isOn('json/syntax', options)).toBe(false);
    expect(isOn('json/too-deep', options)).toBe(true);
    expect(isOn('json/syntax', { ignore: ['json/*'] })).toBe(false);
    expect(isOn('line/blank', { ignore: ['json/*'] })).toBe(true);
  });

  it('is off for what is ignored or not selected, though a severity was set for it', () => {
    const severities = { 'json/*': 'error', 'json/syntax': 'warning' } as const;
    expect(isOn('json/syntax', { severities, ignore: ['json/syntax'] })).toBe(false);
    expect(isOn('json/syntax', { severities, select: ['line/*'] })).toBe(false);
    expect(isOn('json/too-deep', { severities, ignore: ['json/syntax'] })).toBe(true);
  });

  it('takes a category for nothing but a category', () => {
    expect(isOn('json/syntax', { ignore: ['json/syntax'], select: ['json/syntax', 'json/*'] })).toBe(false);
    expect(() => severity('json/syntax', { ignore: ['json'] })).toThrow(OptionsError);
    expect(() => severity('json/syntax', { ignore: ['*'] })).toThrow(OptionsError);
  });

  it('that the user set is not softened by the rule', async () => {
    // A few tokens over the 4,096 of this model, so few that the rule only warns.
    const messages = [
      { role: 'user', content: ' hello'.repeat(4_090) },
      { role: 'assistant', content: 'a' },
    ];
    const check = async (severities: NonNullable<ValidateOptions['severities']>) => {
      const source = new Blob([JSON.stringify({ messages })]).stream();
      const options = { model: 'gpt-3.5-turbo-0613', select: ['tokens/example-over-limit'], severities };
      return (await validateStream(source, options)).diagnostics.map((diagnostic) => diagnostic.severity);
    };
    expect(await check({})).toEqual(['warning']);
    expect(await check({ 'tokens/*': 'error' })).toEqual(['error']);
    expect(await check({ 'tokens/*': 'info' })).toEqual(['info']);
    expect(await check({ 'tokens/*': 'off' })).toEqual([]);
  });
});
