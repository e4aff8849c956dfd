import { describe, expect, it } from 'vitest';
import {
  type ChatExample,
  CustomRuleError,
  type Diagnostic,
  defineRule,
  validateExample,
  validateStream,
} from './index.js';

const noSlang = defineRule({
  id: 'custom/no-slang',
  severity: 'warning',
  description: 'The assistant uses slang.',
  formats: ['chat'],
  message: ({ word }: { word: string }) => `the assistant says "${word}"`,
  help: ({ word }) => `write it out instead of ${word}`,
  fix: () => ({ safety: 'unsafe', text: '"going to"' }),
  check({ messages = [] }: ChatExample, report) {
    for (const [index, { role, content }] of messages.entries()) {
      if (role === 'assistant' && content === 'gonna') report(['messages', index, 'content'], { word: 'gonna' });
    }
  },
});

const chat = (answer: string) => ({
  messages: [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: answer },
  ],
});

async function check(lines: readonly object[], options: Parameters<typeof validateStream>[1]) {
  async function* bytes() {
    yield Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
  }
  return validateStream(bytes(), { tokens: 'off', ignore: ['dataset/*', 'messages/no-system'], ...options });
}

describe('a rule of the user', () => {
  it('reports at its place like any other', async () => {
    const report = await check([chat('yes'), chat('gonna')], { customRules: [noSlang] });
    expect(report.byRule).toEqual({ 'custom/no-slang': 1 });
    expect(report.diagnostics).toMatchObject([
      {
        rule: 'custom/no-slang',
        severity: 'warning',
        message: 'the assistant says "gonna"',
        line: 2,
        column: 75,
        pointer: '/messages/1/content',
        messageIndex: 2,
        fix: { safety: 'unsafe', edits: [{ text: '"going to"' }] },
      },
    ]);
    expect(report.diagnostics[0]).not.toHaveProperty('url');
  });

  it('has the severity that the user sets, and can be ignored', async () => {
    const severities = { 'custom/no-slang': 'error' } as const;
    expect((await check([chat('gonna')], { customRules: [noSlang], severities })).errors).toBe(1);
    const ignored = await check([chat('gonna')], {
      customRules: [noSlang],
      ignore: ['custom/*', 'messages/*', 'dataset/*'],
    });
    expect(ignored.byRule).toEqual({});
  });

  it('is not asked about other formats', () => {
    expect(
      validateExample({ prompt: 'a', completion: ' b' }, { customRules: [noSlang], select: ['custom/*'] }),
    ).toEqual([]);
  });

  it('sees no value whose shape is faulty', () => {
    const seen: unknown[] = [];
    const spy = defineRule({
      id: 'custom/spy',
      severity: 'info',
      description: 'Looks.',
      message: () => 'seen',
      check: (example: object) => void seen.push(example),
    });
    validateExample({ messages: [{ role: 'user', content: 5 }] }, { customRules: [spy] });
    expect(seen).toEqual([{ messages: [{ role: 'user' }] }]);
  });

  it('that throws is named in the error', async () => {
    const broken = defineRule({
      id: 'custom/broken',
      severity: 'error',
      description: 'Throws.',
      message: () => '',
      check() {
        throw new Error('no such luck');
      },
    });
    await expect(check([chat('x')], { customRules: [broken] })).rejects.toThrow(CustomRuleError);
    await expect(check([chat('x')], { customRules: [broken] })).rejects.toThrow(
      'the rule custom/broken failed: no such luck',
    );
  });

  it('whose words throw is named in the error', async () => {
    const broken = defineRule({
      id: 'custom/broken',
      severity: 'error',
      description: 'Has no words.',
      message() {
        throw new Error('no words');
      },
      check: (_: object, report) => report([], {}),
    });
    await expect(check([chat('x')], { customRules: [broken] })).rejects.toThrow(
      'the rule custom/broken failed: no words',
    );
  });

  it('whose message is no text is named in the error', async () => {
    const broken = defineRule({
      id: 'custom/broken',
      severity: 'error',
      description: 'Has a number for words.',
      message: () => 5 as unknown as string,
      check: (_: object, report) => report([], {}),
    });
    await expect(check([chat('x')], { customRules: [broken] })).rejects.toThrow(
      'the rule custom/broken failed: its message is no text',
    );
  });

  it.each([
    [{ check: undefined }, 'check of the rule custom/no-slang is nothing; it must be a function'],
    [{ message: 'slang' }, 'message of the rule custom/no-slang is a string; it must be a function'],
    [{ severity: 'warn' }, 'unknown severity of custom/no-slang "warn"'],
    [{ formats: 'chat' }, 'formats of the rule custom/no-slang is a string; it must be a list of strings'],
    [{ formats: ['chta'] }, 'unknown format of custom/no-slang "chta"; did you mean "chat"?'],
  ])('is refused with %j: it would find nothing, or fail in the middle', async (part, message) => {
    const rule = { ...noSlang, ...part } as unknown as typeof noSlang;
    await expect(check([chat('gonna')], { customRules: [rule] })).rejects.toThrow(message);
  });

  it('answers at once: one that is asynchronous is refused, and its failure ends nothing', async () => {
    const slow = defineRule({
      id: 'custom/slow',
      severity: 'error',
      description: 'Takes its time.',
      message: () => '',
      check: async () => {
        throw new Error('too late');
      },
    });
    await expect(check([chat('x')], { customRules: [slow] })).rejects.toThrow(
      'the rule custom/slow failed: its check is asynchronous; a rule answers at once',
    );
  });

  it.each(['no-slang', 'custom/No Slang', 'messages/no-slang'])('may not be called %s', async (id) => {
    const renamed = { ...noSlang, id: id as 'custom/x' };
    await expect(check([], { customRules: [renamed] })).rejects.toThrow(/customRules|custom\//);
  });

  it('may not share its id with another', async () => {
    await expect(check([], { customRules: [noSlang, noSlang] })).rejects.toThrow(/two rules have the id/);
  });
});

it('leaves the union of diagnostics told apart by its rule', () => {
  const suggestionOf = (diagnostic: Diagnostic) =>
    diagnostic.rule === 'messages/unknown-role' ? diagnostic.params.suggestion : undefined;
  const [diagnostic] = validateExample({ messages: [...chat('x').messages, { role: 'assistent', content: '' }] });
  expect(diagnostic && suggestionOf(diagnostic)).toBe('assistant');
});
