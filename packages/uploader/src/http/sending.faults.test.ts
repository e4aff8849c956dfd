import { readdir, readlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { AuthenticationError, BadRequestError, RequestTooLargeError } from '../api-errors.js';
import { createClientWith } from '../client.js';
import { ConnectionError } from '../connection-errors.js';
import type { CreateFileOptions } from '../create-file-options.js';
import { IntegrityError, UploaderError } from '../errors.js';
import { FileChangedError } from '../file-errors.js';
import type { RetryOptions } from '../retry/policy.js';
import { path, useTemporaryFile } from '../temporary-file.harness.js';
import { goodFilesApi, type RawServer, type Script, tlsFixture } from './raw-server.harness.js';
import { clock, listen, useRawStage } from './raw-stage.harness.js';

/** More than the kernel takes on loopback, so that the server decides how far the body comes. */
const CONTENT = Buffer.alloc(16 * 1024 * 1024, '{"messages":[]}\n');
const NO_PREFLIGHT: CreateFileOptions = { preflight: false };
const SOME = 1_000_000;

let server: RawServer;

useTemporaryFile(CONTENT);
useRawStage();

/** Uploads the file to a server with these scripts, one a connection. */
async function upload(scripts: Script[], options: CreateFileOptions = {}, retry: RetryOptions = {}) {
  server = await listen(scripts);
  const files = createClientWith({ apiKey: SECRET_KEY, baseURL: `http://127.0.0.1:${server.port}/v1`, retry }, clock);
  return files.createFileWithHttpInfo(path, 'fine-tune', { ...NO_PREFLIGHT, ...options });
}

/** Takes one upload and answers it well, if what came is the file, whole and from its first byte. */
const takeTheFile: Script = async (connection) => {
  const body = await connection.wholeRequest();
  const at = body.indexOf(CONTENT.subarray(0, 64));
  const isWhole = body.subarray(at, at + CONTENT.length).equals(CONTENT);
  connection.answer(isWhole ? 200 : 400, JSON.stringify({ id: 'file-1', object: 'file', bytes: CONTENT.length }));
};

const resetAfter =
  (bytes: number): Script =>
  async (connection) => {
    await connection.request(bytes);
    connection.reset();
  };

const finAfter =
  (bytes: number): Script =>
  async (connection) => {
    await connection.request(bytes);
    connection.fin();
    connection.stopReading();
  };

const answerEarly =
  (status: number, body: string, then?: (connection: Parameters<Script>[0]) => void): Script =>
  async (connection) => {
    await connection.request(1);
    connection.answer(status, body);
    then?.(connection);
  };

const envelope = (message: string) => JSON.stringify({ error: { message, type: 'invalid_request_error' } });

/** Nothing is left of an upload: no connection, no timer, no descriptor of the file. */
async function expectNothingLeft() {
  server.readOn();
  await expect.poll(() => server.open()).toBe(0);
  expect(clock.pending()).toEqual([]);
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(numbers.map((it) => readlink(`/proc/self/fd/${it}`).catch(() => '')));
  expect(targets).not.toContain(path);
}

describe('a connection that breaks before the whole body is handed over', () => {
  it.each([
    ['fault 9: reset before the head is answered, H=false: retry, not ambiguous', resetAfter(0)],
    ['fault 10: reset mid-body, H=false: retry from byte 0 with a new generator', resetAfter(SOME)],
    ['fault 11: FIN mid-body: as 10', finAfter(SOME)],
  ])('%s', async (_name, script) => {
    const info = await upload([script, takeTheFile]);
    expect(info.attempts).toMatchObject([
      { attempt: 1, code: 'E_RESET', handedOver: false },
      { attempt: 2, status: 200, bytesSent: CONTENT.length },
    ]);
    expect(info.data.upload.recovered).toBe(false);
    expect(server.connections()).toBe(2);
    await expectNothingLeft();
  });

  it('fault 10: the snapshot is verified again: a file that changed between two tries is not sent', async () => {
    const change: CreateFileOptions = {
      // The retry begins after this returns; the write is synchronous for it.
      onEvent: ({ type }) => {
        if (type === 'attempt-failed') changed ??= writeFile(path, Buffer.alloc(CONTENT.length, 'x'));
      },
    };
    let changed: Promise<void> | undefined;
    const error = await failureOf(upload([resetAfter(SOME), takeTheFile], change), FileChangedError);
    await changed;
    expect(error.code).toBe('E_FILE_CHANGED');
    expect(server.connections()).toBe(2);
    await expectNothingLeft();
  });

  it('fault 13: early 413 then close/RST, response lost: one retry, then ConnectionError with bytesSent and a size-limit hint', async () => {
    const error = await failureOf(upload([resetAfter(SOME)]), ConnectionError);
    expect(error).toMatchObject({ code: 'E_RESET', bytesTotal: expect.any(Number) });
    expect(error.bytesSent).toBeGreaterThan(0);
    expect(error.bytesSent).toBeLessThan(CONTENT.length);
    expect(error.hint).toMatch(/limits the size/);
    expect(error.attempts).toHaveLength(2);
    await expectNothingLeft();
  });

  it('fault 13: early 413 with a reset at its heels: says 413, or that the size may be limited', async () => {
    const reset = answerEarly(413, envelope('too large'), (connection) => connection.reset());
    const error = await failureOf(upload([reset]), UploaderError);
    expect(['E_HTTP', 'E_RESET']).toContain(error.code);
    expect(error.hint).toMatch(/limits the size|takes less/);
    await expectNothingLeft();
  });
});

describe('buffers that are used again', () => {
  it.each([
    ['plain', undefined],
    ['over TLS', 'server.pem'],
  ])('%s: the file arrives byte for byte at a server that reads by fits and starts', async (_name, certificate) => {
    // No two chunks alike: a buffer that was filled too early would show.
    const content = Buffer.alloc(CONTENT.length);
    for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, at);
    await writeFile(path, content);
    let arrived: Buffer | undefined;
    const halting: Script = async (connection) => {
      connection.socket.on('data', () => {
        connection.socket.pause();
        setTimeout(() => connection.socket.resume(), Math.random() < 0.05 ? 5 : 0);
      });
      arrived = await connection.wholeRequest();
      connection.answer(200, '{"id":"file-1","object":"file","bytes":null}');
    };
    server = await listen([halting], certificate);
    const baseURL = `http${certificate === undefined ? '' : 's'}://127.0.0.1:${server.port}/v1`;
    const files = createClientWith({ apiKey: SECRET_KEY, baseURL, ca: tlsFixture('ca.pem') }, clock);
    await files.createFile(path, 'batch', NO_PREFLIGHT);
    const from = arrived?.indexOf(content.subarray(0, 64)) ?? -1;
    expect(arrived?.subarray(from, from + content.length).equals(content)).toBe(true);
  });
});

