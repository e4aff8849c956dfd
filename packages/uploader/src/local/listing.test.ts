import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPage, parseListQuery } from './listing.js';
import { createFileId, isFileId, PURPOSES, parseMetadata, type StoredFile, serializeMetadata } from './stored-file.js';

const files = (count: number): StoredFile[] =>
  Array.from({ length: count }, (_, index) => ({
    id: createFileId(),
    bytes: index,
    created_at: Math.floor(index / 3),
    filename: `${index}.jsonl`,
    purpose: PURPOSES[index % 2] ?? 'fine-tune',
    expires_at: null,
    sequence: index,
  }));

const show = ({ id }: StoredFile) => ({ id });

const query = (text: string) => parseListQuery(new URLSearchParams(text));

describe('pages', () => {
  it('together are the whole list, each file once, for any size, order and purpose', () => {
    const stored = files(23);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('asc', 'desc'),
        fc.constantFrom(undefined, PURPOSES[0]),
        (limit, order, purpose) => {
          const found: string[] = [];
          let after = '';
          for (;;) {
            const page = listPage(
              stored,
              query(`limit=${limit}&order=${order}${purpose ? `&purpose=${purpose}` : ''}${after}`),
              show,
            );
            found.push(...page.data.map((file) => file.id));
            expect(page.last_id).toBe(found.at(-1));
            if (!page.has_more) break;
            expect(page.data).toHaveLength(limit);
            after = `&after=${page.last_id}`;
          }
          const expected = stored
            .filter((file) => purpose === undefined || file.purpose === purpose)
            .map((file) => file.id);
          expect(found).toEqual(order === 'asc' ? expected : expected.reverse());
        },
      ),
      { seed: 20_260_101 },
    );
  });

  it('are of 10,000 unless asked otherwise, and an exact fit has no more', () => {
    const stored = files(10_001);
    expect(listPage(stored, query(''), show).data).toHaveLength(10_000);
    expect(listPage(stored, query(''), show).has_more).toBe(true);
    expect(listPage(stored.slice(1), query(''), show).has_more).toBe(false);
  });
});

describe('a stored file', () => {
  it('has an id nobody else has', () => {
    const ids = Array.from({ length: 1000 }, createFileId);
    expect(ids.every(isFileId)).toBe(true);
    expect(new Set(ids).size).toBe(1000);
    expect(isFileId('file-../../../../../../etc/pass')).toBe(false);
  });

  it('survives its metadata', () => {
    const [file] = files(1);
    expect(file && parseMetadata(serializeMetadata(file))).toEqual(file);
  });

  it.each(['', 'null', '[]', '{}', '{"id":"file-x"}', '"file"'])('is not made of %j', (text) => {
    expect(parseMetadata(text)).toBeUndefined();
  });

  it.each([
    { id: '../x' },
    { bytes: -1 },
    { bytes: '1' },
    { created_at: 1.5 },
    { sequence: null },
    { expires_at: 'never' },
    { filename: 7 },
    { purpose: 5 },
  ])('is not made of metadata with %j', (change) => {
    const [file] = files(1);
    expect(parseMetadata(JSON.stringify({ ...file, ...change }))).toBeUndefined();
  });
});
