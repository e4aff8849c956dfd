import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AuthenticationError,
  createFilesClient,
  type FilesClient,
  NotFoundError,
  UploaderError,
} from '@tunegate/uploader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.harness.js';
import { installedFile, type Program, startProgram } from './program.harness.js';

const KEY = 'sk-third-party';
/** Each one may take its time: a lost answer is looked for four times, the last time after ten seconds. */
const UPLOADS = 6;
let dataset: Dataset;

beforeAll(async () => {
  dataset = await createDataset(200_000, 'Größe 日本.jsonl');
  await mkdir(join(dataset.folder, 'fixtures'));
  await writeFile(join(dataset.folder, 'fixtures/none.json'), '{"fixtures":[]}');
});

afterAll(() => dataset.remove());

const start = (...more: readonly string[]) =>
  startProgram({
    command: process.execPath,
    args: (port) => [
      installedFile('@copilotkit/aimock/dist/cli.js'),
      '-p',
      String(port),
      '-f',
      join(dataset.folder, 'fixtures'),
      ...more,
    ],
    env: { AIMOCK_API_KEYS: KEY },
  });

const clientOf = ({ port }: Program, apiKey = KEY): FilesClient =>
  createFilesClient({
    apiKey,
    baseURL: `http://127.0.0.1:${port}/v1`,
    retry: { baseDelay: 20, maxDelay: 100 },
  });

describe('aimock', () => {
  let aimock: Program;
  beforeAll(async () => {
    aimock = await start();
  });
  afterAll(() => aimock.stop());

  it('holds exactly the bytes and the name that were sent', async () => {
    const client = clientOf(aimock);
    const file = await client.createFile(dataset.path, 'fine-tune');
    expect(file).toMatchObject({ bytes: dataset.content.length, filename: 'Größe 日本.jsonl' });
    expect(file.upload.sha256).toBe(dataset.sha256);
    const journal = await fetch(`http://127.0.0.1:${aimock.port}/__aimock/journal?service=files`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    // Its own account of what arrived.
    expect(await journal.text()).toContain(dataset.sha256);
    expect((await client.downloadFile(file.id)).sha256).toBe(dataset.sha256);
    expect(await client.retrieveFile(file.id)).toMatchObject({ id: file.id, purpose: 'fine-tune' });
    expect((await client.listFiles({ purpose: 'fine-tune' })).data.map(({ id }) => id)).toContain(file.id);
    expect(await client.deleteFile(file.id)).toMatchObject({ deleted: true });
    await expect(client.retrieveFile(file.id)).rejects.toThrow(NotFoundError);
  });

  it('refuses a wrong key before anything is sent', async () => {
    const failure = await clientOf(aimock, 'sk-wrong-key-123456')
      .createFile(dataset.path, 'fine-tune')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(JSON.stringify(failure)).not.toContain('wrong-key');
  });
});

describe('aimock with chaos', () => {
  it.each([
    ['every fourth answer a 500', ['--chaos-drop', '0.25']],
    ['every fourth answer no JSON', ['--chaos-malformed', '0.25']],
    ['every fourth connection cut', ['--chaos-disconnect', '0.25']],
    ['every fourth answer a 429', ['--chaos-ratelimit', '0.25']],
  ])(
    '%s: each upload is there once, or the caller was told',
    async (_, flags) => {
      const aimock = await start(...flags);
      const quiet = clientOf(aimock);
      try {
        let created = 0;
        for (let count = 0; count < UPLOADS; count += 1) {
          const filename = `chaos-${count}.jsonl`;
          const outcome = await clientOf(aimock)
            .createFile(dataset.path, 'fine-tune', { filename, timeout: { deadline: 30_000 } })
            .catch((error: unknown) => error);
          const stored = (await patiently(() => quiet.listFiles())).data.filter((file) => file.filename === filename);
          if (outcome instanceof UploaderError) {
            expect(stored.length, outcome.message).toBeLessThanOrEqual(1);
            if (stored.length === 1) expect(outcome.code).toBe('E_AMBIGUOUS');
          } else {
            created += 1;
            expect(stored.map(({ id }) => id)).toEqual([(outcome as { id: string }).id]);
          }
        }
        // By chance one or another upload is given up; all six never.
        expect(created).toBeGreaterThan(0);
      } finally {
        await aimock.stop();
      }
    },
    180_000,
  );
});

/** The looking itself meets the chaos, too. */
async function patiently<T>(look: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await look();
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}
