import { type Call, type ClientContext, withCall, withinCall } from './call.js';
import { checkCallOptions, checkFunctions } from './check-options.js';
import { TimeoutError } from './connection-errors.js';
import { ConfigError, FileProcessingError } from './errors.js';
import { guarded } from './events.js';
import { checkFileId } from './file-object.js';
import { cutText } from './http/redact.js';
import { retrieveFile } from './json-calls.js';
import type { CallOptions } from './options.js';
import type { FileObject, HttpInfo, ProcessedFile } from './types.js';

export interface WaitOptions extends CallOptions {
  /** Give up after this many milliseconds; the file goes on being processed. @default 1_800_000, as OpenAI's clients do */
  maxWait?: number;
  /** Milliseconds until the second look; every further one is half as long again, up to 10 seconds. @default 1000 */
  pollInterval?: number;
  /** Told what every look found. What it throws is ignored. */
  onPoll?(file: FileObject): void;
}

/** OpenAI's clients ask every 5 seconds; a small file is mostly done at the first look, and a large one takes minutes. */
const FIRST_INTERVAL_MS = 1000;
const INTERVAL_FACTOR = 1.5;
const MAX_INTERVAL_MS = 10_000;
const MAX_WAIT_MS = 30 * 60 * 1000;

/** Looks at a file without a state before it is taken that none will come: OpenAI calls the field deprecated. */
const LOOKS_WITHOUT_STATUS = 4;

/** Source: OpenAI's `OpenAIFile.status`; `pending` and `running` are Azure's. */
const UNDER_WAY: ReadonlySet<string> = new Set(['uploaded', 'pending', 'running']);

/** `error` is OpenAI's, `deleting` and `deleted` are Azure's, `failed` is what others write. */
const FAILED: ReadonlySet<string> = new Set(['error', 'failed', 'deleting', 'deleted']);

/** Asks about a file until it is processed. */
export function waitForProcessing(
  context: ClientContext,
  id: string,
  options: WaitOptions,
  check: (file: FileObject) => void,
): Promise<HttpInfo<ProcessedFile>> {
  checkCallOptions(options);
  checkFunctions(options, ['onPoll']);
  const maxWait = positive('maxWait', options.maxWait ?? MAX_WAIT_MS);
  let interval = positive('pollInterval', options.pollInterval ?? FIRST_INTERVAL_MS);
  checkFileId(id);
  return withCall(context, 'waitForProcessing', 'other', options, async (call) => {
    const { runtime, signal } = call;
    const onPoll = guarded(options.onPoll?.bind(options), () => {});
    for (let polls = 1; ; polls++) {
      // The limits of a retry count from each look: a long wait is no reason to give up at the first broken connection.
      const look = { ...withinCall(call, 'retrieveFile', options), beganAt: runtime.elapsed() };
      const info = await retrieveFile(look, id);
      const file = info.data;
      check(file);
      onPoll(file);
      const outcome = judge(call, file, polls);
      if (outcome !== 'under way') return { ...info, data: { ...file, processing: { outcome, polls } } };
      const left = maxWait - (runtime.elapsed() - call.beganAt);
      if (left <= 0) throw tooLong(file, maxWait);
      await runtime.sleep(Math.min(interval, left), signal);
      interval = Math.min(MAX_INTERVAL_MS, interval * INTERVAL_FACTOR);
    }
  });
}

function judge(call: Call, { id, status, status_details }: FileObject, polls: number) {
  if (status === 'processed') return 'processed';
  if (status === undefined) return polls < LOOKS_WITHOUT_STATUS ? 'under way' : 'unknown';
  if (UNDER_WAY.has(status)) return 'under way';
  if (!FAILED.has(status)) return 'unknown';
  const said = cutText(call.settings.scrub(status_details ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' '), 2048);
  throw new FileProcessingError(
    `the server did not process ${id}: ${status}${said === '' ? '' : `: ${said}`}`,
    { fileId: id, status, statusDetails: said === '' ? undefined : said },
    { hint: 'mend the dataset and upload it again; the file on the server can be deleted' },
  );
}

function tooLong({ id, status }: FileObject, maxWait: number): TimeoutError {
  const message = `${id} was not processed within ${maxWait / 1000} s; its state is ${status ?? 'not told'}`;
  return new TimeoutError('E_TIMEOUT_PROCESSING', message, maxWait, {
    retryable: true,
    hint: 'the file is on the server and may be processed yet: wait for it again, with a larger maxWait',
  });
}

function positive(name: string, value: number): number {
  if (typeof value === 'number' && value > 0) return value;
  throw new ConfigError(`${name} is not a number above 0`);
}
