import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { NotFoundError, RateLimitError } from '../api-errors.js';
import { createClientWith, createFilesClient, type FilesClient } from '../client.js';
import { ConnectionError, TimeoutError } from '../connection-errors.js';
import { AbortedError, AmbiguousUploadError, UploaderError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import { sleep } from '../retry/sleep.js';
import { directory, path, useTemporaryFile } from '../temporary-file.harness.js';
import { goodFilesApi, type RawServer, type Script, startRawServer } from './raw-server.harness.js';
import { clock, closing, useRawStage } from './raw-stage.harness.js';

/** More than the kernel takes. */
const CONTENT = Buffer.alloc(16 * 1024 * 1024, '{"messages":[]}\n');
const SMALL = { bytes: Buffer.from('{"messages":[]}\n'), filename: 'train.jsonl' };

let server: RawServer;

useTemporaryFile(CONTENT);
useRawStage();

async function listen(...scripts: Script[]): Promise<RawServer> {
  server = closing(await startRawServer(scripts));
  return server;
}

function client(options: Partial<ClientOptions> = {}): FilesClient {
  const baseURL = `http://127.0.0.1:${server.port}/v1`;
  return closing(createClientWith({ apiKey: SECRET_KEY, baseURL, ...options }, { ...clock, sleep }));
}

/**
 * Starts a call, aborts it when it has come as far as the test wants, twice, and checks that it ends by itself: no timer
 * of ours is ever moved, so that whatever waited for one would wait for ever.
 */
async function abortWhen(
  isThere: () => Promise<unknown>,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<AbortedError> {
  const controller = new AbortController();
  const reason = new Error('enough');
  const failing = failureOf(call(controller.signal), AbortedError);
  await isThere();
  controller.abort(reason);
  controller.abort(new Error('again'));
  const error = await failing;
  expect(error.cause).toBe(reason);
  await expectNothingLeft();
  return error;
}

async function expectNothingLeft(): Promise<void> {
  server.readOn();
  await expect.poll(() => server.open()).toBe(0);
  expect(clock.pending()).toEqual([]);
}

const until = (condition: () => boolean) => () => expect.poll(condition).toBe(true);
/** Takes the whole request and says nothing. */
const silent: Script = async (connection) => void (await connection.wholeRequest());
const answerOnce =
  (status: number, body: string, headers: Record<string, string> = {}): Script =>
  async (connection) => {
    await connection.wholeRequest();
    connection.answer(status, body, { connection: 'close', ...headers });
    connection.fin();
  };
const cutOff: Script = async (connection) => {
  await connection.wholeRequest();
  connection.reset();
};
const EMPTY_LIST = '{"object":"list","data":[],"has_more":false}';

describe('G6, fault 56: abort while queued/connecting/sleeping/reconciling: settles at once, and leaves nothing', () => {
  it('queued behind another request of the dispatcher of the caller', async () => {
    await listen(silent);
    const dispatcher = new Agent({ connections: 1, pipelining: 1 });
    closing({ close: () => dispatcher.destroy() });
    const files = client({ dispatcher });
    const first = files.listFiles().catch((error: UploaderError) => error.code);
    await until(() => server.connections() === 1)();
    const controller = new AbortController();
    const second = failureOf(
      files.createFile(SMALL, 'batch', { preflight: false, signal: controller.signal }),
      AbortedError,
    );
    await clock.started(10_000);
    controller.abort();
    expect((await second).fileMayExist).toBe(false);
    await files.close();
    expect(await first).toBe('E_ABORTED');
    expect(clock.pending()).toEqual([]);
  });

  it('hashing, before anything is sent', async () => {
    await listen(goodFilesApi);
    await abortWhen(
      () => Promise.resolve(),
      (signal) => client().createFile(path, 'batch', { signal }),
    );
    expect(server.connections()).toBe(0);
  });

  it.each([
    ['connecting', false],
    ['connecting through a proxy', true],
  ])('%s', async (_name, isProxied) => {
    await listen(() => {});
    const here = `127.0.0.1:${server.port}`;
    const files = client(
      isProxied ? { baseURL: 'https://files.test/v1', proxy: here } : { baseURL: `https://${here}/v1` },
    );
    const connecting = until(() => server.connections() === 1);
    const error = await abortWhen(connecting, (signal) => files.createFile(SMALL, 'batch', { signal }));
    expect(error.fileMayExist).toBe(false);
    await abortWhen(
      until(() => server.connections() === 2),
      (signal) => files.createFile(SMALL, 'batch', { preflight: false, signal }),
    );
  });

  it('listing before the upload', async () => {
    await listen(silent);
    await abortWhen(
      () => clock.started(60_000),
      (signal) => client().createFile(SMALL, 'batch', { signal }),
    );
  });

  it('sending', async () => {
    await listen(async (connection) => {
      await connection.request(1);
      connection.stopReading();
    });
    let isSending = false;
    const error = await abortWhen(
      until(() => isSending),
      (signal) =>
        client().createFile(path, 'batch', {
          signal,
          preflight: false,
          onProgress: ({ phase }) => {
            isSending ||= phase === 'send';
          },
        }),
    );
    expect(error.fileMayExist).toBe(false);
  });

  it('waiting for the answer: says that the file may exist', async () => {
    await listen(silent);
    const error = await abortWhen(
      () => clock.started(600_000),
      (signal) => client().createFile(SMALL, 'batch', { preflight: false, signal }),
    );
    expect(error).toMatchObject({ fileMayExist: true, hint: expect.stringContaining('list the files') });
  });

  it('sleeping before the next try', async () => {
    await listen(answerOnce(429, '{}', { 'retry-after': '100' }));
    let hasFailed = false;
    const error = await abortWhen(
      until(() => hasFailed),
      (signal) =>
        client().createFile(SMALL, 'batch', {
          signal,
          preflight: false,
          onEvent: ({ type }) => {
            hasFailed ||= type === 'attempt-failed';
          },
        }),
    );
    expect(error.fileMayExist).toBe(false);
    expect(server.connections()).toBe(1);
  });

  it('reconciling', async () => {
    await listen(answerOnce(200, EMPTY_LIST), answerOnce(502, ''), silent);
    const error = await abortWhen(
      until(() => server.connections() === 3),
      (signal) => client().createFile(SMALL, 'batch', { signal }),
    );
    expect(error.fileMayExist).toBe(true);
  });

  it('sleeping between two looks', async () => {
    await listen(answerOnce(200, EMPTY_LIST), answerOnce(502, ''), answerOnce(200, EMPTY_LIST));
    const error = await abortWhen(
      until(() => server.connections() === 3 && server.open() === 0),
      (signal) => client().createFile(SMALL, 'batch', { signal }),
    );
    expect(error.fileMayExist).toBe(true);
  });

  const half: Script = async (connection) => {
    await connection.wholeRequest();
    connection.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"id":"file-9","object":"file"');
  };

  it.each<[string, (files: FilesClient, signal: AbortSignal) => Promise<unknown>]>([
    ['a listing', (files, signal) => files.listFiles({}, { signal })],
    ['a download into memory', (files, signal) => files.downloadFile('file-1', { signal })],
    ['a download into a file', (files, signal) => files.downloadFile('file-1', { signal, to: join(directory, 'x') })],
    [
      'a download as a stream',
      async (files, signal) => {
        const { body } = await files.downloadFile('file-1', { signal, stream: true });
        for await (const _chunk of body);
      },
    ],
  ])('reading %s', async (name, call) => {
    await listen(half);
    await abortWhen(
      () => clock.started(60_000).then(() => new Promise((later) => setTimeout(later, 20))),
      (signal) => call(client(), signal),
    );
    expect(name).toBeTruthy();
  });

  it('reading the answer to an upload: after 40 ms of grace, and the id is kept', async () => {
    await listen(half);
    const controller = new AbortController();
    const failing = failureOf(
      client().createFile(SMALL, 'batch', { preflight: false, signal: controller.signal }),
      AbortedError,
    );
    await clock.started(60_000);
    await new Promise((later) => setTimeout(later, 20));
    controller.abort();
    // The rest may still come: fault 57. The grace is the only timer that an abort waits for.
    await clock.runOut(40);
    expect(await failing).toMatchObject({ fileId: 'file-9', fileMayExist: true });
    await expectNothingLeft();
  });
});

describe('G4, fault 57: abort racing with the 200: the id is not lost', () => {
  it('the rest of the answer comes within the grace: the call resolves', async () => {
    let finish: () => void = () => {};
    await listen(async (connection) => {
      await connection.wholeRequest();
      connection.write('HTTP/1.1 200 OK\r\ncontent-length: 32\r\nconnection: close\r\n\r\n{"id":"file-9",');
      finish = () => connection.write('"object":"file"}\n');
    });
    const controller = new AbortController();
    const creating = client().createFile(SMALL, 'batch', { preflight: false, signal: controller.signal });
    await clock.started(60_000);
    controller.abort();
    finish();
    expect((await creating).id).toBe('file-9');
    await expectNothingLeft();
  });

  it('an abort in the very callback that reports the answer', async () => {
    await listen(goodFilesApi);
    const controller = new AbortController();
    const file = await client().createFile(SMALL, 'batch', {
      preflight: false,
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'response') controller.abort();
      },
    });
    expect(file.id).toBe('file-1');
  });
});

