import type { Exchange } from '../exchange.js';
import type { FaultContext } from './fault-context.js';
import type { RewriteFault } from './fault-plan.js';

// LiteLLM packs the provider, the model and the true id into the one it shows.
const PREFIX = 'litellm_proxy:application/octet-stream;unified_id,';
const SUFFIX = `;target_model_names,${'gpt-4.1-mini,'.repeat(11)}`;

export async function applyRewrite(fault: RewriteFault, { exchange, respond }: FaultContext): Promise<void> {
  const answer = await respond(withTrueIds(exchange));
  const { body } = answer;
  await exchange.send(
    body.kind === 'json' ? { ...answer, body: { kind: 'json', value: rewriteObject(fault, body.value) } } : answer,
  );
}

function rewriteObject(fault: RewriteFault, value: object): object {
  const { filename = 'modified_file.jsonl', addBytes = 0, longIds = true } = fault;
  const entries = Object.entries(value).map(([name, field]): [string, unknown] => {
    if (longIds && /^(?:id|first_id|last_id)$/.test(name) && typeof field === 'string') return [name, longId(field)];
    if (name === 'filename') return [name, filename];
    if (name === 'bytes' && typeof field === 'number') return [name, field + addBytes];
    if (Array.isArray(field)) return [name, field.map((entry) => rewriteNested(fault, entry))];
    return [name, rewriteNested(fault, field)];
  });
  return Object.fromEntries(entries);
}

function rewriteNested(fault: RewriteFault, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? rewriteObject(fault, value) : value;
}

function longId(id: string): string {
  return id.startsWith('file-') ? Buffer.from(`${PREFIX}${id}${SUFFIX}`).toString('base64url') : id;
}

function trueId(id: string): string {
  const text = Buffer.from(id, 'base64url').toString();
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length).replace(SUFFIX, '') : id;
}

/** The request as if it had named the ids that the store knows. */
function withTrueIds(exchange: Exchange): Exchange {
  const query = new URLSearchParams(exchange.query);
  const after = query.get('after');
  if (after !== null) query.set('after', trueId(after));
  return { ...exchange, query, path: exchange.path.split('/').map(trueId).join('/') };
}
