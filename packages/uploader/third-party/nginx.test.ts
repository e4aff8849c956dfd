import { join } from 'node:path';
import { createFilesClient, type FilesClient, RequestTooLargeError, ServerError } from '@tunegate/uploader';
import { type LocalFilesServer, startLocalFilesServer } from '@tunegate/uploader/local';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.harness.js';
import { type Program, startProgram, systemProgram } from './program.harness.js';

const command = systemProgram('nginx');
if (command === undefined) console.error('» nginx: left out, it is not installed (apt-get install nginx-light)');

/** Each address is the API behind another setting of nginx. */
const configuration = (folder: string, port: number, upstream: string) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 20m;
    proxy_http_version 1.1;
    location /buffered/ { proxy_pass ${upstream}/; }
    location /streamed/ { proxy_pass ${upstream}/; proxy_request_buffering off; proxy_buffering off; }
    location /small/ { proxy_pass ${upstream}/; client_max_body_size 10k; }
    location /impatient/ { proxy_pass ${upstream}/; proxy_read_timeout 1s; }
    location /slow/ { proxy_pass ${upstream}/; limit_rate 400k; }
    location /dead/ { proxy_pass http://127.0.0.1:1/; }
  }
}
`;

describe.runIf(command !== undefined)('behind nginx', () => {
  let dataset: Dataset;
  let server: LocalFilesServer;
  let nginx: Program;

  beforeAll(async () => {
    dataset = await createDataset(1_000_000);
    server = await startLocalFilesServer();
    const path = join(dataset.folder, 'nginx.conf');
    nginx = await startProgram({
      command: 'sh',
      // The port is known only now; the shell gives way to nginx.
      args: (port) => [
        '-c',
        `cat > "$1" <<'END'\n${configuration(dataset.folder, port, server.url)}END\nexec "$0" -p "$2" -c "$1"`,
        command ?? '',
        path,
        dataset.folder,
      ],
    });
  });
  afterAll(async () => {
    await nginx.stop();
    await server.close();
    await dataset.remove();
  });
  beforeEach(() => server.clearFaults());

  const at = (location: string): FilesClient =>
    createFilesClient({
      apiKey: 'k',
      baseURL: `http://127.0.0.1:${nginx.port}/${location}`,
      retry: { retries: 1, baseDelay: 10 },
    });
  const named = async (filename: string) =>
    (await at('buffered').listFiles()).data.filter((file) => file.filename === filename);

  it.each(['buffered', 'streamed', 'slow'])('a file goes through and comes back the same: %s', async (location) => {
    const client = at(location);
    const file = await client.createFile(dataset.path, 'fine-tune', { filename: `${location}.jsonl` });
    expect(file).toMatchObject({ bytes: dataset.content.length });
    expect((await client.downloadFile(file.id)).sha256).toBe(dataset.sha256);
  });

  it('a page that says 413 is told as what it is, and is not sent again', async () => {
    const failure = await at('small')
      .createFile(dataset.path, 'fine-tune', { filename: 'too-large.jsonl' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RequestTooLargeError);
    expect(String(failure)).not.toMatch(/<html|<center/);
    expect((failure as RequestTooLargeError).attempts).toHaveLength(1);
    expect(await named('too-large.jsonl')).toEqual([]);
  });

  it('a page that says 502 is told as what it is', async () => {
    const failure = await at('dead')
      .createFile(dataset.path, 'fine-tune', { preflight: false })
      .catch((error: unknown) => error);
    expect(String(failure)).not.toMatch(/<html|<center/);
    await expect(at('dead').listFiles()).rejects.toBeInstanceOf(ServerError);
  });

  it('a 504 after the file was stored leaves one file, and its id is found', async () => {
    server.addFaults({ on: 'createFile', fault: { kind: 'lose-answer', how: 'silence' } });
    const file = await at('impatient').createFile(dataset.path, 'fine-tune', { filename: 'late.jsonl' });
    expect(file.upload.recovered).toBe(true);
    expect((await named('late.jsonl')).map(({ id }) => id)).toEqual([file.id]);
  });
});
