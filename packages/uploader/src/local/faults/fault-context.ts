import type { Answer } from '../answer.js';
import { InterruptedRequestError, type RejectedRequestError } from '../errors.js';
import type { Exchange } from '../exchange.js';

/** What a fault works with. */
export interface FaultContext {
  readonly exchange: Exchange;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** Lets the server do what was asked, and gives its answer. A copy of the exchange changes what is asked. */
  respond(exchange?: Exchange): Promise<Answer>;
  /** An error as the server's dialect words it. */
  errorAnswer(error: RejectedRequestError): Answer;
  /** Makes the upload in parts that the request names expire; `false` where it names none. */
  expireUpload(): boolean;
}

/**
 * Reads and drops that much of the request's body; the rest stays unread.
 *
 * @throws InterruptedRequestError if the client left before
 */
export async function readBody({ request, acceptBody }: Exchange, bytes: number | 'all'): Promise<void> {
  if (bytes === 0 || request.readableEnded) return;
  acceptBody();
  await new Promise<void>((resolve, reject) => {
    let read = 0;
    const stop = () => {
      request.off('data', onData).off('end', stop).off('close', onClose);
      resolve();
    };
    const onData = (chunk: Buffer) => {
      read += chunk.length;
      if (bytes === 'all' || read < bytes) return;
      request.pause();
      stop();
    };
    const onClose = () => reject(new InterruptedRequestError('The connection ended before the request did.'));
    // The listener for errors stays: the connection may break later, and 'close' says all there is to say.
    request.on('data', onData).on('end', stop).on('close', onClose).on('error', onClose);
    if (request.destroyed) onClose();
  });
}

/** Ends the connection once all that was written has left this process. */
export function cut({ request: { socket } }: Exchange, how: 'reset' | 'close'): void {
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroySoon();
}

/** Resolves when that time has passed, or at once when the connection ends. */
export async function wait({ response }: Exchange, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      response.off('close', stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    response.on('close', stop);
  });
}

/** Writes, and resolves when it has left this process, or the connection ended. */
export async function write({ response }: Exchange, bytes: Uint8Array): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(bytes, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}
