import { badRequest, RejectedRequestError } from '../errors.js';
import { type FaultContext, readBody } from './fault-context.js';
import type { UploadFault } from './fault-plan.js';

export async function applyUpload({ as }: UploadFault, context: FaultContext): Promise<void> {
  const { exchange, respond, errorAnswer, expireUpload } = context;
  switch (as) {
    case 'expired':
      expireUpload();
      return exchange.send(await respond());
    case 'wrong-checksum':
      await readBody(exchange, 'all');
      return exchange.send(errorAnswer(badRequest('The md5 checksum does not match the content of the parts.', 'md5')));
    case 'no-such-upload':
      await readBody(exchange, 'all');
      return exchange.send(errorAnswer(notFound(`No such Upload object: ${exchange.path.split('/').at(3) ?? ''}`)));
    case 'unsupported':
      await readBody(exchange, 'all');
      return exchange.send(errorAnswer(notFound(`Invalid URL (${exchange.method} ${exchange.path})`)));
  }
}

function notFound(message: string) {
  return new RejectedRequestError({ status: 404, message });
}
