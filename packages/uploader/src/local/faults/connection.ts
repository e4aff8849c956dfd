import type { Answer } from '../answer.js';
import { encodeBody } from '../answer.js';
import { cut, type FaultContext, readBody, wait, write } from './fault-context.js';
import type { CutFault, DelayFault, InterimFault, LoseAnswerFault, StallFault } from './fault-plan.js';

export async function applyCut({ how = 'reset', afterBytes = 0 }: CutFault, { exchange }: FaultContext): Promise<void> {
  await readBody(exchange, afterBytes);
  cut(exchange, how);
}

export async function applyStall({ afterBytes = 0 }: StallFault, { exchange }: FaultContext): Promise<void> {
  await readBody(exchange, afterBytes);
}

export async function applyLoseAnswer(
  { how = 'close', afterBytes }: LoseAnswerFault,
  { exchange, respond }: FaultContext,
): Promise<void> {
  const answer = await respond();
  if (afterBytes === undefined) {
    if (answer.body.kind === 'stored') await answer.body.close();
  } else {
    await sendBeginning(answer, afterBytes);
  }
  if (how !== 'silence') cut(exchange, how);

  async function sendBeginning({ status, headers, body }: Answer, bytes: number) {
    const encoded =
      body.kind === 'stored'
        ? { headers: { 'content-length': String(body.length) }, payload: await beginning(body.read(), bytes) }
        : encodeBody(body);
    if (body.kind === 'stored') await body.close();
    exchange.response.writeHead(status, { ...exchange.commonHeaders(), ...encoded.headers, ...headers });
    exchange.response.flushHeaders();
    await write(exchange, encoded.payload.subarray(0, bytes));
  }
}

async function beginning(content: AsyncIterable<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (bytes > 0) {
    for await (const chunk of content) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bytes) break;
    }
  }
  return Buffer.concat(chunks);
}

export async function applyInterim(
  { status, times = 1, when = 'before-body' }: InterimFault,
  { exchange, respond }: FaultContext,
): Promise<void> {
  const sendInterim = () => {
    for (let sent = 0; sent < times; sent += 1) {
      if (status === 100) exchange.response.writeContinue();
      else exchange.response.writeEarlyHints({ link: '</hint>; rel=preload' });
    }
  };
  if (when === 'before-body') sendInterim();
  const answer = await respond();
  if (when === 'after-body') sendInterim();
  await exchange.send(answer);
}

export async function applyDelay({ ms, when = 'after-effect' }: DelayFault, { exchange, respond }: FaultContext) {
  if (when === 'before-body') await wait(exchange, ms);
  const answer = await respond();
  if (when === 'after-effect') await wait(exchange, ms);
  await exchange.send(answer);
}
