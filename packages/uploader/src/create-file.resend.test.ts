import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '../../../test-fixtures/src/fault-files.js';
import { type Fault, type StoredFile, startFaultServer } from '../../../test-fixtures/src/fault-server.js';
import { answer, resetAfter, storeThen } from '../../../test-fixtures/src/faults.js';
import { sha256Of } from '../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../test-fixtures/src/test-runtime.js';
import { createClientWith, createFilesClient } from './client.js';
import type { CreateFileOptions } from './create-file-options.js';
import { AbortedError, AmbiguousUploadError, IntegrityError, UploaderError } from './errors.js';
import type { UploadEvent } from './events.js';
import { client, runtime, server, useFaultServer } from './fault-server.harness.js';
import type { ClientOptions } from './options.js';
import { LINES, path, useTemporaryFile } from './temporary-file.harness.js';
import type { CreatedFile } from './types.js';

const SIZE = LINES.length;
const IS_FULL = process.env.TUNEGATE_FULL === '1';

let events: UploadEvent[];

useTemporaryFile(LINES);
useFaultServer();

beforeEach(() => {
  events = [];
});

function upload(options: CreateFileOptions = {}, clientOptions: Partial<ClientOptions> = {}): Promise<CreatedFile> {
  return client(clientOptions).createFile(path, 'fine-tune', { onEvent: (event) => events.push(event), ...options });
}

const types = () => events.map(({ type }) => type);
/** The clock of the machine is set on or back again and again. @param ms - By how much, between any two looks. */
function jumping(ms: number) {
  let looks = 0;
  return { ...runtime, now: () => runtime.now() + ms * looks++ };
}
const behave: Fault = ({ behave }) => behave();

/** The whole body was taken, and thrown away. */
const lostAndGone: Fault = async ({ readBody, socket }) => {
  await readBody();
  socket.destroy();
};
const lostAndKept: Fault = storeThen(({ socket }) => socket.destroy());