describe('G3: an answer before the whole body is handed over', () => {
  it.each([
    [413, RequestTooLargeError],
    [400, BadRequestError],
    [401, AuthenticationError],
  ])(
    'fault 12: early %d while we still write, server keeps reading: that status, body parsed, upload stops at once, fd closed',
    async (status, Kind) => {
      let received = () => 0;
      const script = answerEarly(status, envelope('this is why'), (connection) => {
        received = () => connection.received().length;
      });
      const error = await failureOf(upload([script]), Kind);
      expect(error).toMatchObject({ status, type: 'invalid_request_error' });
      expect(error.message).toContain('this is why');
      expect(error.attempts).toMatchObject([{ status, handedOver: false }]);
      await expectNothingLeft();
      expect(received()).toBeLessThan(CONTENT.length);
    },
  );

  it('fault 14: early 200 before H: IntegrityError, not success', async () => {
    const early = answerEarly(200, '{"id":"file-early","object":"file","bytes":null}', (it) => it.stopReading());
    const error = await failureOf(upload([early]), IntegrityError);
    expect(error.message).toBe('the server reported success before it had the whole file');
    expect(error.fileId).toBe('file-early');
    expect(server.connections()).toBe(1);
    await expectNothingLeft();
  });

  it('fault 45: unsolicited 103: ignored', async () => {
    const hints: Script = async (connection) => {
      await connection.request();
      connection.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
      await takeTheFile(connection);
    };
    expect((await upload([hints])).attempts).toHaveLength(1);
  });

  it('fault 45: unsolicited 100: connection error with hint', async () => {
    const proceed: Script = async (connection) => {
      await connection.request();
      connection.write('HTTP/1.1 100 Continue\r\n\r\n');
    };
    const error = await failureOf(upload([proceed]), ConnectionError);
    expect(error.message).toContain('100 Continue');
    expect(error.hint).toContain('Expect: 100-continue');
    expect(error.attempts).toHaveLength(1);
    await expectNothingLeft();
  });
});

describe('G11, fault 44: stall: server stops reading: TimeoutError after 60 s without progress, H=false: retry', () => {
  it('and the next try succeeds', async () => {
    const stops: Script = async (connection) => {
      await connection.request(1);
      connection.stopReading();
    };
    const failures: UploaderError[] = [];
    const uploading = upload([stops, takeTheFile], {
      onEvent: (event) => event.type === 'attempt-failed' && failures.push(event.error),
    });
    await clock.started(60_000);
    clock.advance(59_999);
    await new Promise((later) => setTimeout(later, 20));
    expect(failures).toEqual([]);
    // What the kernel takes may still be going out, and every piece of it starts the minute anew.
    while (failures.length === 0) {
      clock.advance(60_000);
      await new Promise((later) => setTimeout(later, 20));
    }
    const { attempts } = await uploading;
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ took no data for 60 s after \d+ of \d+ bytes$/),
    ]);
    expect(attempts).toMatchObject([{ code: 'E_TIMEOUT_STALL', handedOver: false }, { status: 200 }]);
    await expectNothingLeft();
  });

  it('a server that reads slowly and never stops is waited for, however long it takes', async () => {
    const began = clock.now();
    // Nearly a minute for every piece.
    const info = await upload([takeTheFile], { onProgress: ({ phase }) => phase === 'send' && clock.advance(59_000) });
    expect(info.attempts).toHaveLength(1);
    expect(clock.now() - began).toBeGreaterThan(3_600_000);
  });
});

it('a client that met all this works on: nothing sticks to it', async () => {
  server = await listen([resetAfter(SOME), resetAfter(SOME), answerEarly(413, '{}'), goodFilesApi]);
  const files = createClientWith({ apiKey: SECRET_KEY, baseURL: `http://127.0.0.1:${server.port}/v1` }, clock);
  await failureOf(files.createFile(path, 'batch', NO_PREFLIGHT), ConnectionError);
  await failureOf(files.createFile(path, 'batch', NO_PREFLIGHT), RequestTooLargeError);
  expect((await files.createFile(path, 'batch', NO_PREFLIGHT)).id).toBe('file-1');
});
