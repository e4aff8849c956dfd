import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { errorBody, fileObject } from '../../../../test-fixtures/src/fault-files.js';
import type { Fault } from '../../../../test-fixtures/src/fault-server.js';
import { answer, resetAfter, silence } from '../../../../test-fixtures/src/faults.js';
import { sha256Of } from '../../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { BadRequestError, NotFoundError, ServerError } from '../api-errors.js';
import { createClientWith } from '../client.js';
import { ConnectionError } from '../connection-errors.js';
import type { CreateFileOptions } from '../create-file-options.js';
import { AbortedError, AmbiguousUploadError, ConfigError, IntegrityError } from '../errors.js';
import type { Progress, UploadEvent } from '../events.js';
import { client, runtime, server, useFaultServer } from '../fault-server.harness.js';
import { FileTooLargeError } from '../file-errors.js';
import { createManualClock } from '../manual-clock.harness.js';
import type { ClientOptions } from '../options.js';
import type { Snapshot } from '../source/snapshot.js';
import { directory, path, useTemporaryFile } from '../temporary-file.harness.js';

const PART = 100_000;
/** Four parts and a bit, no two of them alike. */
const CONTENT = Buffer.from(Array.from({ length: 30_000 }, (_, index) => `{"line":${index}}\n`).join(''));
const PARTS = Math.ceil(CONTENT.length / PART);

let events: UploadEvent[];

useTemporaryFile(CONTENT);
useFaultServer({ hasUploads: true });

beforeEach(() => {
  events = [];
});

function upload(options: CreateFileOptions = {}, clientOptions: Partial<ClientOptions> = {}) {
  const onEvent = (event: UploadEvent) => events.push(event);
  return client(clientOptions).uploadInParts(path, 'fine-tune', { partSize: PART, onEvent, ...options });
}

const eventsOf = <Type extends UploadEvent['type']>(type: Type) =>
  events.filter((event): event is Extract<UploadEvent, { type: Type }> => event.type === type);

function onlyUpload() {
  expect(server.uploadsStore.uploads.size).toBe(1);
  const [made] = server.uploadsStore.uploads.values();
  if (made === undefined) throw new Error('no upload');
  return made;
}

function expectStoredOnce(fileId: string): void {
  expect([...server.files.keys()]).toEqual([fileId]);
  expect(sha256Of(server.files.get(fileId)?.content ?? '')).toBe(sha256Of(CONTENT));
}

