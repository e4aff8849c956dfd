import { fillFileName } from '@tunegate/uploader';
import { expect, test } from 'vitest';
import type { Destination } from './destination.js';
import { nameTemplate } from './upload-plan.js';

const TO = { target: 'openai' } as Destination;

test.each(['train.jsonl', '{stem}.jsonl', 'a{sha256:8}.jsonl', '{sha256}.tar.jsonl', 'a{stem}'])(
  'a file that is called %s is sent under that name, not under what it would be as a template',
  (filename) => {
    const template = nameTemplate(`/data/${filename}`, { ...TO, target: 'compatible' }, {});
    expect(fillFileName(template, { filename, sha256: '0'.repeat(64) })).toBe(filename);
  },
);

test('--name is a template', () => {
  expect(nameTemplate('/data/a.jsonl', TO, { name: '{stem}-{sha256:8}.jsonl' })).toBe('{stem}-{sha256:8}.jsonl');
});

test('another extension becomes .jsonl, whatever else is in the name', () => {
  const template = nameTemplate('/data/a{sha256:8}.ndjson', TO, {});
  expect(fillFileName(template, { filename: 'a{sha256:8}.ndjson', sha256: '0'.repeat(64) })).toBe('a{sha256:8}.jsonl');
});
