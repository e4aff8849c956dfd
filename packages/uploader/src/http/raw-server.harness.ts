import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A file of `test-fixtures/tls`. */
export function tlsFixture(name: string): string {
  return readFileSync(new URL(`../../../../test-fixtures/tls/${name}`, import.meta.url), 'latin1');
}

/** A connection in the hands of a test, which says every byte itself. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came so far. */
  received(): Buffer;
  /** Waits for the head of the request, and for so many bytes of its body. */
  request(bodyBytes?: number): Promise<{ line: string; headers: Record<string, string> }>;
  /** Waits for the whole request, by its Content-Length. */
  wholeRequest(): Promise<Buffer>;
  write(text: string): void;
  /** Answers with a body of known length; the connection stays open. */
  answer(status: number, body: string, headers?: Record<string, string>): void;
  /** Reads nothing more. */
  stopReading(): void;
  fin(): void;
  reset(): void;
}

export type Script = (connection: RawConnection) => void | Promise<void>;

export interface RawServer {
  readonly port: number;
  /** One for each connection, in order; the last one serves all further ones. */
  scripts: Script[];
  /** How many connections were made so far. */
  connections(): number;
  /** How many stand now. */
  open(): number;
  /** Reads on everywhere: a connection that is not read does not learn of its end. */
  readOn(): void;
  close(): Promise<void>;
}

/** A server on loopback that knows no protocol. */
export async function startRawServer(scripts: Script[], certificate?: string): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  const onConnection = (socket: Socket) => {
    const script = server.scripts.length > 1 ? server.scripts.shift() : server.scripts[0];
    Promise.resolve(script?.(rawConnection(socket))).catch(() => socket.destroy());
  };
  const listener =
    certificate === undefined
      ? createServer(onConnection)
      : createTlsServer({ cert: tlsFixture(certificate), key: tlsFixture('server.key') }, onConnection);
  listener.on('tlsClientError', () => {});
  listener.on('connection', (socket: Socket) => {
    count++;
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready));
  const server: RawServer = {
    port: (listener.address() as AddressInfo).port,
    scripts,
    connections: () => count,
    open: () => sockets.size,
    readOn() {
      for (const socket of sockets) socket.removeAllListeners('data').resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => listener.close(closed));
    },
  };
  return server;
}

function rawConnection(socket: Socket): RawConnection {
  let buffer = Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let size = 0;
  let wake = () => {};
  let isClosed = false;
  socket
    .on('error', () => {})
    .on('close', () => {
      isClosed = true;
      wake();
    })
    .on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      wake();
    });
  const received = () => {
    buffer = Buffer.concat([buffer, ...chunks.splice(0)]);
    return buffer;
  };
  const until = async (isEnough: () => boolean) => {
    while (!isEnough()) {
      if (isClosed) throw new Error('the connection is closed');
      await new Promise<void>((next) => {
        wake = next;
      });
    }
  };
  const connection: RawConnection = {
    socket,
    received,
    async request(bodyBytes = 0) {
      await until(() => received().includes('\r\n\r\n'));
      const headEnd = received().indexOf('\r\n\r\n') + 4;
      await until(() => size >= headEnd + bodyBytes);
      const [line = '', ...fields] = received()
        .subarray(0, headEnd - 4)
        .toString('latin1')
        .split('\r\n');
      const pairs = fields.map((field) => field.split(/: ?(.*)/s).slice(0, 2));
      return { line, headers: Object.fromEntries(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value])) };
    },
    async wholeRequest() {
      const { headers } = await connection.request();
      const length = Number(headers['content-length'] ?? 0);
      await connection.request(length);
      const whole = received();
      buffer = Buffer.alloc(0);
      size = 0;
      return whole.subarray(whole.indexOf('\r\n\r\n') + 4);
    },
    write: (text) => void socket.write(text),
    answer(status, body, headers = {}) {
      const fields = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
      const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 ${status} x\r\n${lines.join('')}\r\n${body}`);
    },
    stopReading: () => void socket.pause(),
    fin: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
  return connection;
}

/** Answers every request on a connection with an empty listing, and every upload with a file of the right size. */
export const goodFilesApi: Script = async (connection) => {
  for (;;) {
    const { line } = await connection.request();
    await connection.wholeRequest();
    connection.answer(200, line.startsWith('POST') ? FILE : '{"object":"list","data":[],"has_more":false}');
  }
};

/** Of a size that is not told, so that it fits whatever was sent. */
const FILE = JSON.stringify({ id: 'file-1', object: 'file', bytes: null, filename: 'a.jsonl', purpose: 'batch' });

export interface ProxyServer extends RawServer {
  /** Every CONNECT that came, with its headers. */
  readonly asked: Array<{ target: string; headers: Record<string, string> }>;
}

/** A proxy that leads every tunnel to one port of this machine, whatever name was asked for. */
export async function startProxy(port: number, certificate?: string): Promise<ProxyServer> {
  const asked: ProxyServer['asked'] = [];
  const tunnel: Script = async (connection) => {
    const { line, headers } = await connection.request();
    asked.push({ target: line.split(' ')[1] ?? '', headers });
    const { socket } = connection;
    const onward = connect(port, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    connection.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.removeAllListeners('data');
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
  };
  return Object.assign(await startRawServer([tunnel], certificate), { asked });
}
