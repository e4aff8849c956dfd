import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { type Answer, discardAnswer, type StoredContent } from '../answer.js';
import { cut, type FaultContext } from './fault-context.js';
import type { DownloadFault } from './fault-plan.js';

export async function applyDownload(fault: DownloadFault, { exchange, respond }: FaultContext): Promise<void> {
  const isWhole = fault.as === 'no-range' || fault.as === 'wrong-range';
  const whole = isWhole ? await respondWithoutRange() : undefined;
  const answer = fault.as === 'no-range' && whole !== undefined ? whole : await respond();
  const { body } = answer;
  if (answer.status >= 400 || body.kind !== 'stored') {
    if (whole !== answer) await discardAnswer(whole);
    return exchange.send(answer);
  }
  if (fault.as === 'short') return sendShort(answer, body);
  await exchange.send(await distort(fault, answer, body, whole));

  async function respondWithoutRange() {
    const { headers } = exchange.request;
    const { range, ...others } = headers;
    exchange.request.headers = others;
    try {
      return await respond();
    } finally {
      exchange.request.headers = headers;
    }
  }

  async function sendShort({ status, headers }: Answer, content: StoredContent) {
    const { bytes = 1 } = fault;
    const { response } = exchange;
    const length = { 'content-type': 'application/octet-stream', 'content-length': String(content.length) };
    response.writeHead(status, { ...exchange.commonHeaders(), ...length, ...headers });
    response.flushHeaders();
    const shown = Math.max(0, content.length - bytes);
    const short = shown === 0 ? Readable.from([]) : Readable.from(limited(content.read(), shown));
    short.pipe(response, { end: false });
    await new Promise((resolve) => short.once('close', resolve));
    await content.close();
    cut(exchange, 'close');
  }
}

async function distort(
  { as, bytes = 1, filename = '../../etc/passwd' }: DownloadFault,
  answer: Answer,
  body: StoredContent,
  whole: Answer | undefined,
): Promise<Answer> {
  const withHeaders = (headers: Record<string, string>) => ({ ...answer, headers: { ...answer.headers, ...headers } });
  const withContent = (length: number, read: () => Readable): Answer => ({
    ...answer,
    body: { ...body, length, read },
  });
  switch (as) {
    case 'short-length': {
      const length = Math.max(0, body.length - bytes);
      return withContent(length, () => Readable.from(limited(body.read(), length)));
    }
    case 'long':
      return withContent(body.length + bytes, () => Readable.from(extended(body.read(), bytes)));
    case 'wrong-bytes':
      return withContent(body.length, () => Readable.from(corrupted(body.read(), body.length)));
    case 'file-name':
      return withHeaders({ 'content-disposition': `attachment; filename="${filename}"` });
    case 'etag':
      return withHeaders({ etag: `"${randomBytes(8).toString('hex')}"` });
    case 'wrong-range': {
      if (whole?.body.kind !== 'stored') return answer;
      const { body: start } = whole;
      return withContent(body.length, () => {
        const content = Readable.from(limited(start.read(), body.length)).pipe(new PassThrough());
        content.once('close', () => void start.close());
        return content;
      });
    }
    default:
      return answer;
  }
}

async function* limited(content: AsyncIterable<Uint8Array>, length: number) {
  let left = length;
  for await (const chunk of content) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function* extended(content: AsyncIterable<Uint8Array>, bytes: number) {
  yield* content;
  yield Buffer.alloc(bytes, '\n');
}

async function* corrupted(content: AsyncIterable<Uint8Array>, length: number) {
  let position = 0;
  for await (const chunk of content) {
    position += chunk.length;
    if (position < length) yield chunk;
    else {
      const last = Buffer.from(chunk);
      last[last.length - 1] = (last[last.length - 1] ?? 0) ^ 1;
      yield last;
    }
  }
}
