import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFilesClient } from '@tunegate/uploader';
import { startLocalFilesServer } from '@tunegate/uploader/local';
import { expect, test } from 'vitest';
import { checkAndUpload, ValidationFailedError } from './index.js';
import { BROKEN, GOOD, KEY } from './run-in-process.harness.js';

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
