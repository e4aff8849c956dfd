import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorBody, fileObject } from '../../../test-fixtures/src/fault-files.js';
import type { Fault } from '../../../test-fixtures/src/fault-server.js';
import { answer, answerEarly, storeThen } from '../../../test-fixtures/src/faults.js';
import { sha256Of } from '../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { createClientWith } from './client.js';
import { AmbiguousUploadError, IntegrityError } from './errors.js';
import type { UploadEvent } from './events.js';
import { client, runtime, server, useFaultServer } from './fault-server.harness.js';
import { LINES, path, useTemporaryFile } from './temporary-file.harness.js';

const SIZE = LINES.length;

useTemporaryFile(LINES);
useFaultServer();

/** The server has the file, and its answer says so in no usable way. */
const LOST_ANSWERS: ReadonlyArray<readonly [string, Fault]> = [
  ['fault 15: full body, then connection closed', storeThen(({ socket }) => socket.destroy())],
  ['fault 16: full body, no response', storeThen(() => {})],
  [
    'fault 17: 200 and truncated JSON',
    storeThen(({ response, socket }, file) => {
      const text = JSON.stringify(fileObject(file));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.write(text.slice(0, -20), () => socket.destroy());
    }),
  ],
  [
    'fault 17: 200 and truncated JSON in an answer that ends well',
    storeThen(({ json }, file) => json(200, JSON.stringify(fileObject(file)).slice(0, 30))),
  ],
  [
    'fault 18: 200 and HTML',
    storeThen(({ json }) => json(200, '<html><title>Welcome</title></html>', { 'content-type': 'text/html' })),
  ],
  ['fault 18: 200 and nothing', storeThen(({ json }) => json(200, ''))],
  ['fault 18: 200 and an array', storeThen(({ json }) => json(200, []))],
  ['fault 18: 200 and a list object', storeThen(({ json }) => json(200, { object: 'list', data: [], id: 'list-1' }))],
  ['fault 18: 200 and another object', storeThen(({ json }) => json(200, { object: 'upload', id: 'upload_1' }))],
  ['fault 18: 200 and no id', storeThen(({ json }) => json(200, { object: 'file', bytes: SIZE }))],
  ['fault 35: 500 after the full body', storeThen(({ json }) => json(500, errorBody('oops')))],
  [
    'fault 35: 504 from a proxy after the full body',
    storeThen(({ json }) => json(504, '<html><title>504 Gateway Time-out</title></html>')),
  ],
  [
    'fault 36: 500 with x-should-retry: true skips no look',
    storeThen(({ json }) => json(500, errorBody('oops'), { 'x-should-retry': 'true' })),
  ],
  ['39: a compressed answer', storeThen(({ json }) => json(200, 'x', { 'content-encoding': 'gzip' }))],
];