describe('a file in parts', () => {
  it('arrives byte for byte, with its name, purpose and MD5', async () => {
    const file = await upload();
    expectStoredOnce(file.id);
    expect(file.upload).toEqual({
      sha256: sha256Of(CONTENT),
      bytes: CONTENT.length,
      mode: 'parts',
      recovered: false,
      possibleDuplicates: [],
    });
    const made = onlyUpload();
    expect(made.body).toEqual({
      filename: 'train.jsonl',
      purpose: 'fine-tune',
      bytes: CONTENT.length,
      mime_type: 'text/jsonl',
    });
    expect(made.completion?.md5).toBe(createHash('md5').update(CONTENT).digest('hex'));
    expect(made.completion?.part_ids).toHaveLength(PARTS);
  });

  it('takes a name, a media type and an expiry of the caller', async () => {
    await upload({
      filename: '../a"b\r\n😀.jsonl',
      contentType: 'application/jsonl',
      expiresAfter: { anchor: 'created_at', seconds: 3600 },
    });
    expect(onlyUpload().body).toMatchObject({
      filename: 'a"b\r\n😀.jsonl',
      mime_type: 'application/jsonl',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
  });

  it('may be one part, and may be bytes in memory', async () => {
    const memory = { bytes: CONTENT, filename: 'mem.jsonl' };
    const file = await client().uploadInParts(memory, 'batch');
    expectStoredOnce(file.id);
    expect(server.requests('part')).toHaveLength(1);
  });

  it('sends no more parts at a time than it may', async () => {
    let now = 0;
    let most = 0;
    const counting: Fault = async ({ behave }) => {
      now++;
      most = Math.max(most, now);
      await new Promise((later) => setTimeout(later, 20));
      await behave();
      now--;
    };
    for (let count = 0; count < PARTS; count++) server.faults.part.push(counting);
    await upload({ concurrency: 2 });
    expect(most).toBe(2);
  });

  it('tells how far it is: what is accepted never falls, and ends at the whole', async () => {
    const seen: Progress[] = [];
    server.faults.part.push(resetAfter(50_000));
    await upload({ onProgress: (progress) => seen.push(progress) });
    const accepted = seen.flatMap(({ parts }) => (parts === undefined ? [] : [parts.bytesAccepted]));
    expect(accepted).toEqual([...accepted].sort((a, b) => a - b));
    expect(accepted.at(-1)).toBe(CONTENT.length);
    expect(seen.at(-1)).toMatchObject({ phase: 'done', bytesSent: CONTENT.length });
    expect(eventsOf('part-done').map(({ partsDone }) => partsDone)).toEqual([1, 2, 3, 4, 5].slice(0, PARTS));
  });

  it('is refused above the limit of parts, before it is read and before any network use', async () => {
    const error = await failureOf(upload({ maxBytes: CONTENT.length - 1 }), FileTooLargeError);
    expect(error).toMatchObject({ bytes: CONTENT.length, maxBytes: CONTENT.length - 1 });
    expect(server.connections()).toBe(0);
  });

  it.each([
    [{ partSize: 0 }, 'partSize'],
    [{ partSize: 64 * 1024 * 1024 + 1 }, 'partSize'],
    [{ partSize: 1.5 }, 'partSize'],
    [{ partSize: 10 }, '10000 parts'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ concurrency: 17 }, 'concurrency'],
    [{ stateDir: '' }, 'stateDir'],
  ])('%j is refused before any network use', async (options, named) => {
    const error = await failureOf(upload(options), ConfigError);
    expect(error.message).toContain(named);
    expect(server.connections()).toBe(0);
  });

  it('needs a server that has parts: says so when it has none', async () => {
    server.hasUploads = false;
    const error = await failureOf(upload(), NotFoundError);
    expect(error.hint).toContain('takes no files in parts');
    expect(server.requests('create')).toEqual([]);
  });
});

describe('a part that fails', () => {
  it.each<[string, Fault]>([
    ['fault 10: reset in the middle', resetAfter(50_000)],
    ['fault 34: a 500', answer(500)],
    [
      'fault 77: its answer is lost',
      async ({ behave, response, socket }) => {
        response.end = () => {
          socket.destroy();
          return response;
        };
        await behave();
      },
    ],
    [
      'fault 77: its answer is cut off',
      async ({ readBody, response }) => {
        await readBody();
        response.end('{"id":"par');
      },
    ],
  ])('%s: that part alone is sent again, and the file is made of the parts that are named', async (_name, fault) => {
    server.faults.part.push(fault);
    const file = await upload();
    expectStoredOnce(file.id);
    expect(server.requests('part')).toHaveLength(PARTS + 1);
    expect(eventsOf('attempt-failed')).toHaveLength(1);
    expect(new Set(onlyUpload().completion?.part_ids).size).toBe(PARTS);
  });

  it('is tried three times more, no oftener while no other part gets through', async () => {
    for (let count = 0; count < 10; count++) server.faults.part.push(answer(500));
    await failureOf(upload({ concurrency: 1 }), ServerError);
    expect(server.requests('part')).toHaveLength(4);
    expect(onlyUpload().status).toBe('cancelled');
    expect(server.files.size).toBe(0);
  });

  it('is tried more often while other parts get through', async () => {
    // The first part fails as long as another one is missing; the others get through one by one in between.
    const first: Fault = async (exchange) => {
      const isFirst = (await exchange.readBody()).includes('filename="part-1"');
      const others = server.uploadsStore.parts.size;
      if (!isFirst || others === PARTS - 1) return exchange.behave();
      await expect.poll(() => server.uploadsStore.parts.size, { interval: 1 }).toBeGreaterThan(others);
      return answer(500)(exchange);
    };
    for (let count = 0; count < 3 * PARTS; count++) server.faults.part.push(first);
    const file = await upload({ concurrency: 2, retry: { retries: 1 } });
    expectStoredOnce(file.id);
    const failed = eventsOf('attempt-failed');
    expect(failed.length).toBeGreaterThan(1);
    expect(failed.every(({ part }) => part === 1)).toBe(true);
  });

  it('fault 14: a success before the body is sent is none, and the upload is given up', async () => {
    await writeFile(path, Buffer.alloc(12 * 1024 * 1024, CONTENT));
    server.faults.part.push(async ({ readSome, json, request }) => {
      await readSome(1);
      json(200, { id: 'part_x', object: 'upload.part' });
      request.resume();
    });
    await failureOf(upload({ partSize: 12 * 1024 * 1024 }), IntegrityError);
    expect(onlyUpload().status).toBe('cancelled');
  });

  it('that fails for good ends the others, and the upload is cancelled', async () => {
    server.faults.part.push(({ behave }) => behave(), answer(400, errorBody('no such thing')));
    const error = await failureOf(upload({ concurrency: 1 }), BadRequestError);
    expect(error.message).toContain('no such thing');
    expect(error.attempts).toHaveLength(1);
    expect(server.requests('part')).toHaveLength(2);
    expect(server.requests('cancel')).toHaveLength(1);
    expect(onlyUpload().status).toBe('cancelled');
  });

  it('a cancellation that fails does not hide why the upload failed', async () => {
    server.faults.part.push(answer(400));
    server.faults.cancel.push(answer(403, errorBody('you may not')));
    const error = await failureOf(upload(), BadRequestError);
    expect(error.message).not.toContain('you may not');
    expect(server.requests('cancel')).toHaveLength(1);
  });

  it('a cancellation that gets no answer ends after five seconds', async () => {
    const clock = createManualClock();
    server.faults.part.push(answer(400));
    server.faults.cancel.push(silence);
    const files = createClientWith({ apiKey: SECRET_KEY, baseURL: server.url }, clock);
    const failing = failureOf(files.uploadInParts(path, 'fine-tune', { partSize: PART }), BadRequestError);
    await clock.started(5000);
    await expect.poll(() => server.requests('cancel').length).toBe(1);
    await clock.runOut(5000);
    await failing;
  });
});

describe('fault 77: an upload that has expired', () => {
  it('while parts are sent: a new one is begun, from the first part', async () => {
    server.faults.part.push(
      ({ behave }) => behave(),
      async (exchange) => {
        onlyUpload().status = 'expired';
        await exchange.behave();
      },
    );
    const file = await upload({ concurrency: 1 });
    expectStoredOnce(file.id);
    expect([...server.uploadsStore.uploads.values()].map(({ status }) => status)).toEqual(['expired', 'completed']);
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining('already expired') }]);
  });

  it('when it is to be completed: a new one is begun', async () => {
    server.faults.complete.push(answer(404));
    const file = await upload();
    expectStoredOnce(file.id);
    expect(server.uploadsStore.uploads.size).toBe(2);
  });

  it('again and again: fails in the end', async () => {
    for (let count = 0; count < 10; count++) server.faults.part.push(answer(404, errorBody('No such Upload')));
    await failureOf(upload({ concurrency: 1 }), NotFoundError);
    expect(server.requests('upload')).toHaveLength(3);
  });
});

