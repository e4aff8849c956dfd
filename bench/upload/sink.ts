/** A server that reads what comes and answers with a file object of the right size: the floor of any receiver. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sink {
  readonly url: string;
  /** Bytes of all request bodies so far. */
  bytes(): number;
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  let total = 0;
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}');
      return;
    }
    request.on('data', (chunk: Buffer) => {
      total += chunk.length;
    });
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          id: 'file-sink',
          object: 'file',
          bytes: Number(request.headers['x-file-bytes']) || null,
          created_at: 1_764_000_000,
          filename: 'train.jsonl',
          purpose: 'fine-tune',
          status: 'processed',
        }),
      );
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bytes: () => total,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