describe('G6, fault 58: abort after completion, double abort, already-aborted signal', () => {
  it('already aborted: no request is started, by no operation', async () => {
    await listen(goodFilesApi);
    const files = client();
    const signal = AbortSignal.abort(new Error('never'));
    for (const call of [
      () => files.createFile(SMALL, 'batch', { signal }),
      () => files.createFile(path, 'batch', { signal }),
      () => files.listFiles({}, { signal }),
      () => files.retrieveFile('file-1', { signal }),
      () => files.deleteFile('file-1', { signal }),
      () => files.downloadFile('file-1', { signal }),
      () => files.downloadFile('file-1', { signal, stream: true }),
      () => files.downloadFile('file-1', { signal, to: join(directory, 'never') }),
    ]) {
      expect((await failureOf(call(), AbortedError)).cause).toMatchObject({ message: 'never' });
    }
    expect(server.connections()).toBe(0);
    expect(clock.pending()).toEqual([]);
  });

  it('after completion, twice: nothing happens, and the kept connection stays good', async () => {
    await listen(goodFilesApi);
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    const files = client();
    const controller = new AbortController();
    const { signal } = controller;
    await files.createFile(SMALL, 'batch', { signal });
    await files.listFiles({}, { signal });
    await files.downloadFile('file-1', { signal });
    controller.abort();
    controller.abort(new Error('again'));
    await new Promise((later) => setTimeout(later, 10));
    await files.listFiles();
    process.off('unhandledRejection', note);
    expect(rejections).toEqual([]);
    // The listing before the upload, the upload; everything else on the first one.
    expect(server.connections()).toBe(2);
    await files.close();
    await expectNothingLeft();
  });

  it('of several calls at once each ends, whatever phase it is in', async () => {
    await listen(silent);
    const files = client();
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [
      files.listFiles({}, { signal }),
      files.retrieveFile('file-1', { signal }),
      files.deleteFile('file-1', { signal }),
      files.downloadFile('file-1', { signal }),
      files.createFile(SMALL, 'batch', { signal }),
      files.createFile(path, 'batch', { signal, preflight: false }),
    ].map((call) => failureOf(call, AbortedError));
    await until(() => server.connections() === 6)();
    controller.abort();
    await Promise.all(calls);
    await expectNothingLeft();
  });
});