describe('G2, fault 60: a lost answer, and none in the listing', () => {
  it('is sent once more, after four looks, and says so', async () => {
    server.faults.create.push(lostAndGone);
    const file = await upload();
    expect(file).toMatchObject({ id: 'file-1', upload: { recovered: false, possibleDuplicates: [] } });
    expect(sha256Of(server.files.get('file-1')?.content ?? '')).toBe(sha256Of(LINES));
    expect(runtime.waits).toEqual([2000, 3000, 5000]);
    expect(types()).toEqual([
      ...['preflight', 'attempt-start', 'ambiguous'],
      ...['duplicate-risk', 'attempt-start', 'response'],
    ]);
    // Before, four looks, and one afterwards for a late twin.
    expect(server.requests('list')).toHaveLength(6);
    expect(server.requests('create')).toHaveLength(2);
  });

  it('and a late twin is reported, not deleted', async () => {
    let late: StoredFile | undefined;
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        server.files.delete(file.id);
        late = file;
        socket.destroy();
      }),
      storeThen(({ behave: _behave, json }, file) => {
        if (late !== undefined) server.files.set(late.id, late);
        json(200, { ...file, object: 'file', content: undefined });
      }),
    );
    const file = await upload();
    expect(file).toMatchObject({ id: 'file-2', upload: { possibleDuplicates: ['file-1'] } });
    expect(events.at(-1)).toEqual({ type: 'duplicate-found', fileIds: ['file-2', 'file-1'] });
    expect(server.files.size).toBe(2);
  });

  it('twice: is found after the second sending, or is a doubt that says so, but is never sent a third time', async () => {
    server.faults.create.push(lostAndGone, lostAndKept);
    expect(await upload()).toMatchObject({ id: 'file-1', upload: { recovered: true, possibleDuplicates: [] } });
    server.files.clear();
    server.faults.create.push(lostAndGone, lostAndGone);
    const error = await failureOf(upload(), AmbiguousUploadError);
    expect(error.message).toMatch(/sent twice .* may be on the server, even twice: the listing does not show it/);
    expect(error.attempts).toMatchObject([
      { attempt: 1, handedOver: true },
      { attempt: 2, handedOver: true },
    ]);
    expect(server.requests('create')).toHaveLength(4);
    expect(server.files.size).toBe(0);
  });

  it('carries all that is needed to look by hand', async () => {
    server.faults.create.push(lostAndGone);
    const error = await failureOf(upload({ retry: { retries: 0 } }), AmbiguousUploadError);
    expect(error).toMatchObject({
      code: 'E_AMBIGUOUS',
      purpose: 'fine-tune',
      filename: 'train.jsonl',
      bytes: SIZE,
      sha256: sha256Of(LINES),
      startedAt: new Date(runtime.now() - 10_000).toISOString(),
      candidates: [],
      cause: { code: 'E_RESET' },
      attempts: [{ attempt: 1, code: 'E_RESET', handedOver: true }],
    });
    expect(error.hint).toBe(`list the files with purpose fine-tune and look for train.jsonl with ${SIZE} bytes`);
  });

  it.each([
    ['no retries are allowed', answer(500), { retry: { retries: 0 } }],
    ['the server says that it should not be', answer(500, errorBody('no'), { 'x-should-retry': 'false' }), {}],
    ['no waiting helps', answer(501), {}],
    ['the server asks for too long a wait', answer(500, errorBody('no'), { 'retry-after': '900' }), {}],
    ['the budget is used up', answer(500), { retry: { budget: 5000 } }],
    ['the deadline is near', answer(500, errorBody('no'), { 'retry-after': '60' }), { timeout: { deadline: 30_000 } }],
  ] satisfies ReadonlyArray<readonly [string, Fault, CreateFileOptions]>)(
    'is not sent again when %s',
    async (_why, fault, options) => {
      server.faults.create.push(fault);
      const error = await failureOf(upload(options), AmbiguousUploadError);
      expect(error.message).toContain('no further try is allowed');
      expect(server.requests('create')).toHaveLength(1);
      expect(types()).not.toContain('duplicate-risk');
    },
  );

  it('fault 35: waits for as long as the server asked before it sends it again', async () => {
    server.faults.create.push(answer(500, errorBody('no'), { 'retry-after': '60' }));
    await upload();
    expect(runtime.waits).toEqual([2000, 3000, 5000, 50_000]);
  });

  it('fault 62: waits for as long when the clock of this machine jumps meanwhile', async () => {
    server.faults.create.push(answer(500, errorBody('no'), { 'retry-after': '60' }));
    const files = createClientWith({ apiKey: SECRET_KEY, baseURL: server.url }, jumping(3_600_000));
    expect((await files.createFile(path, 'fine-tune')).id).toBe('file-1');
    expect(runtime.waits).toEqual([2000, 3000, 5000, 50_000]);
  });

  it.each([
    ['a status that says no', answer(401)],
    ['a status that says no for ever', answer(422)],
  ])('and then %s: the first sending is still in doubt', async (_name, fault) => {
    server.faults.create.push(lostAndGone, fault);
    const error = await failureOf(upload(), AmbiguousUploadError);
    expect(error.message).toMatch(/the second sending failed/);
    expect(error.cause).toBeInstanceOf(UploaderError);
  });

  it('and then a reset and a refusal: what certainly made no file is tried again', async () => {
    // Larger than every buffer on the way: a reset comes before all is sent.
    await writeFile(path, Buffer.alloc(12 * 1024 * 1024, LINES));
    server.faults.create.push(lostAndGone, resetAfter(0), answer(429), behave);
    const file = await upload();
    expect(file.id).toBe('file-1');
    expect(server.files.size).toBe(1);
    server.faults.create.push(lostAndGone, resetAfter(0), answer(429), answer(429), behave);
    // One sending and three retries, whatever they were for.
    await failureOf(upload(), AmbiguousUploadError);
  });

  it('and then an answer about another size: that is named', async () => {
    server.faults.create.push(
      lostAndGone,
      storeThen(({ json }, file) => json(200, { id: file.id, object: 'file', bytes: 17 })),
    );
    const error = await failureOf(upload(), IntegrityError);
    expect(error.fileId).toBe('file-1');
  });

  it('and the file changes before it is sent again: nothing of it is sent, and the doubt remains', async () => {
    server.faults.create.push(async (exchange) => {
      await lostAndGone(exchange);
      await writeFile(path, `${LINES}{}\n`);
    });
    const error = await failureOf(upload(), AmbiguousUploadError);
    expect(error.cause).toMatchObject({ code: 'E_FILE_CHANGED' });
    expect(server.files.size).toBe(0);
  });

  it('57: and an abort while it is sent again says that the first may exist', async () => {
    const controller = new AbortController();
    server.faults.create.push(lostAndGone, () => controller.abort(new Error('enough')));
    const error = await failureOf(upload({ signal: controller.signal }), AbortedError);
    expect(error.fileMayExist).toBe(true);
  });

  it('57: an abort during the last look loses no id', async () => {
    const controller = new AbortController();
    server.faults.create.push(lostAndGone);
    server.faults.list.push(behave, behave, behave, behave, behave, () => controller.abort());
    const file = await upload({ signal: controller.signal });
    expect(file.id).toBe('file-1');
    expect(events.at(-1)).toMatchObject({ type: 'warning' });
  });
});

