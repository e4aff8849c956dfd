import type { FileObject, FilesClient } from '@tunegate/uploader';
import { expect, test } from 'vitest';
import { findExisting } from './existing-file.js';

const WANTED = { purpose: 'fine-tune', filename: 'a.jsonl', bytes: 3, sha256: '0'.repeat(64) };

test('of a file on the server no more is read than the dataset has, however much comes', async () => {
  let sent = 0;
  const client = {
    async *iterateFiles() {
      yield { id: 'file-1', bytes: null, purpose: 'fine-tune' } as unknown as FileObject;
    },
    async downloadFile() {
      const body = (async function* () {
        for (; sent < 100; sent++) yield Buffer.from('ab');
      })();
      return { body };
    },
  } as unknown as FilesClient;
  expect(await findExisting(client, WANTED, 'content', new AbortController().signal)).toBeUndefined();
  expect(sent).toBe(1);
});

test.each(['a"b.jsonl', 'a%22b.jsonl'])(
  'a name with a quote is found as %s, however the server keeps it',
  async (filename) => {
    const client = {
      async *iterateFiles() {
        yield { id: 'file-1', bytes: 3, purpose: 'fine-tune', filename } as unknown as FileObject;
      },
    } as unknown as FilesClient;
    const wanted = { ...WANTED, filename: 'a"b.jsonl' };
    expect(await findExisting(client, wanted, 'name', new AbortController().signal)).toMatchObject({ id: 'file-1' });
  },
);
