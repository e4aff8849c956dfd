import { badRequest, InterruptedRequestError, RejectedRequestError } from './errors.js';
import type { Exchange } from './exchange.js';

/** Room for the ids of 30,000 parts. */
const MAX_BYTES = 1_048_576;

/**
 * Reads a request whose body is one JSON object.
 *
 * @throws RejectedRequestError 400, 413
 * @throws InterruptedRequestError if the client went away
 */
export async function readJsonObject({ request, acceptBody }: Exchange): Promise<ReadonlyMap<string, unknown>> {
  acceptBody();
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const onClose = () => {
      if (!request.readableEnded) reject(new InterruptedRequestError('The connection ended before the request did.'));
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) {
        const message = `The body has more than ${MAX_BYTES} bytes.`;
        reject(new RejectedRequestError({ status: 413, message, type: 'server_error' }));
      } else chunks.push(chunk);
    });
    request.on('end', resolve).on('close', onClose).on('error', onClose);
    if (request.readableEnded) resolve();
    else if (request.destroyed) onClose();
  });
  if (bytes === 0) return new Map();
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('We could not parse the JSON body of your request.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The JSON body of the request must be an object.');
  }
  return new Map(Object.entries(value));
}
