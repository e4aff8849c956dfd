import { jsonAnswer } from '../answer.js';
import type { FaultContext } from './fault-context.js';
import type { DeletionFault, ListingFault } from './fault-plan.js';

const CROWD_SIZE = 10_000;

export async function applyListing(fault: ListingFault, { exchange, respond, clock }: FaultContext): Promise<void> {
  const query = new URLSearchParams(exchange.query);
  if (fault.as === 'repeated-page' || fault.as === 'unpaged') query.delete('after');
  if (fault.as === 'unpaged') query.delete('limit');
  const answer = await respond({ ...exchange, query });
  const list = answer.body.kind === 'json' ? answer.body.value : {};
  if (!('data' in list) || !Array.isArray(list.data)) return exchange.send(answer);
  const hidden = fault.as === 'hide-newest' ? await newestId() : undefined;
  await exchange.send(jsonAnswer(distort(fault, { ...list, data: list.data }, hidden, clock())));

  /** Asked for apart: the page at hand may be another one, and in the other order. */
  async function newestId() {
    const { body } = await respond({ ...exchange, query: new URLSearchParams({ limit: '1' }) });
    return body.kind === 'json' && 'first_id' in body.value ? body.value.first_id : undefined;
  }
}

interface ListValue {
  readonly data: readonly object[];
  readonly [field: string]: unknown;
}

/** @param now milliseconds since the Unix epoch */
function distort({ as, count = CROWD_SIZE }: ListingFault, list: ListValue, hidden: unknown, now: number): object {
  switch (as) {
    case 'empty-page':
      return { ...withData(list, []), has_more: true };
    case 'repeated-page':
      return { ...list, has_more: true };
    case 'no-object':
      return Object.fromEntries(Object.entries(list).filter(([name]) => name !== 'object'));
    case 'hide-newest':
      return withData(
        list,
        list.data.filter((file) => idOf(file) !== hidden),
      );
    case 'hide-all':
      return { ...withData(list, []), has_more: false };
    case 'crowd':
      return withData(list, [...crowd(count, Math.floor(now / 1000)), ...list.data]);
    case 'unpaged':
      return { ...list, has_more: false };
  }
}

function withData(list: ListValue, data: readonly object[]): ListValue {
  return { ...list, data, first_id: idOf(data.at(0)), last_id: idOf(data.at(-1)) };
}

function idOf(file: object | undefined): unknown {
  return file !== undefined && 'id' in file ? file.id : null;
}

function crowd(count: number, createdAt: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `file-crowd${String(index).padStart(19, '0')}`,
    object: 'file',
    bytes: 1 + index,
    created_at: createdAt,
    filename: `crowd-${index}.jsonl`,
    purpose: 'fine-tune',
    status: 'processed',
    status_details: null,
    expires_at: null,
  }));
}

export async function applyDeletion({ as }: DeletionFault, { exchange, respond }: FaultContext): Promise<void> {
  const file = await respond({ ...exchange, method: 'GET' });
  const answer = await respond();
  if (answer.status !== 200) return exchange.send(answer);
  switch (as) {
    case 'no-content':
      return exchange.send({
        status: 204,
        headers: {},
        body: { kind: 'bytes', bytes: new Uint8Array(), contentType: '' },
      });
    case 'file-object':
      return exchange.send(file);
    case 'not-found':
      // The file is gone by now: whoever asks for it hears so.
      return exchange.send(await respond({ ...exchange, method: 'GET' }));
  }
}