describe('fault 77: completing', () => {
  const completeThen = (fault: (exchange: Parameters<Fault>[0]) => void): Fault => {
    return async (exchange) => {
      const { response } = exchange;
      response.end = () => {
        fault(exchange);
        return response;
      };
      await exchange.behave();
    };
  };

  it('a wrong MD5 is final: no file, no second try, the upload is cancelled', async () => {
    server.faults.complete.push(answer(400, errorBody('the md5 does not match')));
    await failureOf(upload(), BadRequestError);
    expect(server.requests('complete')).toHaveLength(1);
    expect(onlyUpload().status).toBe('cancelled');
    expect(server.files.size).toBe(0);
  });

  it('G4: its answer holds more than can be shown: the file is the result all the same', async () => {
    server.faults.complete.push(
      completeThen(({ socket }) => {
        const [file] = [...server.files.values()].map(fileObject);
        const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
        const body = JSON.stringify({ id: 'upload_1', file }).replace(/}}$/, `,"more":${deep}}}`);
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      }),
    );
    const file = await upload();
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(false);
  });

  it('its answer is lost: the file is found in the listing and nothing is sent again', async () => {
    server.faults.complete.push(completeThen(({ socket }) => socket.destroy()));
    const file = await upload();
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(true);
    expect(server.requests('complete')).toHaveLength(1);
    expect(eventsOf('reconciled')).toEqual([{ type: 'reconciled', fileId: file.id }]);
  });

  it('it never arrived: nothing is in the listing, and it is asked for again', async () => {
    server.faults.complete.push(({ socket }) => void socket.destroy());
    const file = await upload();
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(false);
    expect(server.requests('complete')).toHaveLength(2);
    expect(runtime.waits).toEqual([2000, 3000, 5000]);
    expect(eventsOf('duplicate-risk')).toEqual([]);
  });

  it('it says that the upload is already completed: the file is looked for again', async () => {
    server.faults.complete.push(completeThen(({ socket }) => socket.destroy()));
    // The listing lags behind until the server was asked a second time.
    const lagging: Fault = ({ json }) => json(200, { object: 'list', data: [], has_more: false });
    server.faults.list.push(({ behave }) => behave(), lagging, lagging, lagging, lagging);
    const file = await upload();
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(true);
    expect(server.requests('complete')).toHaveLength(2);
  });

  it('nothing settles it: says that the file may exist, and names what to look for', async () => {
    server.faults.complete.push(completeThen(({ socket }) => socket.destroy()));
    const error = await failureOf(upload({ preflight: false }), AmbiguousUploadError);
    expect(error).toMatchObject({ filename: 'train.jsonl', bytes: CONTENT.length, sha256: sha256Of(CONTENT) });
    expect(server.requests('cancel')).toEqual([]);
  });

  it('an answer without a file is no success: the file is looked for', async () => {
    server.faults.complete.push(async (exchange) => {
      await completeThen(() => {})(exchange);
      exchange.response.end = Object.getPrototypeOf(exchange.response).end;
      exchange.response.end();
    });
    const file = await upload();
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(true);
  });

  it('fault 19: another size in the answer is an error that names the file', async () => {
    server.faults.complete.push(async ({ readBody, json }) => {
      await readBody();
      const stored = server.store({ content: Buffer.from('x') });
      json(200, { id: 'upload_1', object: 'upload', status: 'completed', file: fileObject(stored) });
    });
    const error = await failureOf(upload(), IntegrityError);
    expect(error).toMatchObject({ fileId: 'file-1', expected: CONTENT.length, actual: 1 });
  });
});

