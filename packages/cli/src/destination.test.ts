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
      keyName: 'OPENAI_API_KEY',
      maxBytes: 536_870_912,
      maxBytesInParts: 8_589_934_592,
      waits: false,
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
    ['azure without an address', { target: 'azure' }, { AZURE_OPENAI_API_KEY: 'k' }, '--target azure needs an address'],
    [
      'azure without a key',
      { target: 'azure' },
      { ...env, AZURE_OPENAI_ENDPOINT: 'https://a.openai.azure.com' },
      'no API key: AZURE_OPENAI_API_KEY is not set',
    ],
    ['together without a key', { target: 'together' }, env, 'no API key: TOGETHER_API_KEY is not set'],
    ['mistral without a key', { target: 'mistral' }, env, 'no API key: MISTRAL_API_KEY is not set'],
    ['nebius without a key', { target: 'nebius' }, env, 'no API key: NEBIUS_API_KEY is not set'],
    [
      "a key for another provider's home",
      { target: 'together', 'base-url': 'https://api.openai.com/v1' },
      { TOGETHER_API_KEY: 'k' },
      'TOGETHER_API_KEY is not sent to api.openai.com',
    ],
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

  const keys = {
    OPENAI_API_KEY: 'sk-openai',
    OPENAI_ORG_ID: 'org-1',
    OPENAI_PROJECT_ID: 'proj-1',
    AZURE_OPENAI_API_KEY: 'sk-azure',
    AZURE_OPENAI_ENDPOINT: 'https://a.openai.azure.com',
    TOGETHER_API_KEY: 'sk-together',
    MISTRAL_API_KEY: 'sk-mistral',
    NEBIUS_API_KEY: 'sk-nebius',
  };

  test.each([
    ['openai', 'openai', 'api.openai.com', 'sk-openai', false],
    ['azure', 'azure', 'a.openai.azure.com', 'sk-azure', true],
    ['together', 'together', 'api.together.xyz', 'sk-together', false],
    ['mistral', 'mistral', 'api.mistral.ai', 'sk-mistral', false],
    ['nebius', 'openai', 'api.tokenfactory.nebius.com', 'sk-nebius', false],
  ] as const)('to %s in the dialect %s, at %s, with its own key', (target, dialect, host, apiKey, waits) => {
    // OPENAI_BASE_URL is where OPENAI_API_KEY goes, and has no say in the others.
    const to = destination(
      { target },
      { ...keys, ...(target !== 'openai' && { OPENAI_BASE_URL: 'http://127.0.0.1:1' }) },
    );
    expect(to).toMatchObject({ target, dialect, host, apiKey, waits });
    expect('organization' in to).toBe(target === 'openai');
    expect('project' in to).toBe(target === 'openai');
  });

  test('the key of OpenAI goes to no default of another target, with all others unset', () => {
    for (const target of ['azure', 'together', 'mistral', 'nebius']) {
      const only = { OPENAI_API_KEY: 'sk-openai', AZURE_OPENAI_ENDPOINT: keys.AZURE_OPENAI_ENDPOINT };
      expect(() => destination({ target }, only)).toThrow('is not set');
    }
  });

  test('to Azure with a token of Entra ID where there is no key, and with a version', () => {
    const { AZURE_OPENAI_API_KEY: _, ...others } = keys;
    const to = destination(
      { target: 'azure' },
      { ...others, AZURE_OPENAI_AD_TOKEN: 'ey.token', AZURE_OPENAI_API_VERSION: '2025-04-01-preview' },
    );
    expect(to).toMatchObject({
      accessToken: 'ey.token',
      keyName: 'AZURE_OPENAI_AD_TOKEN',
      apiVersion: '2025-04-01-preview',
    });
    expect(to).not.toHaveProperty('apiKey');
  });

  test('the defaults are those of the dialects', async () => {
    const { dialects } = await import('../../uploader/src/dialects/index.js');
    for (const target of ['openai', 'together', 'mistral'] as const) {
      expect(destination({ target }, keys).baseURL).toBe(dialects[target].defaultBaseURL);
    }
  });

  test('the dialects are those that the targets name', async () => {
    const { targets } = await import('@tunegate/validator');
    for (const target of ['openai', 'azure', 'together', 'mistral', 'nebius'] as const) {
      expect(destination({ target }, keys).dialect).toBe(targets[target].dialect);
    }
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
  expect(() => uploadName('a.jsonl', 'openai', path)).toThrow(`--name ${path} does not end in .jsonl`);
});
