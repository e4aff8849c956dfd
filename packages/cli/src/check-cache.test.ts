import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateFile } from '@tunegate/validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CachedCheck, createCheckCache } from './check-cache.js';
import { BROKEN, GOOD, tunegate } from './run-in-process.harness.js';

let directory: string;
let file: string;
let cacheDirectory: string;
/** Long after everything that was written. */
const later = () => Date.now() + 60_000;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tunegate-cache-'));
  file = join(directory, 'train.jsonl');
  cacheDirectory = join(directory, 'cache');
  writeFileSync(file, BROKEN);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function remember(now = later): Promise<CachedCheck> {
  const cache = createCheckCache(cacheDirectory, { target: 'openai' }, now);
  const before = await cache.begin(file);
  const report = await validateFile(file);
  const check = { diagnostics: report.diagnostics, report };
  await cache.store(file, before, check);
  return check;
}

const find = (options: unknown = { target: 'openai' }, path = file) =>
  createCheckCache(cacheDirectory, options, later).find(path);

describe('a check that was remembered', () => {
  it('is found again, whole', async () => {
    const check = await remember();
    const found = await find();
    expect(found?.diagnostics.length).toBeGreaterThan(1);
    expect(JSON.stringify(found?.report)).toBe(JSON.stringify(check.report));
    expect(JSON.stringify(found?.diagnostics)).toBe(JSON.stringify(check.diagnostics));
  });

  it('is not taken for other options, or for another file', async () => {
    await remember();
    const other = join(directory, 'other.jsonl');
    writeFileSync(other, BROKEN);
    expect(await find({ target: 'azure' })).toBeUndefined();
    expect(await find({ target: 'openai' }, other)).toBeUndefined();
    expect(await find()).toBeDefined();
  });

  it('is not taken when the file changed, be it by one byte of the same size at the same time', async () => {
    await remember();
    const { atime, mtime } = statSync(file);
    writeFileSync(file, BROKEN.replace('10', '01'));
    utimesSync(file, atime, mtime);
    expect(await find()).toBeUndefined();
  });

  it('is taken when only the times of the file changed: the content decides', async () => {
    await remember();
    utimesSync(file, new Date(1_000_000), new Date(2_000_000));
    expect(await find()).toBeDefined();
  });

  it('of a file that was written a moment before is found by its content alone', async () => {
    await remember(() => statSync(file).ctimeMs + 1);
    expect(await find()).toBeDefined();
    const [entry] = readdirSync(cacheDirectory).filter((name) => name.endsWith('.json'));
    expect(readFileSync(join(cacheDirectory, entry!), 'utf8')).not.toContain('"identity"');
  });

  it.each([
    ['cut', (text: string) => text.slice(0, -20)],
    ['changed', (text: string) => text.replace('"errors":', '"errors":9')],
    ['empty', () => ''],
    ['of somebody else', () => '{"hello":1}'],
  ])('is not taken when it is %s', async (_, damage) => {
    await remember();
    const [entry] = readdirSync(cacheDirectory).filter((name) => name.endsWith('.json'));
    const path = join(cacheDirectory, entry!);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(await find()).toBeUndefined();
  });

  it('is not kept when the file changed while it was checked', async () => {
    const cache = createCheckCache(cacheDirectory, {}, later);
    const before = await cache.begin(file);
    const report = await validateFile(file);
    writeFileSync(file, GOOD);
    await cache.store(file, before, { diagnostics: [], report });
    expect(await find({})).toBeUndefined();
  });

  it('is kept where nobody else reads it, and git does not see it', async () => {
    await remember();
    for (const name of readdirSync(cacheDirectory).filter((each) => each.endsWith('.json'))) {
      expect(statSync(join(cacheDirectory, name)).mode & 0o077).toBe(0);
    }
    expect(readFileSync(join(cacheDirectory, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('is lost without a word when the cache cannot be written', async () => {
    writeFileSync(cacheDirectory, 'a file, not a directory');
    await remember();
    expect(await find()).toBeUndefined();
  });
});

it('tunegate check --cache says the same the second time, with the same exit code', async () => {
  const argv = ['check', file, '--no-config', '--cache', '--cache-dir', cacheDirectory, '--format', 'jsonl'];
  const first = await tunegate(argv);
  expect(first.code).toBe(1);
  const second = await tunegate(argv);
  expect(second).toEqual(first);
  writeFileSync(file, GOOD);
  expect((await tunegate(argv)).code).toBe(0);
});

it('a place to remember, and no wish to, is a mistake', async () => {
  expect(await tunegate(['check', file, '--cache-dir', cacheDirectory])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('help: add --cache\n'),
  });
});

describe('tunegate check --cache tells apart', () => {
  const cached = () => ['--no-config', '--cache', '--cache-dir', cacheDirectory];

  it('a file to train on and the same one to validate with: of the first ten examples are wanted', async () => {
    writeFileSync(file, GOOD.split('\n').slice(0, 3).join('\n'));
    expect((await tunegate(['check', '--valid', file, ...cached()])).code).toBe(0);
    expect((await tunegate(['check', file, ...cached()])).code).toBe(1);
    expect((await tunegate(['check', '--valid', file, ...cached()])).code).toBe(0);
  });

  it('two ways to write the same path: findings call the file as it was called', async () => {
    const other = `${directory}/./train.jsonl`;
    await tunegate(['check', file, ...cached()]);
    expect((await tunegate(['check', other, ...cached()])).stdout).toContain(`${other}:`);
  });
});