describe('fault 56: an abort in the middle of the parts', () => {
  it('does not wait for a function that never gives its key', async () => {
    const controller = new AbortController();
    const uploading = upload(
      { preflight: false, signal: controller.signal },
      {
        apiKey: () => {
          setTimeout(() => controller.abort(), 5);
          return new Promise<string>(() => {});
        },
      },
    );
    await failureOf(uploading, AbortedError);
    expect(server.connections()).toBe(0);
  });

  it('gives the upload up on the server before it settles, and makes no file', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    server.faults.part.push(
      ({ behave }) => behave(),
      () => controller.abort(reason),
    );
    const error = await failureOf(upload({ concurrency: 1, signal: controller.signal }), AbortedError);
    expect(error).toMatchObject({ fileMayExist: false, cause: reason });
    expect(onlyUpload().status).toBe('cancelled');
    expect(server.files.size).toBe(0);
  });

  it('leaves it there when that is asked for', async () => {
    const controller = new AbortController();
    server.faults.part.push(
      ({ behave }) => behave(),
      () => controller.abort(),
    );
    await failureOf(upload({ concurrency: 1, signal: controller.signal, keepForResume: true }), AbortedError);
    expect(onlyUpload().status).toBe('pending');
  });

  it('after complete was sent: says that the file may exist', async () => {
    const controller = new AbortController();
    server.faults.complete.push(async ({ readBody }) => {
      await readBody();
      controller.abort();
    });
    const error = await failureOf(upload({ signal: controller.signal }), AbortedError);
    expect(error.fileMayExist).toBe(true);
    expect(onlyUpload().status).toBe('pending');
  });
});

