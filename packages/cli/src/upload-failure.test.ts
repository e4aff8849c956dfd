import * as uploader from '@tunegate/uploader';
import { expect, test } from 'vitest';
import { uploadFailure } from './upload-failure.js';

const upload = { purpose: 'fine-tune', filename: 'a.jsonl', bytes: 1, sha256: 'c0', startedAt: '', candidates: [] };
const answer = (status: number) => new uploader.ApiError(`${status}`, { status, headers: {} });
const path = 'a.jsonl';

test.each([
  [new uploader.ConfigError('bad', { hint: 'use allowInsecureHttp' }), 2, 'not uploaded: bad', undefined],
  [
    new uploader.ConfigError('apiKey holds a line break', { hint: 'trim it' }),
    2,
    'not uploaded: OPENAI_API_KEY holds a line break',
    'copy the key again: whole, on one line, and nothing else',
  ],
  [
    new uploader.ConfigError('baseURL is http:// and a.example is not this machine', { hint: 'set allowInsecureHttp' }),
    2,
    'not uploaded: the base URL is http:// and a.example is not this machine',
    'give --base-url or OPENAI_BASE_URL an address that begins with https://',
  ],
  [
    new uploader.FileTooLargeError('large', path, { bytes: 2, maxBytes: 1, hint: 'raise maxBytes' }),
    2,
    'not uploaded: large',
    'split the dataset; a server that takes more is a --target compatible',
  ],
  [
    new uploader.TimeoutError('E_TIMEOUT_STALL', 'slow', 1, { hint: 'allow more with timeout.stall' }),
    3,
    'not uploaded: slow',
    'allow more with --timeout SECONDS',
  ],
  [
    new uploader.PermissionDeniedError(
      '403',
      { status: 403, headers: {} },
      { hint: 'check it; one that may upload but not list needs preflight: false' },
    ),
    3,
    'not uploaded: 403',
    'check it; it must be allowed to list files, too',
  ],
  [
    new uploader.ConfigError('the user name or the password of proxy.https is not percent-encoded'),
    2,
    'not uploaded: the user name or the password of HTTPS_PROXY is not percent-encoded',
    expect.stringContaining('%25'),
  ],
  [
    new uploader.TlsError('refused', { hint: 'name it in NODE_EXTRA_CA_CERTS or in the option ca' }),
    3,
    'not uploaded: refused',
    'name it in NODE_EXTRA_CA_CERTS',
  ],
  [
    new uploader.IntegrityError('the content has at least 9 bytes', {
      hint: 'a server that rewrites what it is given may be one: expect: { bytes: null } takes what comes',
    }),
    3,
    'the content has at least 9 bytes',
    'a server that rewrites what it is given may be one',
  ],
  [
    new uploader.ProtocolError('no store', { hint: 'most take --target compatible, or dialect: "generic"' }),
    3,
    'not uploaded: no store',
    'most take --target compatible',
  ],
  [
    new uploader.ConfigError('the dialect "mistral" takes no files in parts', { hint: "leave parts at 'auto'" }),
    2,
    'not uploaded: the dialect "mistral" takes no files in parts',
    'leave out --parts: the file then goes in one request',
  ],
  [new uploader.FileReadError('E_FILE_READ', 'gone', path), 2, 'not uploaded: gone', undefined],
  [new uploader.FileEmptyError('E_FILE_EMPTY', 'empty', path), 2, 'not uploaded: empty', undefined],
  [
    new uploader.FileChangedError('changed', path, {
      expected: { size: 1, sha256: null },
      actual: { size: 2, sha256: null },
    }),
    3,
    'not uploaded: changed',
    expect.any(String),
  ],
  [
    new uploader.ConnectionError('E_CONNECT', 'refused', { bytesSent: 0, bytesTotal: 1, hint: 'start it' }),
    3,
    'not uploaded: refused',
    'start it',
  ],
  [answer(400), 4, 'not uploaded: 400', undefined],
  [answer(413), 4, 'not uploaded: 413', undefined],
  [answer(422), 4, 'not uploaded: 422', undefined],
  [answer(401), 3, 'not uploaded: 401', undefined],
  [answer(403), 3, 'not uploaded: 403', undefined],
  [answer(429), 3, 'not uploaded: 429', undefined],
  [answer(500), 3, 'not uploaded: 500', undefined],
  [
    new uploader.AmbiguousUploadError('lost', upload, { hint: 'list' }),
    3,
    'lost',
    'list: tunegate files list --purpose fine-tune',
  ],
  [
    new uploader.FileProcessingError('bad', { fileId: 'file-1', status: 'error', statusDetails: undefined }),
    4,
    'bad',
    undefined,
  ],
  [new uploader.IntegrityError('differs'), 3, 'differs', undefined],
  [new uploader.AbortedError('stop'), 130, 'interrupted: nothing was uploaded', undefined],
  [
    new uploader.AbortedError('stop', { fileMayExist: true, hint: 'list' }),
    130,
    'interrupted after everything was sent: the server may have made the file',
    'list: tunegate files list',
  ],
  [
    new uploader.AbortedError('stop', { fileId: 'file-1' }),
    130,
    'interrupted: the server had already made file-1',
    undefined,
  ],
])('%o', (error, exitCode, message, help) => {
  expect(uploadFailure(error, uploader)).toMatchObject({ exitCode, message, help, cause: error });
});

test('an error of no known kind comes back as it is', () => {
  const bug = new TypeError('x is not a function');
  expect(uploadFailure(bug, uploader)).toBe(bug);
});

test('advice names the variable that the key came from, and the target', () => {
  const to = { target: 'mistral', keyName: 'MISTRAL_API_KEY' } as const;
  const refused = new uploader.AuthenticationError('401', { status: 401, headers: {} }, { hint: 'check the key' });
  expect(uploadFailure(refused, uploader, { to })).toMatchObject({
    help: 'the key came from MISTRAL_API_KEY; check the key',
  });
  const lost = new uploader.AmbiguousUploadError('lost', upload, { hint: 'list' });
  expect(uploadFailure(lost, uploader, { to })).toMatchObject({
    help: 'list: tunegate files list --purpose fine-tune --target mistral',
  });
  const expiry = new uploader.ConfigError('the dialect "mistral" knows no expiresAfter');
  expect(uploadFailure(expiry, uploader, { to })).toMatchObject({
    message: 'not uploaded: the target mistral knows no --expires-after',
  });
});