describe('G3: a broken answer that names a file', () => {
  const cutOff: Fault = storeThen(({ response, socket }, file) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write(`{"id":"${file.id}","object":"fi`, () => socket.destroy());
  });

  it('fault 17: is believed when that file is the one, even where the listing proves nothing', async () => {
    server.faults.create.push(cutOff);
    const file = await upload({}, { dialect: 'generic' });
    expect(file).toMatchObject({ id: 'file-1', upload: { recovered: true } });
    expect(server.requests('list')).toHaveLength(1);
  });

  it('fault 21: 201 with a Location and nothing else is one, too', async () => {
    server.faults.create.push(
      storeThen(
        ({ response }, { id }) => void response.writeHead(201, { location: `/openai/files/${id}?api-version=1` }).end(),
      ),
    );
    expect(await upload()).toMatchObject({ id: 'file-1', upload: { recovered: true } });
    expect(server.requests('retrieve')).toHaveLength(1);
  });

  it('fault 18: is not believed when that file is another: it was there before, or has another size', async () => {
    const { id } = server.store({ content: Buffer.from(LINES), purpose: 'fine-tune' });
    server.faults.create.push(storeThen(({ json }) => json(200, { id, object: 'list', data: [] })));
    expect(await upload()).toMatchObject({ id: 'file-2', upload: { recovered: true } });
    server.faults.create.push(async (exchange) => {
      await exchange.readBody();
      exchange.json(200, { object: 'thing', id: server.store({ bytes: 3 }).id });
    });
    const error = await failureOf(upload(), AmbiguousUploadError);
    expect(error).toMatchObject({ candidates: ['file-3'], message: expect.stringContaining('named a file') });
  });

  it('and is not there: the listing decides', async () => {
    server.faults.create.push(storeThen(({ json }) => json(200, '{"id":"file-99","object":"fi')));
    expect(await upload()).toMatchObject({ id: 'file-1', upload: { recovered: true } });
  });
});

describe('fault 60: a listing that proves nothing', () => {
  const generic: Partial<ClientOptions> = { dialect: 'generic' };

  it('of a generic server, that has never shown a file: is a doubt', async () => {
    server.faults.create.push(lostAndGone);
    const error = await failureOf(upload({}, generic), AmbiguousUploadError);
    expect(error.message).toContain('it has never shown one');
    expect(server.requests('create')).toHaveLength(1);
  });

  it('of a generic server, that has shown one: is believed', async () => {
    server.store({ filename: 'other.jsonl' });
    server.faults.create.push(lostAndGone);
    expect((await upload({}, generic)).id).toBe('file-2');
  });

  it('that shows a new file of another name and size, as LiteLLM does: names it and sends nothing', async () => {
    server.store({ filename: 'other.jsonl' });
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        file.filename = 'modified_file.jsonl';
        file.bytes = SIZE + 5;
        socket.destroy();
      }),
    );
    const error = await failureOf(upload({}, generic), AmbiguousUploadError);
    expect(error).toMatchObject({ candidates: ['file-2'], message: expect.stringContaining('under another name') });
    expect(error.hint).toContain('file-2 may be it; download it and compare');
    expect(server.requests('create')).toHaveLength(1);
  });

  it('that shows a new file of the same size and another name: is a doubt with OpenAI, too', async () => {
    server.faults.create.push(
      storeThen(({ socket }, file) => {
        file.filename = 'renamed.jsonl';
        socket.destroy();
      }),
    );
    expect((await failureOf(upload(), AmbiguousUploadError)).candidates).toEqual(['file-1']);
  });

  it('of a server that is known to rename: is a doubt', async () => {
    const files = client();
    server.faults.create.push(
      storeThen(({ json }, file) => {
        server.files.delete(file.id);
        json(200, { id: file.id, object: 'file', bytes: SIZE, filename: 'modified_file.jsonl' });
      }),
      lostAndGone,
    );
    await files.createFile(path, 'fine-tune', { onEvent: (event) => events.push(event) });
    expect(events.at(-1)).toMatchObject({ type: 'warning', message: expect.stringContaining('modified_file.jsonl') });
    const error = await failureOf(files.createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect(error.message).toContain('never shown one');
    server.store({ filename: 'other.jsonl' });
    server.faults.create.push(lostAndGone);
    const again = await failureOf(files.createFile(path, 'fine-tune'), AmbiguousUploadError);
    expect(again.message).toContain('keeps files under other names');
  });
});