describe('G2: a lost answer', () => {
  it.each(LOST_ANSWERS)('%s: the file is found in the listing and not sent again', async (_name, fault) => {
    server.faults.create.push(fault);
    const events: string[] = [];
    const file = await client({ timeout: { response: 100 } }).createFile(path, 'fine-tune', {
      onEvent: ({ type }) => events.push(type),
    });
    expect(file).toMatchObject({ id: 'file-1', upload: { recovered: true, sha256: sha256Of(LINES) } });
    expect(events).toContain('ambiguous');
    expect(events.at(-1)).toBe('reconciled');
    expect(server.requests('create')).toHaveLength(1);
    expect(server.files.size).toBe(1);
  });

  it('fault 35: a 502 that begins early and ends when the server has everything is looked up, too', async () => {
    // More than the buffers of both sides hold: the head of the answer comes while the body is still being sent.
    await writeFile(path, LINES.repeat(20_000));
    server.faults.create.push(async ({ readSome, readAndStore, response }) => {
      await readSome(1);
      response.writeHead(502, { 'content-type': 'application/json' }).write('{"error":');
      await readAndStore();
      response.end('{"message":"upstream"}}');
    });
    const file = await client().createFile(path, 'fine-tune');
    expect(file).toMatchObject({ id: 'file-1', upload: { recovered: true } });
    expect(server.requests('create')).toHaveLength(1);
  });

  it('fault 59: twins that were there before are not mistaken for it', async () => {
    const form = { content: Buffer.from(LINES), purpose: 'fine-tune' };
    server.store(form);
    server.store(form);
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    expect((await client().createFile(path, 'fine-tune')).id).toBe('file-3');
  });

  it('fault 59: an old twin that slides onto the first page is not mistaken for it', async () => {
    server.store({ content: Buffer.from(LINES), purpose: 'fine-tune' });
    for (let count = 0; count < 100; count++) server.store({ filename: 'other.jsonl' });
    server.faults.create.push(async ({ readBody, socket }) => {
      await readBody();
      for (let count = 2; count < 90; count++) server.files.delete(`file-${count}`);
      socket.destroy();
    });
    // None of the listed ones is new: it is sent again, and the old twin is no duplicate of it either.
    const file = await client().createFile(path, 'fine-tune');
    expect(file).toMatchObject({ id: 'file-102', upload: { recovered: false, possibleDuplicates: [] } });
  });

  it('fault 59: it is found on a later page of a listing that ignores the order', async () => {
    const backwards: Fault = ({ request, json }) => {
      const query = new URL(request.url ?? '', server.url).searchParams;
      const all = [...server.files.values()].map(fileObject);
      const from = all.findIndex(({ id }) => id === query.get('after')) + 1;
      json(200, { object: 'list', data: all.slice(from, from + 10), has_more: from + 10 < all.length });
    };
    for (let count = 0; count < 25; count++) server.store({ filename: 'other.jsonl' });
    for (let count = 0; count < 6; count++) server.faults.list.push(backwards);
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    expect((await client().createFile(path, 'fine-tune')).id).toBe('file-26');
    expect(server.requests('list').map(({ url }) => new URL(url, server.url).searchParams.get('after'))).toEqual([
      ...[null, 'file-10', 'file-20'],
      ...[null, 'file-10', 'file-20'],
    ]);
  });

  it('G8: a listing that asks for a pause is left alone for so long', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    server.faults.list.push(({ behave }) => behave(), answer(429, errorBody('slow'), { 'retry-after': '60' }));
    expect((await client().createFile(path, 'fine-tune')).upload.recovered).toBe(true);
    expect(runtime.waits).toEqual([60_000]);
  });

  it('G8: a listing that asks for more than is waited for is not asked again', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    server.faults.list.push(({ behave }) => behave(), answer(429, errorBody('slow'), { 'retry-after': '900' }));
    const error = await failureOf(client().createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect(error.message).toContain('the listing cannot be had');
    expect(runtime.waits).toEqual([]);
    expect(server.requests('list')).toHaveLength(2);
  });

  it('G3: what is described when the file is asked for by its id must have that id', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    server.faults.retrieve.push(answer(200, { id: 'file-other', object: 'file', bytes: SIZE }));
    const error = await failureOf(client().createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect(error.candidates).toEqual(['file-1']);
  });

  it('fault 59: a name with a quote is recognised in both of its forms', async () => {
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        file.filename = 'a%22b.jsonl';
        socket.destroy();
      }),
    );
    expect((await client().createFile(path, 'fine-tune', { filename: 'a"b.jsonl' })).upload.recovered).toBe(true);
  });

  it('fault 60: a listing that lags behind is asked again after 2, 5 and 10 seconds', async () => {
    let stored: (() => void) | undefined;
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        server.files.delete(file.id);
        stored = () => server.files.set(file.id, file);
        socket.destroy();
      }),
    );
    const late: Fault = ({ behave }) => {
      stored?.();
      return behave();
    };
    const now: Fault = ({ behave }) => behave();
    server.faults.list.push(now, now, now, now, late);
    expect((await client().createFile(path, 'fine-tune')).upload.recovered).toBe(true);
    expect(runtime.waits).toEqual([2000, 3000, 5000]);
  });

  it('fault 60: two in the listing: names both', async () => {
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        server.store({ ...file, id: 'file-twin' });
        socket.destroy();
      }),
    );
    const error = await failureOf(client().createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect([...error.candidates].sort()).toEqual(['file-1', 'file-twin']);
    expect(server.requests('create')).toHaveLength(1);
  });

  it('fault 60: one in the listing, of unknown size: names it and claims nothing', async () => {
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        file.bytes = null;
        socket.destroy();
      }),
    );
    const error = await failureOf(client().createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect(error.candidates).toEqual(['file-1']);
  });

  it('fault 60: the listing fails: says so', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    server.faults.list.push(({ behave }) => behave(), answer(500), answer(500), answer(404), answer(500));
    const error = await failureOf(client().createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect(error.message).toContain('the listing cannot be had or trusted');
  });

  it('fault 60: the listing was not to be had before: the answer is a doubt at once', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    server.faults.list.push(answer(404));
    const events: UploadEvent[] = [];
    const uploading = client().createFile(path, 'fine-tune', { onEvent: (event) => events.push(event) });
    const error = await failureOf(uploading, AmbiguousUploadError);
    expect(error.message).toContain('what was there before is not known');
    expect(events[0]).toMatchObject({ type: 'preflight', isBaselineKnown: false });
    expect(server.requests('list')).toHaveLength(1);
  });

  it('preflight: false: no listing, and every lost answer is a doubt', async () => {
    server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
    const uploading = client().createFile(path, 'fine-tune', { preflight: false });
    await failureOf(uploading, AmbiguousUploadError);
    expect(server.requests('list')).toHaveLength(0);
    expect(server.requests('create')).toHaveLength(1);
  });

  it('fault 73: a listing that promises more for ever ends', async () => {
    const endless: Fault = ({ json }) => json(200, { object: 'list', data: [{ id: 'file-x' }], has_more: true });
    const empty: Fault = ({ json }) => json(200, { object: 'list', data: [], has_more: true });
    server.faults.list.push(endless, endless);
    expect((await client().createFile(path, 'fine-tune')).id).toBe('file-1');
    server.faults.list.push(empty);
    expect((await client().createFile(path, 'fine-tune')).id).toBe('file-2');
    expect(server.requests('list')).toHaveLength(3);
  });

  it('fault 61: two uploads of the same file at once: neither takes the file of the other', async () => {
    let markStored = () => {};
    const stored = new Promise<void>((resolve) => {
      markStored = resolve;
    });
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.faults.create.push(
      // The first gets nothing stored and no answer; the second is stored, and answered only when the first has looked.
      async ({ readBody, socket }) => {
        await readBody();
        socket.destroy();
      },
      async ({ readAndStore, json }) => {
        const file = await readAndStore();
        markStored();
        await released;
        json(200, fileObject(file));
      },
    );
    const files = client();
    const first = files.createFile(path, 'fine-tune', {
      onEvent: ({ type }) => {
        if (type !== 'ambiguous') return;
        // The first looks when the second is there, however slow the machine is.
        server.faults.list.push(async ({ json }) => {
          await stored;
          json(200, { object: 'list', data: [...server.files.values()].map(fileObject), has_more: false });
        });
        second = files.createFile(path, 'fine-tune', { preflight: false });
      },
    });
    let second: ReturnType<typeof files.createFile> | undefined;
    const looked = failureOf(first, AmbiguousUploadError).finally(release);
    await looked;
    expect((await second)?.id).toBe('file-1');
  });

  it('fault 61: the file of a sibling that has its answer is not claimed again', async () => {
    const files = client();
    server.faults.create.push(async (exchange) => {
      await exchange.readBody();
      await files.createFile(path, 'fine-tune', { preflight: false });
      exchange.socket.destroy();
    });
    const file = await files.createFile(path, 'fine-tune');
    expect(file).toMatchObject({ id: 'file-2', upload: { recovered: false, possibleDuplicates: [] } });
    expect(server.files.size).toBe(2);
  });

  it('fault 61: two at once, one of them answered: the lost one finds its own', async () => {
    const files = client();
    const lost: Fault = storeThen(({ socket }) => socket.destroy());
    let second: ReturnType<typeof files.createFile> | undefined;
    server.faults.create.push(async (exchange) => {
      second = files.createFile(path, 'fine-tune', { preflight: false });
      await second;
      await lost(exchange);
    });
    const first = await files.createFile(path, 'fine-tune');
    expect([(await second)?.id, first.id]).toEqual(['file-1', 'file-2']);
    expect(first.upload.recovered).toBe(true);
    expect(server.files.size).toBe(2);
  });

  it('fault 61: two at once, both answers lost: both ids are reported by both', async () => {
    let arrived = 0;
    let release = () => {};
    const bothAreThere = new Promise<void>((resolve) => {
      release = resolve;
    });
    const lost = storeThen(async ({ socket }) => {
      if (++arrived === 2) release();
      await bothAreThere;
      socket.destroy();
    });
    server.faults.create.push(lost, lost);
    const files = client();
    const errors = await Promise.all(
      [1, 2].map(() => failureOf(files.createFile(path, 'fine-tune'), AmbiguousUploadError)),
    );
    for (const error of errors) expect([...error.candidates].sort()).toEqual(['file-1', 'file-2']);
    expect(server.files.size).toBe(2);
  });

  it.each([-86_400_000, 86_400_000])(
    'fault 62: a clock of this machine that is wrong by %i ms has no effect',
    async (skew) => {
      const skewed = { ...runtime, now: () => runtime.now() + skew };
      server.store({ content: Buffer.from(LINES), purpose: 'fine-tune' });
      server.faults.create.push(storeThen(({ socket }) => socket.destroy()));
      const files = createClientWith({ apiKey: SECRET_KEY, baseURL: server.url }, skewed);
      expect(await files.createFile(path, 'fine-tune')).toMatchObject({ id: 'file-2', upload: { recovered: true } });
    },
  );

  it('fault 62: a machine of the provider whose clock is behind has no effect', async () => {
    for (let count = 0; count < 150; count++)
      server.store({ filename: 'other.jsonl', created_at: 1_800_000_000 + count });
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        file.created_at = 1_800_000_149 - 200;
        socket.destroy();
      }),
    );
    expect(await client().createFile(path, 'fine-tune')).toMatchObject({ id: 'file-151', upload: { recovered: true } });
  });
});

