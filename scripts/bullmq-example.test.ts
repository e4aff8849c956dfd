import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../examples/bullmq/', import.meta.url));
const run = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 240_000 });

/** Why the example cannot be run here; `undefined` when it can. */
function missing(): string | undefined {
  if (process.env.TUNEGATE_FULL !== '1')
    return 'it starts servers and waits for dead workers; npm run test:full runs it';
  if (run('redis-server', ['--version']).status !== 0) return 'redis-server is not installed';
  if (existsSync(join(folder, 'node_modules/bullmq'))) return undefined;
  const { status } = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  return status === 0 ? undefined : 'its packages cannot be installed';
}

const reason = missing();
if (reason === undefined) {
  test('shards over a queue, with a worker that dies and a shard that is lost, have the report of the whole', () => {
    const { status, stdout, stderr } = run(process.execPath, ['run.mjs']);
    expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: expect.any(String) });
    expect(stdout).toMatch(/worker \d was killed in the middle of a shard/);
    expect(stdout).toMatch(/part-03: its worker is gone; goes to another/);
    expect(stdout).toMatch(/part-99: given up: .* does not exist/);
    expect(stdout).toContain('equal to the report of the whole dataset');
  }, 300_000);
} else {
  test(`the example of shards over a queue is not run: ${reason}`, () => {
    console.info(`examples/bullmq is not run: ${reason}`);
    expect(existsSync(join(folder, 'run.mjs'))).toBe(true);
  });
}
