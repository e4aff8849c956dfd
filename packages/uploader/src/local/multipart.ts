import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { MIMEType } from 'node:util';
// Its Dicer, not its Busboy: Busboy skips a part whose head it cannot read without a word, and forgives more than a server
// should that is there to show a client its faults.
import { Dicer } from '@fastify/busboy';
import { type PartHead, parseContentDisposition } from './content-disposition.js';
import { badRequest, InterruptedRequestError, RejectedRequestError } from './errors.js';

/** Takes one part; its stream has to be read to the end. A rejection ends the whole form. */
type PartReceiver = (head: PartHead, content: Readable) => Promise<void>;

interface FormSource {
  /** Ends only if the request arrived whole, as an `IncomingMessage` does. */
  readonly request: Readable & Pick<IncomingMessage, 'headers'>;
  readonly acceptBody: () => void;
}

/** Far more parts than the Files API has fields; bounds what an endless form of tiny parts can cost. */
const MAX_PARTS = 32;

/**
 * Streams a `multipart/form-data` request into `receive`, part by part and with backpressure. Its body is asked for only once
 * its head has passed.
 *
 * Resolves only once the closing boundary was seen, the request ended as its own framing promised, and every part was
 * taken. Rejects after the last `receive` has settled, so that the caller can clean up behind them. The request is left
 * readable: whoever answers may drain it.
 *
 * @param maxBytes limit of the whole body, framing included
 * @throws RejectedRequestError 400, 413
 * @throws InterruptedRequestError if the client went away
 */
export async function readForm(
  { request, acceptBody }: FormSource,
  maxBytes: number,
  receive: PartReceiver,
): Promise<void> {
  const boundary = boundaryOf(request.headers['content-type']);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw bodyTooLarge(maxBytes, announced);
  acceptBody();

  const parser = new Dicer({ boundary });
  const parts = new Set<Readable>();
  const receptions: Promise<void>[] = [];
  const { promise: body, resolve, reject } = deferred();
  let failed = false;
  body.catch(() => {
    failed = true;
  });

  let headsRead = 0;
  parser.on('part', (part) => {
    if (failed) return;
    parts.add(part);
    part.on('error', reject);
    if (parts.size > MAX_PARTS) return reject(badRequest(`The form has more than ${MAX_PARTS} parts.`));
    part.on('header', (head) => {
      headsRead += 1;
      try {
        const reception = receive(parsePartHead(head), part);
        receptions.push(reception);
        reception.catch(reject);
      } catch (error) {
        reject(error);
      }
    });
  });
  // The parser's own word for a body that ends before its closing boundary.
  parser.on('error', (cause) => reject(badRequest(`The multipart body is incomplete: ${cause.message}.`)));

  // The closing boundary may be parsed before the last bytes of the request arrive, or after: both have to happen.
  let closingBoundarySeen = false;
  const resolveIfComplete = () => {
    if (!closingBoundarySeen || !request.readableEnded) return;
    if (headsRead < parts.size) reject(badRequest('A part of the form has an incomplete head.'));
    else resolve();
  };
  parser.on('finish', () => {
    closingBoundarySeen = true;
    // A parser that has seen the closing boundary asks for nothing more: a body that came in one chunk, larger than its
    // buffer, would be left paused before its end.
    request.resume();
    resolveIfComplete();
  });
  parser.on('drain', () => request.resume());

  let received = 0;
  const onData = (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBytes) reject(bodyTooLarge(maxBytes, received));
    else if (!parser.write(chunk)) request.pause();
  };
  const onEnd = () => {
    parser.end();
    resolveIfComplete();
  };
  const onClose = () => {
    if (!request.readableEnded) reject(new InterruptedRequestError('The connection ended before the request did.'));
  };
  // The listener for errors stays: an IncomingMessage may fail later, while its rest is drained.
  request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);

  try {
    await body;
    await Promise.all(receptions);
  } catch (error) {
    parser.destroy();
    for (const part of parts) part.destroy(new InterruptedRequestError('The form was given up.'));
    await Promise.allSettled(receptions);
    throw error;
  } finally {
    request.off('data', onData).off('end', onEnd).off('close', onClose);
  }
}

function deferred() {
  let resolve: () => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function parsePartHead(head: object): PartHead {
  const headers = new Map<string, unknown>(Object.entries(head));
  const transferEncoding = headers.get('content-transfer-encoding');
  if (transferEncoding !== undefined && !/^(?:binary|8bit|7bit)$/i.test(String(transferEncoding))) {
    throw badRequest('A part of the form has a Content-Transfer-Encoding; send its bytes as they are.');
  }
  const dispositions = headers.get('content-disposition');
  if (!Array.isArray(dispositions) || dispositions.length !== 1) {
    throw badRequest('Each part of the form needs exactly one readable Content-Disposition header.');
  }
  return parseContentDisposition(String(dispositions[0]));
}

function boundaryOf(contentType: string | undefined): string {
  const type = contentType === undefined ? undefined : parseMimeType(contentType);
  if (type?.essence !== 'multipart/form-data') {
    throw badRequest('Send the file as multipart/form-data; this request has another Content-Type or none.');
  }
  const boundary = type.params.get('boundary') ?? '';
  // RFC 2046, section 5.1.1: 1 to 70 of these characters, the last of them not a space.
  if (!/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) {
    throw badRequest('The Content-Type has no usable boundary.');
  }
  return boundary;
}

function parseMimeType(text: string): MIMEType | undefined {
  try {
    return new MIMEType(text);
  } catch {
    return undefined;
  }
}

function bodyTooLarge(limit: number, bytes: number) {
  const message = `Maximum content size limit (${limit}) exceeded (${bytes} bytes read)`;
  return new RejectedRequestError({ status: 413, message, type: 'server_error' });
}
