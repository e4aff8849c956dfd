import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../test-fixtures/src/sha256.js';
import { SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../test-fixtures/src/test-runtime.js';
import { createClientWith } from './client.js';
import type { CreateFileOptions } from './create-file-options.js';
import type { DialectName } from './dialects/dialect.js';
import { AmbiguousUploadError, ProtocolError } from './errors.js';
import type { UploadEvent } from './events.js';
import {
  type FaultPlan,
  type LocalFilesServer,
  type LocalFilesServerOptions,
  startLocalFilesServer,
} from './local/index.js';

/**
 * The client against the embedded server: two readings of the same sources, made apart from each other. What one of them
 * misunderstood shows here.
 */
const LINES = Buffer.from(
  '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'.repeat(20),
);
const FILE = { bytes: LINES, filename: 'train.jsonl' };

let server: LocalFilesServer;
let events: UploadEvent[];

beforeEach(() => {
  events = [];
});

afterEach(() => server.close());

async function start(options: LocalFilesServerOptions, dialect: DialectName = 'openai') {
  server = await startLocalFilesServer(options);
  const { origin } = new URL(server.url);
  const baseURL = dialect === 'azure' ? origin : server.url;
  return createClientWith({ apiKey: SECRET_KEY, dialect, baseURL }, createTestRuntime());
}

const told: CreateFileOptions = { onEvent: (event) => events.push(event) };
const types = () => events.map(({ type }) => type);

describe.each(['openai', 'azure', 'together', 'mistral', 'generic'] as const)('the dialect %s', (dialect) => {
  const local = dialect === 'generic' ? 'openai' : dialect;

  it('goes all the way: create, wait, retrieve, list, download, delete', async () => {
    const files = await start({ dialect: local }, dialect);
    const created = await files.createFile(FILE, 'fine-tune', told);
    expect(created.upload).toMatchObject({ sha256: sha256Of(LINES), bytes: LINES.length, possibleDuplicates: [] });
    const { processing } = await files.waitForProcessing(created.id);
    expect(processing.outcome).toBe(dialect === 'mistral' ? 'unknown' : 'processed');
    expect(await files.retrieveFile(created.id)).toMatchObject({ bytes: LINES.length, filename: 'train.jsonl' });
    const second = await files.createFile({ ...FILE, filename: 'b.jsonl' }, 'fine-tune');
    const third = await files.createFile({ ...FILE, filename: 'c.jsonl' }, 'fine-tune');
    const listed: string[] = [];
    for await (const { id } of files.iterateFiles({ purpose: 'fine-tune', limit: 1 })) listed.push(id);
    expect(listed.sort()).toEqual([created.id, second.id, third.id].sort());
    const { content } = await files.downloadFile(created.id);
    expect(sha256Of(content)).toBe(sha256Of(LINES));
    expect(await files.deleteFile(created.id)).toMatchObject({ id: created.id, deleted: true });
    expect((await files.listFiles()).data.map(({ id }) => id).sort()).toEqual([second.id, third.id].sort());
  });

  it('recovers a file whose answer was lost', async () => {
    const faults: FaultPlan = [{ on: 'createFile', nth: 2, fault: { kind: 'lose-answer' } }];
    const files = await start({ dialect: local, faults }, dialect);
    await files.createFile({ ...FILE, filename: 'first.jsonl' }, 'fine-tune');
    const file = await files.createFile(FILE, 'fine-tune', told);
    // A store leaves no doubt: the entry whose address was lost is without content.
    expect(file.upload.recovered).toBe(dialect !== 'together');
    const named = (await files.listFiles()).data.filter(({ filename, bytes }) => filename === 'train.jsonl' && bytes);
    expect(named).toHaveLength(1);
  });
});

describe('a plan of faults', () => {
  const after = (...plan: FaultPlan): FaultPlan => plan;

  it.each([
    ['15', { kind: 'lose-answer', how: 'close' }],
    ['15', { kind: 'lose-answer', how: 'reset' }],
    ['17', { kind: 'garble', as: 'truncated-json' }],
    ['17', { kind: 'lose-answer', afterBytes: 20 }],
    ['18', { kind: 'garble', as: 'html' }],
    ['18', { kind: 'garble', as: 'empty' }],
    ['18', { kind: 'garble', as: 'array' }],
    ['18', { kind: 'garble', as: 'list' }],
    ['18', { kind: 'garble', as: 'wrong-object' }],
    ['18', { kind: 'garble', as: 'no-id' }],
    ['35', { kind: 'answer', status: 504, takeEffect: true }],
  ] as const)('fault %s: %j: the file is there once and found', async (_number, fault) => {
    const files = await start({ faults: after({ on: 'createFile', fault }) });
    const file = await files.createFile(FILE, 'fine-tune', told);
    expect(file.upload.recovered).toBe(true);
    expect((await files.listFiles()).data.map(({ id }) => id)).toEqual([file.id]);
  });

  it('fault 35: 502 that took no effect: the file is sent once more', async () => {
    const files = await start({ faults: after({ on: 'createFile', fault: { kind: 'answer', status: 502 } }) });
    const file = await files.createFile(FILE, 'fine-tune', told);
    expect(types()).toContain('duplicate-risk');
    expect(file.upload).toMatchObject({ recovered: false, possibleDuplicates: [] });
    expect((await files.listFiles()).data).toHaveLength(1);
  });

  it('fault 60: a listing that shows the file only at the fourth look', async () => {
    const files = await start({
      faults: after(
        { on: 'createFile', fault: { kind: 'lose-answer' } },
        { on: 'listFiles', nth: 2, times: 3, fault: { kind: 'listing', as: 'hide-newest' } },
      ),
    });
    expect((await files.createFile(FILE, 'fine-tune')).upload.recovered).toBe(true);
    expect((await files.listFiles()).data).toHaveLength(1);
  });

  it('fault 60: a listing that shows it too late: it is there twice, and that is said', async () => {
    const files = await start({
      faults: after(
        { on: 'createFile', fault: { kind: 'lose-answer' } },
        { on: 'listFiles', nth: 2, times: 4, fault: { kind: 'listing', as: 'hide-newest' } },
      ),
    });
    const file = await files.createFile(FILE, 'fine-tune', told);
    const ids = (await files.listFiles()).data.map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect([file.id, ...file.upload.possibleDuplicates].sort()).toEqual(ids.sort());
    expect(types()).toEqual(expect.arrayContaining(['duplicate-risk', 'duplicate-found']));
  });

  it('fault 60: a gateway that renames: a doubt, and nothing is sent again', async () => {
    const files = await start(
      {
        faults: after(
          { on: 'createFile', fault: { kind: 'lose-answer' } },
          { on: 'listFiles', times: 'always', fault: { kind: 'rewrite', addBytes: 7 } },
        ),
      },
      'generic',
    );
    const error = await files.createFile(FILE, 'fine-tune').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AmbiguousUploadError);
    expect((error as AmbiguousUploadError).candidates).toHaveLength(1);
  });

  it.each(['empty-page', 'repeated-page'] as const)('fault 73: a listing with an %s ends', async (as) => {
    const files = await start({ faults: after({ on: 'listFiles', times: 'always', fault: { kind: 'listing', as } }) });
    await files.createFile(FILE, 'fine-tune');
    const reading = (async () => {
      for await (const _ of files.iterateFiles({ limit: 1 }));
    })();
    await expect(reading).rejects.toBeInstanceOf(ProtocolError);
  });

  it('fault 71 and 72: deletions whose answers are lost, empty or odd', async () => {
    const files = await start({
      faults: after(
        { on: 'deleteFile', fault: { kind: 'lose-answer' } },
        { on: 'deleteFile', nth: 2, fault: { kind: 'deletion', as: 'no-content' } },
        { on: 'deleteFile', fault: { kind: 'deletion', as: 'file-object' } },
      ),
    });
    const ids = [];
    for (let count = 0; count < 3; count++) ids.push((await files.createFile(FILE, 'fine-tune')).id);
    const gone = [];
    for (const id of ids) gone.push(await files.deleteFile(id));
    expect(gone).toMatchObject([{ deleted: true, alreadyGone: true }, { deleted: true }, { deleted: true }]);
    expect((await files.listFiles()).data).toEqual([]);
  });
});
