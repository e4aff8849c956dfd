import type { Call } from '../call.js';
import { runAttempts } from '../call.js';
import { IntegrityError } from '../errors.js';
import type { PartsProgress } from '../events.js';
import { openExchange, type RequestBody } from '../http/exchange.js';
import { requestIdOf } from '../http/headers.js';
import { exchangeSettings, isSuccess, readApiError, readJsonText, requestHeaders, urlOf } from '../json-call.js';
import { type ByteRange, multipartBody } from '../multipart/body.js';
import { buildEnvelope, newBoundary } from '../multipart/envelope.js';
import type { Upload } from '../post-file.js';
import type { Session } from './journal-file.js';
import { parsePartId, uploadPath } from './uploads-api.js';

/** Sending the parts of one upload. */
export interface Transfer {
  readonly upload: Upload;
  readonly ranges: readonly ByteRange[];
  readonly session: Session;
  readonly concurrency: number;
  /** Called after each part that the server has acknowledged. */
  onAccepted(): Promise<void>;
}

/**
 * Sends the parts that the server does not have, some at a time. The first failure ends the others: it is thrown when
 * none is on its way any more.
 */
export async function sendMissingParts(transfer: Transfer): Promise<void> {
  const { upload, session, ranges } = transfer;
  const { call } = upload;
  const missing = ranges.flatMap((range, index) => (session.partIds[index] === undefined ? [{ range, index }] : []));
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const tally = createTally(transfer);
  let failure: { readonly error: unknown } | undefined;
  tally.report();

  const work = async () => {
    for (let next = missing.shift(); next !== undefined && failure === undefined; next = missing.shift()) {
      try {
        session.partIds[next.index] = await sendPart(transfer, tally, next, signal);
        tally.accept(next.index);
        await transfer.onAccepted();
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(transfer.concurrency, missing.length) }, work));
  if (failure !== undefined) throw failure.error;
}

interface Tally {
  readonly partsDone: () => number;
  moved(index: number, bytes: number): void;
  accept(index: number): void;
  report(): void;
}

function createTally({ upload, session, ranges }: Transfer): Tally {
  const { progress, emit, snapshot } = upload;
  const onTheWay = new Map<number, number>();
  const partsTotal = ranges.length;
  let partsDone = session.partIds.filter((id) => id !== undefined).length;
  let bytesAccepted = ranges.reduce((sum, { length }, index) => sum + (session.partIds[index] ? length : 0), 0);
  const report = () => {
    const parts: PartsProgress = { bytesAccepted, partsDone, partsTotal };
    let bytesSent = bytesAccepted;
    for (const bytes of onTheWay.values()) bytesSent += bytes;
    progress.report(bytesAccepted === snapshot.size ? 'wait' : 'send', bytesSent, 1, parts);
  };
  return {
    report,
    partsDone: () => partsDone,
    moved(index, bytes) {
      onTheWay.set(index, bytes);
      report();
    },
    accept(index) {
      onTheWay.delete(index);
      partsDone++;
      bytesAccepted += ranges[index]?.length ?? 0;
      emit({ type: 'part-done', part: index + 1, partsDone, partsTotal });
      report();
    },
  };
}

interface Part {
  readonly range: ByteRange;
  readonly index: number;
}

/**
 * Sends one part until the server acknowledges it. One whose answer was lost is sent again: the file is made of the parts
 * that `complete` names, so that the twin is in nobody's way.
 */
async function sendPart(transfer: Transfer, tally: Tally, part: Part, signal: AbortSignal): Promise<string> {
  const { call, emit } = transfer.upload;
  const now = call.runtime.elapsed();
  const { deadline } = call.timeouts;
  const partCall: Call = {
    ...call,
    name: 'uploadPart',
    signal,
    beganAt: now,
    // Budget and retries are the part's own, the deadline is that of the whole.
    timeouts: { ...call.timeouts, deadline: deadline === undefined ? undefined : deadline - (now - call.beganAt) },
    attempts: [],
  };
  const number = part.index + 1;
  let forgotten = 0;
  let partsDone = tally.partsDone();
  try {
    return await runAttempts(partCall, (_attempt, trace) => postPart(transfer, tally, part, signal, trace), {
      onStart: (attempt) => emit({ type: 'attempt-start', attempt, part: number }),
      onFailed: (attempt, error, willRetryInMs, handedOver) =>
        emit({ type: 'attempt-failed', attempt, part: number, error, willRetryInMs, handedOver }),
      // A network that lets other parts through is worth more tries than one that lets nothing through.
      retriesDone(attempt) {
        if (tally.partsDone() > partsDone) forgotten = attempt - 1;
        partsDone = tally.partsDone();
        return attempt - 1 - forgotten;
      },
    });
  } finally {
    call.attempts.push(...partCall.attempts);
  }
}

async function postPart(
  { upload, session }: Transfer,
  tally: Tally,
  { range, index }: Part,
  signal: AbortSignal,
  trace: Parameters<Parameters<typeof runAttempts>[1]>[1],
): Promise<string> {
  const { call, snapshot } = upload;
  const envelope = buildEnvelope({
    boundary: newBoundary(),
    fields: [],
    fileField: 'data',
    filename: `part-${index + 1}`,
    fileContentType: 'application/octet-stream',
  });
  const body = multipartBody(snapshot, envelope, range);
  trace.bytesSent = () => body.progress.bytesSent;
  trace.handedOver = () => body.progress.handedOver;
  const reported: RequestBody = {
    ...body,
    chunks: (onStep, isFlushed) =>
      body.chunks(() => {
        onStep();
        tally.moved(index, body.progress.bytesSent);
      }, isFlushed),
  };
  const url = urlOf(call, uploadPath(session.uploadId, 'parts'));
  tally.moved(index, 0);
  const exchange = await openExchange({
    method: 'POST',
    url,
    headers: { ...requestHeaders(call), 'content-type': envelope.contentType },
    body: reported,
    ...exchangeSettings(call),
    signal,
  });
  try {
    const { status, headers } = exchange;
    trace.status = status;
    if (!isSuccess(status)) throw await readApiError(call, exchange, 'POST', url, body.contentLength);
    if (!exchange.handedOver) {
      throw new IntegrityError(`the server reported success before it had the whole of part ${index + 1}`, {
        expected: range.length,
        requestId: requestIdOf(headers),
      });
    }
    return parsePartId(await readJsonText(call, exchange), status);
  } finally {
    exchange.close();
  }
}
