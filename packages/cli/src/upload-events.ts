import type { Progress, UploadEvent } from '@tunegate/uploader';
import { oneLine } from './one-line.js';

/** How far a sending has come: `sending to api.openai.com  61% of 82.4 MB  5.2 MB/s  0:05 left`. */
export function sendingText({ phase, bytesSent, bytesTotal, bytesPerSecond }: Progress, host: string): string {
  const share = bytesTotal > 0 ? Math.floor((bytesSent / bytesTotal) * 100) : 100;
  const pace = phase === 'send' && bytesPerSecond > 0 ? `  ${paceText(bytesTotal - bytesSent, bytesPerSecond)}` : '';
  return `${PHASES[phase]} ${oneLine(host)}  ${share}% of ${(bytesTotal / 1e6).toFixed(1)} MB${pace}`;
}

function paceText(bytesLeft: number, bytesPerSecond: number): string {
  const left = Math.ceil(bytesLeft / bytesPerSecond);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s  ${clock} left`;
}

const PHASES = {
  connect: 'connecting to',
  send: 'sending to',
  wait: 'waiting for',
  reconcile: 'looking for the file at',
  done: 'sent to',
} as const;

/** What an event says to a person; `undefined` when it says nothing. */
export function eventText(event: UploadEvent): string | undefined {
  switch (event.type) {
    case 'attempt-failed':
      return event.willRetryInMs === null
        ? undefined
        : `${event.part === undefined ? '' : `part ${event.part}, `}try ${event.attempt} failed: ${event.error.message}; trying again in ${(event.willRetryInMs / 1000).toFixed(1)} s`;
    case 'ambiguous':
      return "the answer was lost; looking for the file in the server's list";
    case 'duplicate-risk':
      return `the file is sent a second time (${event.reason}); if the first one was stored after all, there will be two`;
    case 'resumed':
      return event.partsDone === event.partsTotal
        ? 'an earlier upload of this file had sent all of its parts: asking the server to put them together'
        : `going on with an earlier upload of this file: ${event.partsDone} of ${event.partsTotal} parts are there`;
    case 'kept-for-resume':
      return `${event.partsDone} of ${event.partsTotal} parts are kept for an hour: the same command goes on with them`;
    case 'warning':
      return event.message;
    case 'source-changed':
      return `${event.path} was touched while it was sent; the server got the bytes that were checked`;
    default:
      return undefined;
  }
}