describe('G4, fault 57: an abort that meets the answer to complete does not lose the id', () => {
  /** Completes, and sends the first bytes of the answer; the rest when it is told to. */
  const answering = (rest: (send: () => void) => void, cut: (text: string) => number): Fault => {
    return async (exchange) => {
      const { response } = exchange;
      const end = response.end.bind(response) as (text: string) => typeof response;
      response.end = ((text: string) => {
        const at = cut(text);
        response.write(text.slice(0, at));
        rest(() => end(text.slice(at)));
        return response;
      }) as typeof response.end;
      await exchange.behave();
    };
  };
  const abortAtAnswer = (controller: AbortController) => {
    return (event: UploadEvent) => {
      if (event.type === 'response') controller.abort();
    };
  };

  it('when the rest of it arrives in time: the call succeeds', async () => {
    const controller = new AbortController();
    server.faults.complete.push(
      answering(
        (send) => setTimeout(send, 10),
        () => 5,
      ),
    );
    const file = await upload({ signal: controller.signal, onEvent: abortAtAnswer(controller) });
    expectStoredOnce(file.id);
  });

  it('when the rest of it does not come: the error carries the id', async () => {
    const controller = new AbortController();
    server.faults.complete.push(
      answering(
        () => {},
        (text) => text.length - 5,
      ),
    );
    const onEvent = (event: UploadEvent) => {
      if (event.type === 'response') setTimeout(() => controller.abort(), 20);
    };
    const error = await failureOf(upload({ signal: controller.signal, onEvent }), AbortedError);
    expect(error).toMatchObject({ fileId: 'file-1', fileMayExist: true });
    expect(onlyUpload().status).toBe('completed');
  });
});

describe('createFile chooses', () => {
  const create = (options: CreateFileOptions = {}, clientOptions: Partial<ClientOptions> = {}) =>
    client(clientOptions).createFile(path, 'fine-tune', {
      partSize: PART,
      onEvent: (event) => events.push(event),
      ...options,
    });

  it('one request for a small file', async () => {
    expect((await create()).upload.mode).toBe('single');
    expect(server.requests('upload')).toEqual([]);
  });

  it("parts for any file with parts: 'always', in a dialect without them as well", async () => {
    expect((await create({ parts: 'always' })).upload.mode).toBe('parts');
    expect((await create({ parts: 'always' }, { dialect: 'generic' })).upload.mode).toBe('parts');
  });

  it('one request where the server turns out to have no parts, before any of the data is sent', async () => {
    server.hasUploads = false;
    const size = 100_000_000;
    const zeros = Buffer.alloc(1_000_000);
    const hash = createHash('sha256');
    for (let count = 0; count < 100; count++) hash.update(zeros);
    const snapshot: Snapshot = {
      filename: 'zeros.jsonl',
      path: null,
      size,
      sha256: hash.digest('hex'),
      read: async (buffer) => buffer.fill(0).length,
      currentSize: async () => size,
      hasDrifted: async () => false,
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
    server.faults.create.push(async ({ request, json }) => {
      for await (const _chunk of request);
      json(200, fileObject(server.store({ bytes: size, filename: 'zeros.jsonl' })));
    });
    const onEvent = (event: UploadEvent) => events.push(event);
    const file = await client().createFile(snapshot, 'fine-tune', { onEvent });
    expect(file.upload.mode).toBe('single');
    expect(server.received.map(({ operation }) => operation)).toEqual(['list', 'upload', 'create']);
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining('takes no files in parts (404') }]);
  });

  it('neither unknown ways', async () => {
    await failureOf(create({ parts: 'both' as 'auto' }), ConfigError);
    expect(server.connections()).toBe(0);
  });

  it('a refused connection is no sign of a server without parts', async () => {
    await server.close();
    await failureOf(create({ parts: 'always', retry: { retries: 0 } }), ConnectionError);
  });
});

