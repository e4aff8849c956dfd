import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConfigError, createFilesClient } from '@tunegate/uploader';
import { startLocalFilesServer } from '@tunegate/uploader/local';
import { expect, test } from 'vitest';
import { checkAndUpload, ValidationFailedError } from './index.js';
import { BROKEN, examples, GOOD, KEY } from './run-in-process.harness.js';

test('a dataset without errors is uploaded, one with errors is refused with its report', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunegate-both-'));
  const server = await startLocalFilesServer();
  const upload = { apiKey: KEY, baseURL: server.url };
  try {
    await writeFile(join(folder, 'good.jsonl'), GOOD);
    await writeFile(join(folder, 'broken.jsonl'), BROKEN);

    const { report, file } = await checkAndUpload(join(folder, 'good.jsonl'), { upload });
    expect(report).toMatchObject({ ok: true, examples: 12 });
    expect(file).toMatchObject({ purpose: 'fine-tune', upload: { sha256: report.sha256, bytes: report.bytes } });

    const refused = await checkAndUpload(join(folder, 'broken.jsonl'), { check: { tokens: 'off' }, upload }).catch(
      (error) => error,
    );
    expect(refused).toBeInstanceOf(ValidationFailedError);
    expect(refused.report.byRule).toMatchObject({ 'messages/unknown-role': 1 });
    expect((await createFilesClient(upload).listFiles()).data).toHaveLength(1);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});

test('a compressed file is refused as such: what was checked is not what would be sent', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunegate-both-'));
  try {
    const path = join(folder, 'good.jsonl.gz');
    await writeFile(path, gzipSync(GOOD));
    const upload = { apiKey: KEY, baseURL: 'http://127.0.0.1:1/v1' };
    const refused = await checkAndUpload(path, { check: { tokens: 'off' }, upload }).catch((error) => error);
    expect(refused).toBeInstanceOf(ValidationFailedError);
    expect(refused.report.byRule).toMatchObject({ 'file/compressed': 1 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a wrong option is refused before anything is read, and an abort of the upload ends the check', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunegate-both-'));
  try {
    const path = join(folder, 'large.jsonl');
    await writeFile(path, examples(50_000));
    const baseURL = 'http://127.0.0.1:1/v1';
    const missing = join(folder, 'missing.jsonl');
    await expect(checkAndUpload(missing, { upload: { apiKey: 'a\nb', baseURL } })).rejects.toBeInstanceOf(ConfigError);
    const untyped = checkAndUpload as (path: string, options?: object) => Promise<unknown>;
    for (const options of [undefined, {}]) await expect(untyped(missing, options)).rejects.toBeInstanceOf(ConfigError);

    const interruption = new AbortController();
    const reason = new Error('enough');
    const onProgress = () => interruption.abort(reason);
    const upload = { apiKey: KEY, baseURL, signal: interruption.signal };
    await expect(checkAndUpload(path, { check: { tokens: 'off', onProgress }, upload })).rejects.toBe(reason);
  } finally {
    await rm(folder, { recursive: true });
  }
});
