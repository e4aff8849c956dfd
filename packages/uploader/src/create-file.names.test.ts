import { describe, expect, it } from 'vitest';
import { resetAfter } from '../../../test-fixtures/src/faults.js';
import { client, server, useFaultServer } from './fault-server.harness.js';

useFaultServer({ hasUploads: true });

const boundaries = () =>
  server.received.flatMap(({ headers }) => /boundary=(.*)$/.exec(headers['content-type'] ?? '')?.[1] ?? []);

describe('fault 63: a file name on the wire', () => {
  it.each([
    ['with quotes', 'a"b".jsonl', 'a"b".jsonl'],
    ['with a backslash', 'C:\\data\\train.jsonl', 'train.jsonl'],
    ['with a line break and a header behind it', 'a\r\nX-Injected: 1.jsonl', 'a\r\nX-Injected: 1.jsonl'],
    ['with NUL', 'a\u0000b.jsonl', 'a_b.jsonl'],
    ['with U+2028', 'a\u2028b.jsonl', 'a\u2028b.jsonl'],
    ['with an emoji', '😀.jsonl', '😀.jsonl'],
    ['of 300 bytes', `${'x'.repeat(294)}.jsonl`, `${'x'.repeat(249)}.jsonl`],
    ['that leads upwards', '../../train.jsonl', 'train.jsonl'],
    ['with half a character', 'a\ud800b.jsonl', 'a\ufffdb.jsonl'],
  ])('%s arrives as one name, in one request and in parts', async (_name, given, sent) => {
    const bytes = { bytes: Buffer.from('{}\n'), filename: given };
    await client().createFile(bytes, 'fine-tune');
    await client().uploadInParts(bytes, 'fine-tune');
    expect([...server.files.values()].map(({ filename }) => filename)).toEqual([sent, sent]);
    expect(server.received.every(({ headers }) => headers['x-injected'] === undefined)).toBe(true);
  });
});

describe('fault 64: the boundary', () => {
  it('is 144 random bits, other ones in every request and every try', async () => {
    server.faults.part.push(resetAfter(0));
    const bytes = { bytes: Buffer.from('{}\n'.repeat(1000)), filename: 'a.jsonl' };
    await client().createFile(bytes, 'fine-tune');
    await client().createFile(bytes, 'fine-tune');
    await client().uploadInParts(bytes, 'fine-tune', { partSize: 1000 });
    const seen = boundaries();
    expect(seen).toHaveLength(2 + 3 + 1);
    expect(new Set(seen).size).toBe(seen.length);
    for (const boundary of seen) expect(boundary).toMatch(/^tunegate-[0-9a-f]{36}$/);
  });

  it('of an earlier request may stand in the data: nothing is cut there', async () => {
    const files = client();
    await files.createFile({ bytes: Buffer.from('{}\n'), filename: 'a.jsonl' }, 'fine-tune');
    const [old] = boundaries();
    const hostile = `\r\n--${old}--\r\n--tunegate-\r\n--\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nx`;
    const { id } = await files.createFile({ bytes: Buffer.from(hostile), filename: 'b.jsonl' }, 'fine-tune');
    expect(server.files.get(id)).toMatchObject({ purpose: 'fine-tune', fields: { purpose: 'fine-tune' } });
    expect(server.files.get(id)?.content?.toString()).toBe(hostile);
  });
});
