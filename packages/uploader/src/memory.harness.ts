import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * A Files API that keeps nothing of what it is sent: what is to be measured is the client alone, and it is in another
 * process. Only the sizes are right.
 */
export async function startForgetfulServer() {
  let size = 0;
  let parts = 0;
  const json = (response: ServerResponse, value: unknown) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  const file = () => ({
    id: 'file-1',
    object: 'file',
    bytes: size,
    created_at: 1,
    filename: 'a.jsonl',
    purpose: 'batch',
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0] ?? '';
    if (request.method === 'GET' && path === '/v1/files')
      return json(response, { object: 'list', data: [], has_more: false });
    if (request.method === 'GET' && path.endsWith('/content')) return sendZeros(response, size);
    if (request.method === 'GET') return json(response, file());
    for await (const _chunk of request);
    if (path.endsWith('/parts')) return json(response, { id: `part-${++parts}`, object: 'upload.part' });
    if (path.endsWith('/complete')) return json(response, { id: 'upload-1', object: 'upload', file: file() });
    return json(response, path === '/v1/uploads' ? { id: 'upload-1', object: 'upload' } : file());
  };
  const http = createServer({ requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    /** Of the file that it says it has. */
    holds(bytes: number) {
      size = bytes;
    },
    parts: () => parts,
    async close() {
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };
}

async function sendZeros(response: ServerResponse, size: number): Promise<void> {
  response.writeHead(200, { 'content-length': size });
  const chunk = Buffer.alloc(1024 * 1024);
  for (let left = size; left > 0; left -= chunk.length) {
    if (!response.write(chunk.subarray(0, left))) await new Promise((drained) => response.once('drain', drained));
  }
  response.end();
}

const DIST = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/**
 * Runs an expression in a Node of its own, with `files` for the client, and measures the whole process.
 *
 * @returns its peak of resident memory, in bytes: the kernel's own high-water mark
 */
export async function peakMemoryOf(baseURL: string, expression: string): Promise<number> {
  if (!existsSync(DIST)) throw new Error('the package is not built');
  const program = `
    const { createFilesClient } = await import(${JSON.stringify(DIST)});
    const files = createFilesClient({ apiKey: 'sk-memory', baseURL: ${JSON.stringify(baseURL)} });
    await (${expression});
    const { readFileSync } = await import('node:fs');
    const peak = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    console.log(Number(peak ?? process.resourceUsage().maxRSS) * 1024);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr}`);
  return Number(stdout);
}