describe('a success that cannot be one', () => {
  it('14: before the body is sent: is no success, and is not sent again', async () => {
    await writeFile(path, Buffer.alloc(12 * 1024 * 1024, LINES));
    server.faults.create.push(answerEarly(200, { id: 'file-early', object: 'file', bytes: 1 }));
    const error = await failureOf(client().createFile(path, 'fine-tune'), IntegrityError);
    expect(error.message).toBe('the server reported success before it had the whole file');
    expect(error).toMatchObject({
      fileId: 'file-early',
      hint: expect.stringContaining('file-early'),
      retryable: false,
    });
    expect(server.requests('create')).toHaveLength(1);
    // Whatever the listing says, nothing there can be the file: it is not even looked at again.
    expect(server.requests('list')).toHaveLength(1);
  });

  it('fault 19: 200 and another number of bytes: is an error that names the file', async () => {
    server.faults.create.push(storeThen(({ json }, file) => json(200, { ...fileObject(file), bytes: 17 })));
    const error = await failureOf(client().createFile(path, 'fine-tune'), IntegrityError);
    expect(error).toMatchObject({ fileId: 'file-1', expected: SIZE, actual: 17, retryable: false });
    expect(server.requests('create')).toHaveLength(1);
    expect(server.files.size).toBe(1);
  });
});