describe('other ends of a call', () => {
  it('the client is closed: calls that run end, later ones do not begin', async () => {
    await listen(silent);
    const files = client();
    const running = failureOf(files.createFile(SMALL, 'batch'), AbortedError);
    await clock.started(60_000);
    await files.close();
    expect((await running).message).toContain('the client is closed');
    await failureOf(files.listFiles(), AbortedError);
    await expectNothingLeft();
  });

  it('no call leaves a listener on the signal of the caller, however it ends', async () => {
    await listen(answerOnce(200, EMPTY_LIST), answerOnce(200, EMPTY_LIST), answerOnce(404, '{}'), cutOff);
    const { signal } = new AbortController();
    const files = client({ retry: { retries: 0 } });
    await files.listFiles({}, { signal });
    await failureOf(files.createFile(SMALL, 'batch', { signal }), NotFoundError);
    await failureOf(files.deleteFile('file-1', { signal }), ConnectionError);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('a TimeoutError of AbortSignal.timeout is passed on as the cause', async () => {
    await listen(silent);
    const { cause } = await failureOf(client().listFiles({}, { signal: AbortSignal.timeout(1) }), AbortedError);
    expect(cause).toMatchObject({ name: 'TimeoutError' });
  });

  it('a deadline ends the call; after the whole body it is a doubt', async () => {
    await listen(silent);
    const files = client({ timeout: { deadline: 5000 } });
    const listing = failureOf(files.createFile(SMALL, 'batch'), TimeoutError);
    await clock.started(60_000);
    await clock.runOut(5000);
    expect(await listing).toMatchObject({ code: 'E_TIMEOUT_DEADLINE', timeoutMs: 5000 });
    const uploading = failureOf(files.createFile(SMALL, 'batch', { preflight: false }), AmbiguousUploadError);
    await clock.started(600_000);
    await clock.runOut(5000);
    await uploading;
    await expectNothingLeft();
  });

  it('a deadline is not slept into', async () => {
    await listen(answerOnce(429, '{}', { 'retry-after': '100' }));
    const files = client({ timeout: { deadline: 5000 } });
    await failureOf(files.listFiles(), RateLimitError);
    expect(server.connections()).toBe(1);
    expect(clock.pending()).toEqual([]);
  });
});

// Measured only where nothing else runs.
if (process.env.TUNEGATE_FULL === '1') {
  it('fault 56, by the real clock: an abort settles within 50 ms in every phase that waits for a server', async () => {
    await listen(silent);
    const files = client();
    for (const call of [
      (signal: AbortSignal) => files.listFiles({}, { signal }),
      (signal: AbortSignal) => files.createFile(SMALL, 'batch', { signal }),
      (signal: AbortSignal) => files.createFile(SMALL, 'batch', { signal, preflight: false }),
    ]) {
      const controller = new AbortController();
      const failing = failureOf(call(controller.signal), AbortedError);
      await new Promise((later) => setTimeout(later, 100));
      const abortedAt = performance.now();
      controller.abort();
      await failing;
      expect(performance.now() - abortedAt).toBeLessThan(50);
    }
  });

  it('faults 4, 16, 37, 44, by the real clock: every timer ends what it guards', async () => {
    const timeout = { connect: 300, stall: 300, response: 300, body: 300 };
    const drip: Script = async (connection) => {
      await connection.wholeRequest();
      connection.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const dripping = setInterval(() => connection.write(' '), 50);
      connection.socket.on('close', () => clearInterval(dripping));
    };
    const stops: Script = async (connection) => {
      await connection.request(1);
      connection.stopReading();
    };
    const files = (scheme: string) =>
      createFilesClient({
        apiKey: SECRET_KEY,
        baseURL: `${scheme}://127.0.0.1:${server.port}/v1`,
        timeout,
        retry: { retries: 0 },
      });
    const codes: string[] = [];
    for (const [scheme, script, call] of [
      ['https', () => {}, (client: FilesClient) => client.listFiles()],
      ['http', silent, (client: FilesClient) => client.listFiles()],
      ['http', drip, (client: FilesClient) => client.listFiles()],
      ['http', stops, (client: FilesClient) => client.createFile(path, 'batch', { preflight: false })],
      ['http', silent, (client: FilesClient) => client.createFile(SMALL, 'batch', { preflight: false })],
    ] as const) {
      await listen(script);
      codes.push((await failureOf(call(files(scheme)), UploaderError)).code);
      await expectNothingLeft();
    }
    expect(codes).toEqual([
      'E_TIMEOUT_CONNECT',
      'E_TIMEOUT_RESPONSE',
      'E_TIMEOUT_BODY',
      'E_TIMEOUT_STALL',
      'E_AMBIGUOUS',
    ]);
  });
}
