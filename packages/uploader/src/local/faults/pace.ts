import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { encodeBody } from '../answer.js';
import { RejectedRequestError } from '../errors.js';
import { type FaultContext, wait, write } from './fault-context.js';
import type { PaceFault } from './fault-plan.js';

const SPACES = Buffer.alloc(65_536, ' ');
const BOMB_BYTES = 104_857_600;

export async function applyPace(fault: PaceFault, context: FaultContext): Promise<void> {
  const { exchange, respond } = context;
  const { as, status, everyMs = 1000, bytes = BOMB_BYTES } = fault;
  const right = await respond();
  const answer = status === undefined ? right : context.errorAnswer(errorOf(status));
  if (answer !== right && right.body.kind === 'stored') await right.body.close();
  const { headers, payload } =
    answer.body.kind === 'stored'
      ? { headers: { 'content-length': String(answer.body.length) }, payload: answer.body.read() }
      : encodeBody(answer.body);
  const { 'content-length': _, ...unsized } = headers as Record<string, string>;
  const { response } = exchange;
  const begin = (more: Record<string, string>) => {
    response.writeHead(answer.status, { ...exchange.commonHeaders(), ...answer.headers, ...more });
    response.flushHeaders();
  };
  const content = payload instanceof Readable ? payload : [payload];
  try {
    switch (as) {
      case 'slow':
        begin(headers);
        for await (const chunk of content) {
          for (const byte of chunk as Uint8Array) {
            if (response.destroyed) return;
            await write(exchange, Uint8Array.of(byte));
            await wait(exchange, everyMs);
          }
        }
        response.end();
        return;
      case 'endless':
        begin(unsized);
        await pipeline(Readable.from(thenSpaces(content)), response);
        return;
      case 'gzip':
        begin({ ...unsized, 'content-encoding': 'gzip' });
        await pipeline(Readable.from(content), createGzip(), response);
        return;
      case 'gzip-bomb':
        begin({ ...unsized, 'content-encoding': 'gzip' });
        await pipeline(Readable.from(afterSpaces(content, bytes)), createGzip({ level: 9 }), response);
        return;
    }
  } catch (error) {
    // The client left, which is what such an answer is for.
    if (!response.destroyed) throw error;
  } finally {
    if (answer.body.kind === 'stored') await answer.body.close();
  }
}

function errorOf(status: number) {
  const message = `This error was asked for: status ${status}.`;
  return new RejectedRequestError({ status, message, type: 'server_error' });
}

async function* thenSpaces(content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  yield* content;
  for (;;) yield SPACES;
}

async function* afterSpaces(content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, bytes: number) {
  for (let left = bytes; left > 0; left -= SPACES.length) yield SPACES.subarray(0, left);
  yield* content;
}
