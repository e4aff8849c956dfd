import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalFilesServer, type LocalFilesServerOptions, startLocalFilesServer } from './index.js';
import { keptIn } from './kept-in.harness.js';

let scratch: string;
let running: LocalFilesServer[];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tunegate-test-'));
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.close();
  await rm(scratch, { recursive: true, force: true });
});

async function start(options: LocalFilesServerOptions = {}) {
  const server = await startLocalFilesServer(options);
  running.push(server);
  return { server, client: new OpenAI({ apiKey: 'sk-anything', baseURL: server.url, maxRetries: 0 }) };
}

const upload = (client: OpenAI, name: string, content = '{}\n') =>
  client.files.create({ file: new File([content], name), purpose: 'fine-tune' });

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Sends the head of an upload and a part of its body, and waits until the server has begun to write it. */
async function beginUpload(server: LocalFilesServer) {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  const head = 'POST /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\ncontent-length: 100000\r\n';
  const disposition = 'Content-Disposition: form-data; name="file"; filename="a"';
  socket.write(`${head}content-type: multipart/form-data; boundary=B\r\n\r\n--B\r\n${disposition}\r\n\r\nsome bytes`);
  while (!(await keptIn(server.directory)).some((name) => name.endsWith('.upload'))) await setImmediate();
  return socket;
}

