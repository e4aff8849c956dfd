import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { targets } from '@tunegate/validator';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';

let root = '';

function write(files: Record<string, string>): string {
  root = mkdtempSync(join(tmpdir(), 'tunegate-config-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the nearest configuration upward', () => {
  it('is taken, and none beside it', async () => {
    write({
      'tunegate.config.json': '{"target":"azure"}',
      'data/tunegate.config.mjs': 'export default {target:"mistral"}',
    });
    mkdirSync(join(root, 'data/train'));
    expect(await loadConfig({}, join(root, 'data/train'))).toEqual({ target: 'mistral' });
    expect(await loadConfig({}, root)).toEqual({ target: 'azure' });
  });

  it('is looked for no higher than the root of the repository', async () => {
    write({ 'tunegate.config.json': '{"target":"azure"}', 'repository/.git': '', 'repository/data/x': '' });
    expect(await loadConfig({}, join(root, 'repository/data'))).toEqual({});
  });

  it('is not read with --no-config, and not looked for with --config', async () => {
    write({ 'tunegate.config.json': 'broken', 'other.json': '{"maxWarnings":3}' });
    expect(await loadConfig({ 'no-config': true }, root)).toEqual({});
    expect(await loadConfig({ config: 'other.json' }, root)).toEqual({ maxWarnings: 3 });
  });

  it.each(['module', 'commonjs'])('may be TypeScript where the project has tsx and is of the type %s', async (type) => {
    write({
      'package.json': JSON.stringify({ type }),
      'tunegate.config.ts': 'import { tokens } from "./tokens.js"; export default { tokens };',
      'tokens.ts': 'export const tokens: string = "off";',
      'node_modules/x': '',
    });
    symlinkSync(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), join(root, 'node_modules/tsx'));
    // Without the types that Node strips itself, in a process that has no loader of the test runner.
    const code = `import { loadConfig } from ${JSON.stringify(new URL('./config.ts', import.meta.url).href)};
      Object.defineProperty(process.features, 'typescript', { value: false });
      console.log(JSON.stringify(await loadConfig({}, ${JSON.stringify(root)})));`;
    writeFileSync(join(root, 'load.mjs'), code);
    const argv = ['--no-warnings', '--import', import.meta.resolve('tsx'), join(root, 'load.mjs')];
    const output = await new Promise((resolve) => {
      execFile(process.execPath, argv, {}, (_, stdout, stderr) => resolve(stdout + stderr));
    });
    expect(output).toBe('{"tokens":"off"}\n');
  });

  it('may be TypeScript where tsx or Node reads it', async () => {
    write({ 'tunegate.config.ts': 'const tokens: string = "off"; export default { tokens };' });
    // The temporary directory has no tsx; this repository has.
    const config = loadConfig({}, root);
    if ('typescript' in process.features) expect(await config).toEqual({ tokens: 'off' });
    else await expect(config).rejects.toMatchObject({ exitCode: 2, help: expect.stringContaining('tsx') });
  });
});

it('may begin with a byte order mark, as editors on Windows write it', async () => {
  write({ 'tunegate.config.json': '\ufeff{"tokens":"off"}' });
  expect(await loadConfig({}, root)).toEqual({ tokens: 'off' });
});

it('may leave a key undefined', async () => {
  write({ 'tunegate.config.mjs': 'export default { ignore: undefined, tokens: "off" }' });
  expect(await loadConfig({}, root)).toEqual({ tokens: 'off' });
});

describe('a configuration that is wrong', () => {
  it.each([
    ['tunegate.yaml', 'is of no known kind', 'its name ends in .ts, .mjs, .js or .json'],
    ['folder', 'is a directory', 'name the file in it'],
  ])('%s is named as such', async (config, message, help) => {
    write({ 'tunegate.yaml': 'target: azure', 'folder/x': '' });
    const attempt = loadConfig({ config }, root);
    await expect(attempt).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message), help });
  });

  it('in its syntax comes with what shows the line', async () => {
    write({ 'tunegate.config.mjs': '\nexport default {;' });
    const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));
    const argv = ['--no-warnings', '--import', import.meta.resolve('tsx'), bin, 'check', 'x.jsonl'];
    // In a process of its own: the test runner loads modules in its own way.
    const stderr = await new Promise((resolve) => {
      execFile(process.execPath, argv, { cwd: root }, (_, __, text) => resolve(text));
    });
    expect(stderr).toMatch(/could not be loaded: Unexpected token ';'\nhelp: node --check .* shows the line\n$/);
  });

  it.each([
    ['{"traget":"azure"}', 'unknown key "traget"', 'did you mean "target"?'],
    ['{"apiKey":"sk-secret"}', 'unknown key "apiKey"', 'OPENAI_API_KEY'],
    ['{"baseURL":"http://x"}', 'unknown key "baseURL"', '--base-url'],
    ['{"select":"tools/*"}', '"select" in tunegate.config.json is not a list of strings', undefined],
    ['{"maxWarnings":-1}', '"maxWarnings" in tunegate.config.json is not a whole number', undefined],
    ['[]', 'is no object', 'it begins with {'],
    ['{', 'could not be loaded', undefined],
  ])('%s is one clear error', async (text, message, help) => {
    write({ 'tunegate.config.json': text });
    const error = await loadConfig({}, root).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
    if (help !== undefined) expect(error).toMatchObject({ help: expect.stringContaining(help) });
    expect(String(error)).not.toContain('sk-secret');
  });

  it('that is missing is named', async () => {
    write({});
    await expect(loadConfig({ config: 'nowhere.json' }, root)).rejects.toThrow(/nowhere\.json does not exist/);
  });

  it('that throws is named, with the reason', async () => {
    write({ 'tunegate.config.mjs': 'throw new Error("no such luck")' });
    await expect(loadConfig({}, root)).rejects.toThrow(/tunegate\.config\.mjs could not be loaded: no such luck/);
    writeFileSync(
      join(root, 'other.mjs'),
      'throw new Error("Transform failed with 1 error:\\nx.ts:1:9: ERROR: a\\nb")',
    );
    await expect(loadConfig({ config: 'other.mjs' }, root)).rejects.toThrow(
      /loaded: Transform .*: x\.ts:1:9: ERROR: a$/,
    );
  });
});

it('has a published schema that knows the same keys and targets', () => {
  const schema = JSON.parse(readFileSync(new URL('../config.schema.json', import.meta.url), 'utf8')) as {
    properties: Record<string, { enum?: string[] }>;
  };
  expect(schema.properties.target?.enum).toEqual(Object.keys(targets));
  // Rules of one's own are code: JSON cannot hold them.
  const known = [
    '$schema',
    'target',
    'model',
    'models',
    'method',
    'tokens',
    'select',
    'ignore',
    'rules',
    'limits',
    'extraKeys',
    'maxLineBytes',
    'maxWarnings',
  ];
  expect(Object.keys(schema.properties).sort()).toEqual(known.sort());
});
