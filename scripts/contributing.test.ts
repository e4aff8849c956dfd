import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('the commands of CONTRIBUTING.md exist, and need no other pnpm than the pinned one', () => {
  const text = read('CONTRIBUTING.md');
  const { scripts, packageManager } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    packageManager: string;
  };
  const run = [...text.matchAll(/npm (?:run )?([a-z:]+)`/g)].map(([, name = '']) => name).filter((it) => it !== 'run');
  expect(run).toContain('lint');
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(run));
  expect([...text.matchAll(/npx (\S+?)`/g)].map(([, name]) => name)).toEqual([packageManager]);
  // npm runs them, too, on a machine that has no pnpm.
  for (const script of Object.values(scripts)) expect(script).not.toMatch(/\bpnpm /);
});