describe('starting', () => {
  it('makes a temporary directory of its own and removes it', async () => {
    const { server, client } = await start();
    await upload(client, 'a.jsonl');
    expect(await keptIn(server.directory)).toHaveLength(2);
    await server.close();
    expect(await exists(server.directory)).toBe(false);
  });

  it('listens on IPv6 loopback when asked', async () => {
    const { server, client } = await start({ host: '::1' });
    expect(server.url).toBe(`http://[::1]:${server.port}/v1`);
    expect((await client.files.list()).data).toEqual([]);
  });

  it.each([
    [{ host: '0.0.0.0' as '127.0.0.1' }, 'E_LOCAL_OPTION'],
    [{ host: 'example.com' as '127.0.0.1' }, 'E_LOCAL_OPTION'],
    [{ port: 65_536 }, 'E_LOCAL_OPTION'],
    [{ maxFileBytes: 0 }, 'E_LOCAL_OPTION'],
    [{ directory: '' }, 'E_LOCAL_OPTION'],
  ])('refuses %j', async (options, code) => {
    await expect(start(options)).rejects.toMatchObject({ name: 'LocalFilesServerError', code });
  });

  it('says which port is taken', async () => {
    const { server } = await start();
    await expect(start({ port: server.port })).rejects.toMatchObject({
      code: 'E_LOCAL_LISTEN',
      message: expect.stringContaining(`port ${server.port} (EADDRINUSE)`),
    });
  });

  it('refuses a directory that is a file', async () => {
    const path = join(scratch, 'file');
    await writeFile(path, '');
    await expect(start({ directory: path })).rejects.toMatchObject({ code: 'E_LOCAL_DIRECTORY' });
  });

  it('refuses a directory that cannot be written to, before the first upload finds out', async () => {
    const directory = join(scratch, 'read-only');
    await mkdir(directory);
    await chmod(scratch, 0o755);
    await chmod(directory, 0o555);
    const isRoot = process.geteuid?.() === 0;
    // Nothing is read-only for root.
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(start({ directory })).rejects.toMatchObject({
        code: 'E_LOCAL_DIRECTORY',
        message: `Cannot keep files in ${directory} (EACCES): name a directory that can be written to.`,
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe('starting again on a directory', () => {
  it('serves the same files in the same order', async () => {
    const options = { directory: join(scratch, 'a', 'b'), clock: () => 1_700_000_000_000 };
    const first = await start(options);
    for (const name of ['1.jsonl', '2.jsonl', 'Grüße "3".jsonl']) await upload(first.client, name, `${name}\n`);
    const before = (await first.client.files.list()).data;
    await first.server.close();

    const second = await start(options);
    expect((await second.client.files.list()).data).toEqual(before);
    const newest = before[0]?.id ?? '';
    expect(await (await second.client.files.content(newest)).text()).toBe('Grüße "3".jsonl\n');
    const later = await upload(second.client, '4.jsonl');
    expect((await second.client.files.list()).data[0]?.id).toBe(later.id);
  });

  it('removes what interrupted uploads left, and leaves alone what is not its own', async () => {
    const directory = join(scratch, 'files');
    const first = await start({ directory });
    const kept = await upload(first.client, 'a.jsonl');
    const corrupt = await upload(first.client, 'b.jsonl');
    const short = await upload(first.client, 'c.jsonl');
    await first.server.close();

    const orphan = `file-${'A'.repeat(24)}`;
    const copied = `file-${'B'.repeat(24)}`;
    await writeFile(join(directory, `${orphan}.upload`), 'half');
    await writeFile(join(directory, `${orphan}.data`), 'whole, but never announced');
    await writeFile(join(directory, `${orphan}.json.draft`), '{');
    await writeFile(join(directory, `${copied}.json`), await readFile(join(directory, `${kept.id}.json`)));
    await writeFile(join(directory, `${copied}.data`), '{}\n');
    await writeFile(join(directory, `${corrupt.id}.json`), '{"id":');
    await truncate(join(directory, `${short.id}.data`), 1);
    await writeFile(join(directory, 'notes.txt'), 'mine');
    await mkdir(join(directory, `file-${'C'.repeat(24)}.upload`));
    await mkdir(join(directory, `file-${'D'.repeat(24)}.json`));

    const second = await start({ directory });
    expect((await second.client.files.list()).data.map((file) => file.id)).toEqual([kept.id]);
    const names = await keptIn(directory);
    expect(names.filter((name) => name.startsWith(orphan))).toEqual([]);
    expect(names).toContain('notes.txt');
    expect(names).toContain(`${corrupt.id}.data`);
  });

  it('does not serve, and removes, a file whose time is over', async () => {
    const directory = join(scratch, 'files');
    const first = await start({ directory, clock: () => 0 });
    await first.client.files.create({
      file: new File(['{}'], 'a.jsonl'),
      purpose: 'fine-tune',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    await first.server.close();
    await start({ directory, clock: () => 3_600_000 });
    expect(await keptIn(directory)).toEqual([]);
  });
});

describe('closing', () => {
  it('cuts an upload under way, leaves nothing of it, and may be repeated', async () => {
    const directory = join(scratch, 'files');
    const { server } = await start({ directory });
    const socket = await beginUpload(server);
    const startedAt = performance.now();
    const closing = server.close();
    expect(server.close()).toBe(closing);
    await closing;
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(await keptIn(directory)).toEqual([]);
    if (!socket.closed) await once(socket, 'close');
  });

  it('cuts a refused request whose rest it was still reading, and requests queued behind it', async () => {
    const { server } = await start();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    const wait = once(socket, 'data');
    socket.write('POST /v1/nothing HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nsome');
    expect(String((await wait)[0])).toMatch(/^HTTP\/1\.1 404 /);
    await server.close();
    if (!socket.closed) await once(socket, 'close');
  });

  it('does not hang on downloads that a client has lined up on one connection and left', async () => {
    const { server, client } = await start();
    const file = await upload(client, 'big.jsonl', 'x'.repeat(20_000_000));
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    const download = `GET /v1/files/${file.id}/content HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\n\r\n`;
    socket.write(download.repeat(3));
    await once(socket, 'data');
    socket.pause();
    await client.files.list();
    await server.close();
    socket.destroy();
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });
});

describe('a failure of the server itself', () => {
  it('is answered with 500, logged with its cause, and does not end the server', async () => {
    const errors: unknown[] = [];
    const directory = join(scratch, 'files');
    const { client } = await start({ directory, onRequest: ({ error }) => error !== undefined && errors.push(error) });
    const file = await upload(client, 'a.jsonl');
    await rm(join(directory, `${file.id}.data`));
    await expect(client.files.content(file.id)).rejects.toThrow(OpenAI.InternalServerError);
    expect(errors).toMatchObject([{ code: 'ENOENT' }]);
    expect((await client.files.list()).data).toHaveLength(1);
  });

  it('survives a log that throws', async () => {
    const { client } = await start({
      onRequest: () => {
        throw new Error('log');
      },
    });
    await upload(client, 'a.jsonl');
    expect((await client.files.list()).data).toHaveLength(1);
  });
});

it('takes a body that arrives in one chunk, of every size around the buffers on the way', async () => {
  const local = await startLocalFilesServer();
  try {
    for (const size of [1, 16_000, 16_384, 20_000, 35_692, 60_000, 65_535, 70_000]) {
      const file = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n${'a'.repeat(size)}\r\n`;
      const purpose = '--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n--b--\r\n';
      const response = await fetch(`${local.url}/files`, {
        method: 'POST',
        headers: { authorization: 'Bearer x', 'content-type': 'multipart/form-data; boundary=b' },
        // The purpose first: then the closing boundary stands in the chunk that fills the buffer of the file.
        body: `${purpose.replace('--b--\r\n', '')}${file}--b--\r\n`,
        signal: AbortSignal.timeout(5_000),
      });
      expect(await response.json()).toMatchObject({ bytes: size });
    }
  } finally {
    await local.close();
  }
});

describe('retention', () => {
  it('takes a file whose time is over from the disk with the next file', async () => {
    let now = 0;
    const { server, client } = await start({ clock: () => now });
    const expires_after = { anchor: 'created_at', seconds: 3600 } as const;
    await client.files.create({ file: new File(['{}\n'], 'a.jsonl'), purpose: 'batch', expires_after });
    now = 3_600_000;
    const { id } = await upload(client, 'b.jsonl');
    expect((await keptIn(server.directory)).sort()).toEqual([`${id}.data`, `${id}.json`]);
  });
});
