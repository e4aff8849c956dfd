import { join } from 'node:path';
import { createFilesClient, ProxyError } from '@tunegate/uploader';
import { type LocalFilesServer, startLocalFilesServer } from '@tunegate/uploader/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.harness.js';
import { type Program, startProgram, systemProgram } from './program.harness.js';

const command = systemProgram('tinyproxy');
if (command === undefined) console.error('» tinyproxy: left out, it is not installed (apt-get install tinyproxy)');

describe.runIf(command !== undefined)('through tinyproxy', () => {
  let dataset: Dataset;
  let server: LocalFilesServer;

  beforeAll(async () => {
    dataset = await createDataset(2_000_000);
    server = await startLocalFilesServer();
  });
  afterAll(async () => {
    await server.close();
    await dataset.remove();
  });

  const start = (...settings: readonly string[]): Promise<Program> =>
    startProgram({
      command: 'sh',
      args: (port) => {
        const lines = [
          `Port ${port}`,
          'Listen 127.0.0.1',
          'Timeout 30',
          'Allow 127.0.0.1',
          'LogLevel Info',
          ...settings,
        ];
        const script = `cat > "$1" <<'END'\n${lines.join('\n')}\nEND\nexec "$0" -d -c "$1"`;
        return ['-c', script, command ?? '', join(dataset.folder, `tinyproxy-${port}.conf`)];
      },
    });
  const through = async (proxy: Program, use: (client: ReturnType<typeof createFilesClient>) => Promise<void>) => {
    const client = createFilesClient({
      apiKey: 'k',
      baseURL: server.url,
      proxy: `http://127.0.0.1:${proxy.port}`,
      retry: { retries: 1, baseDelay: 10 },
    });
    try {
      await use(client);
    } finally {
      await client.close();
      await proxy.stop();
    }
  };

  it('a file goes through a tunnel and comes back the same', async () => {
    const proxy = await start();
    await through(proxy, async (client) => {
      const file = await client.createFile(dataset.path, 'fine-tune');
      expect(file).toMatchObject({ bytes: dataset.content.length, upload: { sha256: dataset.sha256 } });
      expect((await client.downloadFile(file.id)).sha256).toBe(dataset.sha256);
      expect(proxy.output()).toContain('CONNECT 127.0.0.1');
    });
  });

  it('a port that it does not open is told, and nothing is sent', async () => {
    await through(await start('ConnectPort 443'), async (client) => {
      const failure = await client.createFile(dataset.path, 'fine-tune').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ProxyError);
      expect(failure).toMatchObject({ status: 403 });
    });
    const direct = createFilesClient({ apiKey: 'k', baseURL: server.url });
    expect((await direct.listFiles()).data).toHaveLength(1);
  });
});