describe('the journal', () => {
  let stateDir: string;

  beforeEach(() => {
    stateDir = join(directory, 'state');
  });

  const journals = async () => (await readdir(stateDir).catch(() => [])).filter((name) => name.endsWith('.json'));
  const journalText = async () => readFile(join(stateDir, (await journals())[0] ?? ''), 'utf8');
  const failAfter = (parts: number) => {
    for (let count = 0; count < parts; count++) server.faults.part.push(({ behave }) => behave());
    for (let count = 0; count < 4; count++) server.faults.part.push(resetAfter(0));
  };
  /** A first call that fails when some parts are there. */
  async function interrupted(parts = 2, options: CreateFileOptions = {}): Promise<void> {
    failAfter(parts);
    await failureOf(upload({ stateDir, concurrency: 1, ...options }), ConnectionError);
    server.faults.part.length = 0;
    events = [];
  }

  it('lets the same call go on where the last one stopped, and is gone after it', async () => {
    await interrupted(2);
    const before = server.requests('part').length;
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(server.requests('part')).toHaveLength(before + PARTS - 2);
    expect(eventsOf('resumed')).toEqual([{ type: 'resumed', partsDone: 2, partsTotal: PARTS }]);
    expect(onlyUpload().status).toBe('completed');
    expect(await readdir(stateDir)).toEqual([]);
  });

  it('is named by the file, is for its owner alone, and holds no key', async () => {
    await interrupted();
    const [name = ''] = await journals();
    expect(name).toMatch(new RegExp(`^${sha256Of(CONTENT)}-[0-9a-f]{32}\\.json$`));
    expect((await stat(join(stateDir, name))).mode & 0o777).toBe(0o600);
    expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
    const text = await journalText();
    for (let at = 0; at + 6 <= SECRET_KEY.length; at++) expect(text + name).not.toContain(SECRET_KEY.slice(at, at + 6));
    expect(await readdir(stateDir)).toEqual([name]);
  });

  it('is gone when there is nothing to go on with: the file changed, or the server refused it', async () => {
    server.faults.complete.push(answer(400, errorBody('the md5 does not match')));
    await failureOf(upload({ stateDir }), BadRequestError);
    expect(await readdir(stateDir)).toEqual([]);
    expect(onlyUpload().status).toBe('cancelled');
  });

  it('fault 77: less than five minutes left: a new upload', async () => {
    server.uploadLifetime = 299;
    await interrupted();
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(server.uploadsStore.uploads.size).toBe(2);
    expect(eventsOf('resumed')).toEqual([]);
  });

  it('fault 62: the expiry goes by the clock of the server', async () => {
    const day = 86_400_000;
    const { now } = runtime;
    runtime.now = () => now() + day;
    await interrupted();
    await upload({ stateDir });
    expect(server.uploadsStore.uploads.size).toBe(1);
  });

  it('fault 77: the server no longer knows the upload: a new one', async () => {
    await interrupted();
    server.uploadsStore.uploads.clear();
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining('no longer knows the upload') }]);
  });

  it('fault 77: the process died while the upload was completed: the file is found, not made twice', async () => {
    server.faults.complete.push(async (exchange) => {
      const { response, socket } = exchange;
      response.end = () => {
        socket.destroy();
        return response;
      };
      await exchange.behave();
    });
    // Nothing can be looked up any more, as after a crash.
    server.faults.list.push(({ behave }) => behave());
    for (let count = 0; count < 8; count++) server.faults.list.push(answer(500));
    await failureOf(upload({ stateDir, retry: { retries: 0 } }), AmbiguousUploadError);
    expect(JSON.parse(await journalText())).toMatchObject({ isCompleting: true });
    server.faults.list.length = 0;

    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(true);
    expect(await readdir(stateDir)).toEqual([]);
  });

  /** A first call whose `complete` was sent and never answered, and that could not look the file up. */
  async function crashedWhileCompleting(doesMakeFile: boolean): Promise<void> {
    server.faults.complete.push(async (exchange) => {
      await exchange.readBody();
      const { response, socket } = exchange;
      response.end = () => {
        socket.destroy();
        return response;
      };
      if (doesMakeFile) await exchange.behave();
      else socket.destroy();
    });
    server.faults.list.push(({ behave }) => behave());
    for (let count = 0; count < 8; count++) server.faults.list.push(answer(500));
    await failureOf(upload({ stateDir, retry: { retries: 0 } }), AmbiguousUploadError);
    server.faults.list.length = 0;
    events = [];
  }

  it('fault 77: the server has forgotten the upload since: the file that it made is found', async () => {
    await crashedWhileCompleting(true);
    server.uploadsStore.uploads.clear();
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(file.upload.recovered).toBe(true);
    expect(server.requests('upload')).toHaveLength(1);
  });

  it('fault 77: the server has forgotten the upload and shows no file: that is told once, then it begins anew', async () => {
    await crashedWhileCompleting(false);
    server.uploadsStore.uploads.clear();
    await failureOf(upload({ stateDir }), AmbiguousUploadError);
    expect(server.requests('upload')).toHaveLength(1);
    expectStoredOnce((await upload({ stateDir })).id);
    expect(server.requests('upload')).toHaveLength(2);
  });

  it('fault 77: it never came to a file: it is put together now, without sending a part', async () => {
    await crashedWhileCompleting(false);
    const sent = server.requests('part').length;
    expectStoredOnce((await upload({ stateDir })).id);
    expect(server.requests('part')).toHaveLength(sent);
    expect(eventsOf('resumed')).toEqual([{ type: 'resumed', partsDone: PARTS, partsTotal: PARTS }]);
  });

  it('fault 78: a key that a function gives is told from another one, too', async () => {
    const keyed = (apiKey: string) =>
      createClientWith({ apiKey: async () => apiKey, baseURL: server.url }, runtime).uploadInParts(path, 'fine-tune', {
        partSize: PART,
        concurrency: 1,
        stateDir,
        preflight: false,
      });
    failAfter(2);
    await failureOf(keyed(SECRET_KEY), ConnectionError);
    server.faults.part.length = 0;
    await keyed('sk-another-key-of-the-same-user');
    expect(server.uploadsStore.uploads.size).toBe(2);
    await keyed(SECRET_KEY);
    expect(server.uploadsStore.uploads.size).toBe(2);
  });

  it.each<[string, (text: string) => string, string]>([
    ['no JSON', () => '{', 'is damaged'],
    ['empty', () => '', 'is damaged'],
    ['another version', (text) => text.replace('"version": 1', '"version": 2'), 'another version'],
    ['another file', (text) => text.replace(sha256Of(CONTENT), sha256Of('x')), 'belongs to another file'],
    ['another account', (text) => text.replace(/"identity": "\w+"/, '"identity": "x"'), 'another server, key'],
    ['another id', (text) => text.replace('"upload_1"', '"../files"'), 'is damaged'],
    ['a part of other bytes', (text) => text.replace(/(?<="length": 100000,\s+"sha256": ")\w/, 'x'), 'is damaged'],
    ['a part less', (text) => text.replace(/,\s*\{\s*"index": 4[^}]*\}/, ''), 'parts of another size'],
  ])('fault 78: %s: ignored with a warning, and the upload begins anew', async (_name, spoil, reason) => {
    await interrupted();
    const [name = ''] = await journals();
    await writeFile(join(stateDir, name), spoil(await journalText()));
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(server.uploadsStore.uploads.size).toBe(2);
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining(reason) }]);
    expect(await readdir(stateDir)).toEqual([]);
  });

  it('fault 78: parts of another size: begins anew', async () => {
    await interrupted();
    await upload({ stateDir, partSize: PART / 2 });
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining('parts of another size') }]);
  });

  it.each<[string, CreateFileOptions, Partial<ClientOptions>]>([
    ['another key', {}, { apiKey: 'sk-another-key-of-the-same-user' }],
    ['another project', {}, { project: 'proj-2' }],
    ['another name', { filename: 'other.jsonl' }, {}],
    ['another expiry', { expiresAfter: { anchor: 'created_at', seconds: 3600 } }, {}],
  ])('fault 78: %s: has a journal of its own', async (_name, options, clientOptions) => {
    await interrupted();
    await upload({ stateDir, ...options }, clientOptions);
    expect(eventsOf('resumed')).toEqual([]);
    expect(server.uploadsStore.uploads.size).toBe(2);
    expect(await journals()).toHaveLength(1);
  });

  it('fault 78: in use: a warning, and an upload without a journal', async () => {
    await interrupted();
    const [name = ''] = await journals();
    await writeFile(
      join(stateDir, `${name}.lock`),
      JSON.stringify({ pid: process.ppid, host: (await import('node:os')).hostname() }),
    );
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining('is in use') }]);
    expect(await journals()).toEqual([name]);
  });

  it('cannot be written: a warning, and the upload goes on', async () => {
    await writeFile(stateDir, 'a file');
    const file = await upload({ stateDir });
    expectStoredOnce(file.id);
    expect(eventsOf('warning')).toMatchObject([{ message: expect.stringContaining('cannot be kept') }]);
  });
});
