import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalFilesServer, startLocalFilesServer } from './index.js';
import { OPERATIONS } from './operation.js';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId?: string;
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: object }>>;
}

const description = JSON.parse(
  readFileSync(new URL('../../../../test-fixtures/api/files-api.openapi.json', import.meta.url), 'utf8'),
) as Description;

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
ajv.addKeyword('components').addKeyword('paths').addKeyword('openapi').addKeyword('info').addKeyword('servers');
ajv.addKeyword('security').addKeyword('tags').addKeyword('content').addKeyword('headers');
ajv.addFormat('binary', true);
ajv.addSchema(description, 'api');

const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    operation.operationId === undefined ? [] : [{ path, method: method.toUpperCase(), ...operation }],
  ),
);
const seen = new Set<string>();
let server: LocalFilesServer;

beforeAll(async () => {
  server = await startLocalFilesServer({ maxFileBytes: 1000 });
});

afterAll(() => server.close());

/** Where the schema of an answer stands in the description; `undefined` for an answer that it does not know. */
function schemaOf(operationId: string, status: number): string | null | undefined {
  const operation = operations.find((it) => it.operationId === operationId);
  const response = operation?.responses[String(status)];
  if (operation === undefined || response === undefined) return undefined;
  const pointer =
    response.$ref ?? `#/paths/${escapePointer(operation.path)}/${operation.method.toLowerCase()}/responses/${status}`;
  const content = response.$ref === undefined ? response.content : {};
  return content !== undefined && 'application/octet-stream' in content
    ? null
    : `api${pointer}/content/application~1json/schema`;
}

const escapePointer = (segment: string) => encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));

const validators = new Map<string, ValidateFunction>();

function validatorOf(reference: string): ValidateFunction {
  const validator = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, validator);
  return validator;
}

/** Sends a request and holds the answer against the description. */
async function call(operationId: string, path: string, init: RequestInit = {}, url = server.url) {
  const method = operations.find((it) => it.operationId === operationId)?.method ?? 'GET';
  const headers = { authorization: 'Bearer k', ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(`${url}${path}`, { method, ...init, headers });
  const reference = schemaOf(operationId, response.status);
  expect(reference, `${operationId} answered ${response.status}, which the description does not know`).toBeDefined();
  seen.add(`${operationId} ${response.status}`);
  expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  if (typeof reference !== 'string') return { status: response.status, text: await response.text(), value: { id: '' } };
  const value: unknown = await response.json();
  const validate = validatorOf(reference);
  validate(value);
  expect(validate.errors ?? [], JSON.stringify(value)).toEqual([]);
  return { status: response.status, text: '', value: value as { id: string; file?: { id: string } } };
}

function fileForm(fields: Readonly<Record<string, string>> = { purpose: 'fine-tune' }, content = '{}\n') {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new File([content], 'train.jsonl'));
  return { body };
}

function partForm(content: string) {
  const body = new FormData();
  body.set('data', new File([content], 'part'));
  return { body };
}

const jsonBody = (value: unknown) => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

describe('every answer of the embedded server is as its OpenAPI description says', () => {
  it('for files', async () => {
    const expiring = { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600' };
    await call('createFile', '/files', fileForm(expiring));
    const { value } = await call('createFile', '/files', fileForm());
    await call('createFile', '/files', fileForm({ purpose: 'none' }));
    await call('createFile', '/files', fileForm({ purpose: 'fine-tune' }, 'x'.repeat(2000)));
    await call('listFiles', '/files');
    await call('listFiles', '/files?limit=1&order=asc&purpose=batch');
    await call('listFiles', '/files?limit=0');
    await call('listFiles', '/files?after=file-none');
    await call('retrieveFile', `/files/${value.id}`);
    await call('retrieveFile', '/files/file-none');
    await call('downloadFile', `/files/${value.id}/content`);
    await call('downloadFile', `/files/${value.id}/content`, { headers: { range: 'bytes=1-1' } });
    await call('downloadFile', `/files/${value.id}/content`, { headers: { range: 'bytes=9-' } });
    await call('downloadFile', '/files/file-none/content');
    await call('deleteFile', `/files/${value.id}`);
    await call('deleteFile', `/files/${value.id}`);
    await call('listFiles', '/files?purpose=vision');
  });

  it('for uploads', async () => {
    const upload = { filename: 'a.jsonl', purpose: 'fine-tune', bytes: 3, mime_type: 'text/jsonl' };
    const { id } = (await call('createUpload', '/uploads', jsonBody(upload))).value;
    await call('createUpload', '/uploads', jsonBody({ ...upload, bytes: -1 }));
    await call('createUpload', '/uploads', jsonBody({ ...upload, filename: 'x'.repeat(1_100_000) }));
    const part = (await call('addUploadPart', `/uploads/${id}/parts`, partForm('abc'))).value;
    await call('addUploadPart', `/uploads/${id}/parts`, partForm(''));
    await call('addUploadPart', '/uploads/upload_none/parts', partForm('abc'));
    await call('addUploadPart', `/uploads/${id}/parts`, partForm('x'.repeat(2000)));
    const md5 = createHash('md5').update('abc').digest('hex');
    await call('completeUpload', `/uploads/${id}/complete`, jsonBody({ part_ids: [] }));
    await call('completeUpload', `/uploads/${id}/complete`, jsonBody({ part_ids: ['x'.repeat(1_100_000)] }));
    await call('completeUpload', `/uploads/${id}/complete`, jsonBody({ part_ids: [part.id], md5 }));
    await call('completeUpload', '/uploads/upload_none/complete', jsonBody({ part_ids: [] }));
    const other = (await call('createUpload', '/uploads', jsonBody(upload))).value;
    await call('cancelUpload', `/uploads/${other.id}/cancel`);
    await call('cancelUpload', `/uploads/${other.id}/cancel`);
    await call('cancelUpload', '/uploads/upload_none/cancel');
  });

  it('for files under way and failed ones', async () => {
    const slow = await startLocalFilesServer({ processing: { polls: 1, fails: { details: 'no' } } });
    try {
      const { value } = await call('createFile', '/files', fileForm(), slow.url);
      await call('retrieveFile', `/files/${value.id}`, {}, slow.url);
      await call('retrieveFile', `/files/${value.id}`, {}, slow.url);
    } finally {
      await slow.close();
    }
  });

  it.each(operations.map(({ operationId, path }) => [operationId ?? '', path]))(
    'for %s without a key',
    async (id, path) => {
      const target = path.replace(/\{\w+\}/, 'x');
      expect((await call(id, target, { headers: { authorization: '' } })).status).toBe(401);
    },
  );

  it('and the description promises nothing that was not seen, but for another host', () => {
    const promised = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).flatMap((status) => (status === '421' ? [] : [`${operationId} ${status}`])),
    );
    expect(promised.filter((it) => !seen.has(it))).toEqual([]);
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      OPERATIONS.filter((name) => name !== 'storeContent' && name !== 'preprocessFile').toSorted(),
    );
  });
});
