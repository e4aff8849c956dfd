import { getEventListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answer,
  errorBody,
  type FaultServer,
  failureOf,
  fileObject,
  SECRET_KEY,
  silence,
  startFaultServer,
  storeThen,
} from '../../../test-fixtures/src/fault-server.js';
import { NotFoundError } from './api-errors.js';
import { createFilesClient } from './client.js';
import type { CreateFileOptions } from './create-file-options.js';
import { AbortedError, AmbiguousUploadError, TimeoutError } from './errors.js';
import type { ClientOptions } from './options.js';

/** The promise is 50 ms; a busy machine gets some more. */
const AT_ONCE_MS = 250;

let server: FaultServer;
let directory: string;
let path: string;
/** Accepts connections and says nothing, so that a TLS handshake never ends. */
let mute: Server;
let muteURL: string;
const muteSockets = new Set<Socket>();

beforeEach(async () => {
  server = await startFaultServer();
  directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
  path = join(directory, 'train.jsonl');
  await writeFile(path, '{"messages":[]}\n');
  mute = createServer((socket) => {
    muteSockets.add(socket.on('error', () => {}).on('close', () => muteSockets.delete(socket)));
    socket.resume();
  });
  await new Promise<void>((ready) => mute.listen(0, '127.0.0.1', ready));
  muteURL = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`;
});

afterEach(async () => {
  await server.close();
  for (const socket of muteSockets) socket.destroy();
  await new Promise((closed) => mute.close(closed));
  await rm(directory, { recursive: true });
});

function client(options: Partial<ClientOptions> = {}) {
  return createFilesClient({ apiKey: SECRET_KEY, baseURL: server.url, ...options });
}

/** Uploads, aborts when told, and checks that the call ends at once. */
async function abortedUpload(
  abortWhen: (abort: () => void) => CreateFileOptions,
  options: Partial<ClientOptions> = {},
) {
  const controller = new AbortController();
  const reason = new Error('enough');
  let abortedAt = 0;
  const abort = () => {
    abortedAt = performance.now();
    controller.abort(reason);
  };
  const callOptions = abortWhen(abort);
  const uploading = client(options).createFile(path, 'fine-tune', { ...callOptions, signal: controller.signal });
  const error = await failureOf(uploading, AbortedError);
  expect(performance.now() - abortedAt).toBeLessThan(AT_ONCE_MS);
  expect(error.cause).toBe(reason);
  return error;
}

describe('56: an abort ends the call at once', () => {
  it('while it connects', async () => {
    const whenConnected = (abort: () => void) => {
      mute.once('connection', () => setTimeout(abort, 10));
      return { preflight: false };
    };
    const error = await abortedUpload(whenConnected, { baseURL: muteURL });
    expect(error.fileMayExist).toBe(false);
    await expect.poll(() => muteSockets.size).toBe(0);
  });

  it('while it lists', async () => {
    await abortedUpload((abort) => {
      server.faults.list.push(() => void setTimeout(abort, 10));
      return {};
    });
    expect(server.requests('create')).toHaveLength(0);
  });

  it('while it sends', async () => {
    await writeFile(path, Buffer.alloc(12 * 1024 * 1024, 'x'));
    server.faults.create.push(silence);
    const error = await abortedUpload((abort) => ({
      onProgress: ({ phase }) => {
        if (phase === 'send') setTimeout(abort, 10);
      },
    }));
    expect(error.fileMayExist).toBe(false);
    expect(server.files.size).toBe(0);
  });

  it('while it waits for the answer, and says that the file may exist', async () => {
    const error = await abortedUpload((abort) => {
      server.faults.create.push(storeThen(() => setTimeout(abort, 10)));
      return {};
    });
    expect(error.fileMayExist).toBe(true);
    expect(error.hint).toMatch(/list the files/);
  });

  it('while it waits before the next try', async () => {
    server.faults.create.push(answer(429, errorBody('slow down'), { 'retry-after': '100' }));
    const error = await abortedUpload((abort) => ({
      onEvent: ({ type }) => {
        if (type === 'attempt-failed') setTimeout(abort, 10);
      },
    }));
    expect(error.fileMayExist).toBe(false);
    expect(server.requests('create')).toHaveLength(1);
  });

  it('while it looks for a lost answer', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    const error = await abortedUpload((abort) => {
      server.faults.list.push(
        ({ behave }) => behave(),
        () => void setTimeout(abort, 10),
      );
      return {};
    });
    expect(error.fileMayExist).toBe(true);
  });

  it('while it hashes', async () => {
    await writeFile(path, Buffer.alloc(12 * 1024 * 1024, 'x'));
    await abortedUpload((abort) => {
      setImmediate(abort);
      return {};
    });
    expect(server.connections()).toBe(0);
  });

  it('when the client is closed', async () => {
    const files = client();
    server.faults.list.push(() => files.close());
    const error = await failureOf(files.createFile(path, 'fine-tune'), AbortedError);
    expect(error.message).toContain('the client is closed');
    await failureOf(files.listFiles(), AbortedError);
  });
});

describe('G4, fault 57: an abort that meets the answer does not lose the id', () => {
  it('when the rest of it arrives in time: the call succeeds', async () => {
    const controller = new AbortController();
    server.faults.create.push(
      storeThen(({ response }, file) => {
        const text = JSON.stringify(fileObject(file));
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(text.slice(0, 5));
        setTimeout(() => response.end(text.slice(5)), 15);
      }),
    );
    const file = await client().createFile(path, 'fine-tune', {
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'response') controller.abort();
      },
    });
    expect(file.id).toBe('file-1');
  });

  it('when the rest of it does not come: the error carries the id', async () => {
    const error = await abortedUpload((abort) => {
      server.faults.create.push(
        storeThen(({ response }, file) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write(JSON.stringify(fileObject(file)).slice(0, 40));
        }),
      );
      return {
        onEvent: ({ type }) => {
          if (type === 'response') setTimeout(abort, 20);
        },
      };
    });
    expect(error).toMatchObject({ fileId: 'file-1', fileMayExist: true });
  });
});

describe('58: an abort at another time', () => {
  it('before the call: nothing is sent', async () => {
    const signal = AbortSignal.abort(new Error('never'));
    await failureOf(client().createFile(path, 'fine-tune', { signal }), AbortedError);
    expect(server.connections()).toBe(0);
  });

  it('after the call, twice: nothing happens', async () => {
    const controller = new AbortController();
    const file = await client().createFile(path, 'fine-tune', { signal: controller.signal });
    controller.abort();
    controller.abort();
    await new Promise((later) => setTimeout(later, 10));
    expect(file.id).toBe('file-1');
  });

  it('no call leaves a listener on the signal of the caller, however it ends', async () => {
    const { signal } = new AbortController();
    const files = client();
    await files.createFile(path, 'fine-tune', { signal });
    await failureOf(files.retrieveFile('file-none', { signal }), NotFoundError);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('a TimeoutError of AbortSignal.timeout is passed on as the cause', async () => {
    server.faults.list.push(silence);
    const error = await failureOf(
      client().createFile(path, 'fine-tune', { signal: AbortSignal.timeout(30) }),
      AbortedError,
    );
    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('time limits of our own', () => {
  it('4: a connection that never stands ends after timeout.connect, and is no doubt', async () => {
    const files = client({ baseURL: muteURL, timeout: { connect: 60 }, retry: { retries: 1, baseDelay: 1 } });
    const error = await failureOf(files.createFile(path, 'fine-tune', { preflight: false }), TimeoutError);
    expect(error.code).toBe('E_TIMEOUT_CONNECT');
    expect(error.attempts).toMatchObject([{ handedOver: false }, { handedOver: false }]);
    await expect.poll(() => muteSockets.size).toBe(0);
  });

  it('4: also for a call without a body', async () => {
    const files = client({ baseURL: muteURL, timeout: { connect: 60, response: 60 }, retry: { retries: 0 } });
    await failureOf(files.listFiles(), TimeoutError);
    await expect.poll(() => muteSockets.size).toBe(0);
  });

  it('37: an answer that comes a byte at a time ends after timeout.body', async () => {
    server.faults.list.push(({ response }) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    const files = client({ timeout: { body: 60 }, retry: { retries: 0 } });
    const error = await failureOf(files.listFiles(), TimeoutError);
    expect(error.code).toBe('E_TIMEOUT_BODY');
  });

  it('a deadline ends the call; after the whole body it is a doubt', async () => {
    server.faults.list.push(silence);
    const files = client({ timeout: { deadline: 60 } });
    const error = await failureOf(files.createFile(path, 'fine-tune'), TimeoutError);
    expect(error.code).toBe('E_TIMEOUT_DEADLINE');
    server.faults.create.push(storeThen(() => {}));
    await failureOf(files.createFile(path, 'fine-tune'), AmbiguousUploadError);
  });

  it('a deadline is not slept into', async () => {
    server.faults.list.push(answer(429, errorBody('slow down'), { 'retry-after': '100' }));
    const began = performance.now();
    await failureOf(client({ timeout: { deadline: 5000 } }).listFiles(), Error);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