describe('onAmbiguous', () => {
  it('throw: does not look', async () => {
    server.faults.create.push(lostAndKept);
    const error = await failureOf(upload({ onAmbiguous: 'throw' }), AmbiguousUploadError);
    expect(error.message).toContain('onAmbiguous is "throw"');
    expect(server.requests('list')).toHaveLength(1);
  });

  it('retry: sends it again without a look, says so, and reports the twin', async () => {
    server.faults.create.push(lostAndKept);
    const file = await upload({ onAmbiguous: 'retry' });
    expect(file).toMatchObject({ id: 'file-2', upload: { possibleDuplicates: ['file-1'] } });
    expect(types()).toContain('duplicate-risk');
    expect(types()).toContain('duplicate-found');
    // The wait of the policy: half of the first bound, by the chance of the test.
    expect(runtime.waits).toEqual([250]);
  });

  it('retry: without a listing beforehand says that twins cannot be seen', async () => {
    server.faults.create.push(lostAndKept);
    await upload({ onAmbiguous: 'retry', preflight: false });
    expect(events.at(-1)).toMatchObject({ type: 'warning', message: expect.stringContaining('could not be seen') });
  });

  it('retry: not a second time', async () => {
    server.faults.create.push(lostAndKept, lostAndKept);
    await failureOf(upload({ onAmbiguous: 'retry' }), AmbiguousUploadError);
    expect(server.requests('create')).toHaveLength(2);
  });

  it('anything else is refused', async () => {
    await failureOf(upload({ onAmbiguous: 'guess' as 'retry' }), Error);
    expect(server.received).toHaveLength(0);
  });
});

if (IS_FULL) {
  describe('in real time', () => {
    it('fault 60: four looks in ten seconds, then it is sent once more', async () => {
      server.faults.create.push(lostAndGone);
      const began = performance.now();
      const file = await createFilesClient({ apiKey: SECRET_KEY, baseURL: server.url }).createFile(path, 'fine-tune');
      expect(file.id).toBe('file-1');
      expect(performance.now() - began).toBeGreaterThan(9900);
      expect(server.requests('list')).toHaveLength(6);
    });
  });
}

describe('whatever happens to the answers', () => {
  /** What may become of one sending. */
  const FATES = ['ok', 'kept', 'gone', 'reset', '429', '500 kept', '500 gone', 'html kept', 'late'] as const;

  it(
    'the server has the file once, or the caller was told that it might not',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 5 }),
          fc.integer({ min: 1, max: 8 }),
          fc.constantFrom('reconcile', 'retry', 'throw'),
          async (fates, listsUntilVisible, onAmbiguous) => {
            const own = await startFaultServer();
            try {
              const hidden: Array<{ file: StoredFile; looks: number }> = [];
              const fateOf: Record<(typeof FATES)[number], Fault> = {
                ok: behave,
                kept: lostAndKept,
                gone: lostAndGone,
                reset: resetAfter(0),
                '429': answer(429),
                '500 kept': storeThen(({ json }) => json(500, errorBody('no'))),
                '500 gone': answer(500),
                'html kept': storeThen(({ json }) => json(200, '<html>')),
                late: storeThen(({ socket }, file) => {
                  own.files.delete(file.id);
                  hidden.push({ file, looks: listsUntilVisible });
                  socket.destroy();
                }),
              };
              own.faults.create.push(...fates.map((fate) => fateOf[fate]));
              const look: Fault = (exchange) => {
                for (const each of hidden) if (--each.looks === 0) own.files.set(each.file.id, each.file);
                return exchange.behave();
              };
              own.faults.list.push(...Array.from({ length: 40 }, () => look));
              const told: UploadEvent[] = [];
              const files = createClientWith({ apiKey: 'k', baseURL: own.url }, createTestRuntime());
              const outcome = await files
                .createFile(path, 'fine-tune', { onAmbiguous, onEvent: (event) => told.push(event) })
                .catch((error: unknown) => error);
              const copies = own.files.size + hidden.filter(({ looks }) => looks > 0).length;
              expect(own.requests('create').length).toBeLessThanOrEqual(4);
              if (outcome instanceof AmbiguousUploadError) return;
              if (outcome instanceof Error) {
                expect(copies).toBe(0);
                return;
              }
              const { id, upload } = outcome as CreatedFile;
              expect([...own.files.keys(), ...hidden.map(({ file }) => file.id)]).toContain(id);
              // What the listing shows in time is found there, and not sent again.
              if (onAmbiguous === 'reconcile' && hidden.length === 0) expect(copies).toBe(1);
              if (copies > 1) expect(told.map(({ type }) => type)).toContain('duplicate-risk');
              // What can be seen at the end is named.
              const visible = [...own.files.keys()].filter((it) => it !== id);
              expect([...upload.possibleDuplicates].sort()).toEqual(visible.sort());
            } finally {
              await own.close();
            }
          },
        ),
        IS_FULL ? { numRuns: 1000 } : { numRuns: 60, seed: 59 },
      );
    },
    IS_FULL ? 600_000 : 60_000,
  );
});
