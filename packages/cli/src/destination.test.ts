import { describe, expect, test } from 'vitest';
import { CommandError } from './command-error.js';
import { destination, isOpenAI, uploadName } from './destination.js';

const env = { OPENAI_API_KEY: 'sk-test' };

describe('where a file goes', () => {
  test('to OpenAI when nothing else is said', () => {
    const to = destination({}, env);
    expect(to).toEqual({
      target: 'openai',
      dialect: 'openai',
      baseURL: 'https://api.openai.com/v1',
      host: 'api.openai.com',
      apiKey: 'sk-test',
    });
    expect(isOpenAI(to)).toBe(true);
  });

  test('to the address of the flag before that of the environment', () => {
    const withURL = { ...env, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
    expect(destination({}, withURL).host).toBe('127.0.0.1:1');
    expect(destination({ 'base-url': 'http://127.0.0.1:2/v1' }, withURL).host).toBe('127.0.0.1:2');
    expect(isOpenAI(destination({}, withURL))).toBe(false);
  });

  test('with organization and project', () => {
    expect(destination({}, { ...env, OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'proj-1' })).toMatchObject({
      organization: 'org-1',
      project: 'proj-1',
    });
  });

  test('in the generic dialect, without a limit of its own, for a compatible endpoint', () => {
    expect(destination({ target: 'compatible', 'base-url': 'https://example.org/v1' }, env)).toMatchObject({
      dialect: 'generic',
      maxBytes: Number.MAX_SAFE_INTEGER,
    });
  });

  test.each([
    ['no key', {}, {}, 'no API key: OPENAI_API_KEY is not set'],
    ['an empty key', {}, { OPENAI_API_KEY: ' ' }, 'no API key: OPENAI_API_KEY is not set'],
    ['compatible without an address', { target: 'compatible' }, env, '--target compatible needs an address'],
    ['an address that is none', { 'base-url': 'localhost' }, env, '--base-url is not a URL'],
    [
      'an address in the environment that is none',
      {},
      { ...env, OPENAI_BASE_URL: 'nowhere' },
      'OPENAI_BASE_URL is not a URL',
    ],
    ['azure', { target: 'azure' }, env, 'uploading to azure is not in this version'],
    [
      'fireworks',
      { target: 'fireworks' },
      env,
      "Fireworks takes datasets through its own tool, firectl, not through OpenAI's Files API",
    ],
    ['a typing error', { target: 'opnai' }, env, 'there is no target "opnai"'],
  ])('%s is refused with exit code 2', (_, flags, variables, message) => {
    const refused = () => destination(flags, variables);
    expect(refused).toThrow(CommandError);
    expect(refused).toThrow(message);
    expect(refused).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test('the key is in no message', () => {
    const secret = { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: 'nowhere' };
    for (const target of ['openai', 'azure', 'x']) {
      expect(() => destination({ target }, secret)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('sk-secret') }),
      );
    }
  });
});

test.each([
  ['data/train.jsonl', 'openai', 'train.jsonl'],
  ['data/train.ndjson', 'openai', 'train.jsonl'],
  ['data/train.ndjson', 'compatible', 'train.ndjson'],
  ['data/train', 'compatible', 'train'],
] as const)('%s goes to %s as %s', (path, target, name) => {
  expect(uploadName(path, target)).toBe(name);
});

test.each(['train.json', 'train', 'train.jsonl.gz'])('%s does not go to openai', (path) => {
  expect(() => uploadName(path, 'openai')).toThrow('does not end in .jsonl');
});
