import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file to upload, in a folder of its own. */
export interface Dataset {
  readonly path: string;
  readonly content: Buffer;
  readonly sha256: string;
  readonly folder: string;
  remove(): Promise<void>;
}

/** @param bytes about that many */
export async function createDataset(bytes: number, name = 'train.jsonl'): Promise<Dataset> {
  const folder = await mkdtemp(join(tmpdir(), 'tunegate-third-party-'));
  const line = `${JSON.stringify({ messages: [{ role: 'user', content: 'Wie schön, 日本 🙂' }] })}\n`;
  const content = Buffer.from(line.repeat(Math.ceil(bytes / Buffer.byteLength(line))));
  const path = join(folder, name);
  await writeFile(path, content);
  return {
    path,
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
