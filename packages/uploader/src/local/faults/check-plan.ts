import { LocalFilesServerError } from '../errors.js';
import { OPERATIONS } from '../operation.js';
import type { FaultPlan, RequestFault } from './fault-plan.js';

type Check = (value: unknown) => string | undefined;

const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value) ? undefined : `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`;
const count: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'a whole number from 0';
const integer: Check = (value) => (Number.isSafeInteger(value) ? undefined : 'a whole number');
const text: Check = (value) => (typeof value === 'string' ? undefined : 'a string');
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const record: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';
const texts: Check = (value) =>
  Array.isArray(value) && value.every((it) => !text(it)) ? undefined : 'a list of strings';
const headers: Check = (value) =>
  record(value) === undefined && Object.values(value as object).every((it) => !text(it))
    ? undefined
    : 'an object of strings';
const status: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599 ? undefined : 'a status from 200 to 599';
const bytesRead: Check = (value) => (value === 'all' ? undefined : count(value) && 'a whole number from 0, or "all"');
const withOneKeyOf =
  (...keys: readonly string[]): Check =>
  (value) =>
    record(value) === undefined && keys.some((key) => Object.hasOwn(value as object, key))
      ? undefined
      : `an object with ${keys.join(', or ')}`;

/** A field whose name ends in `!` has to be there. */
const FIELDS: Readonly<Record<RequestFault['kind'], Readonly<Record<string, Check>>>> = {
  cut: { how: oneOf('reset', 'close'), afterBytes: bytesRead },
  stall: { afterBytes: bytesRead },
  answer: {
    'status!': status,
    headers,
    retryAfter: withOneKeyOf('seconds', 'date', 'ms', 'azure-ms', 'text'),
    dateSkewMs: integer,
    body: withOneKeyOf('error', 'json', 'text', 'html'),
    afterBytes: bytesRead,
    takeEffect: flag,
    // biome-ignore lint/suspicious/noThenProperty: the name of a field of a plan, which is no promise.
    then: oneOf('read-on', 'close', 'reset', 'stall'),
  },
  'lose-answer': { how: oneOf('reset', 'close', 'silence'), afterBytes: count },
  garble: {
    'as!': oneOf('truncated-json', 'html', 'empty', 'array', 'list', 'wrong-object', 'no-id', 'null', 'not-json'),
  },
  alter: { status, headers, dateSkewMs: integer, set: record, omit: texts, setInList: record, omitInList: texts },
  pace: { 'as!': oneOf('slow', 'endless', 'gzip', 'gzip-bomb'), status, everyMs: count, bytes: count },
  redirect: { status: oneOf(301, 302, 303, 307, 308), 'location!': text, afterBytes: bytesRead },
  interim: { 'status!': oneOf(100, 103), times: count, when: oneOf('before-body', 'after-body') },
  delay: { 'ms!': count, when: oneOf('before-body', 'after-effect') },
  listing: {
    'as!': oneOf('empty-page', 'repeated-page', 'no-object', 'hide-newest', 'hide-all', 'crowd', 'unpaged'),
    count,
  },
  rewrite: { filename: text, addBytes: integer, longIds: flag },
  deletion: { 'as!': oneOf('no-content', 'file-object', 'not-found') },
  download: {
    'as!': oneOf('short', 'short-length', 'long', 'wrong-bytes', 'file-name', 'no-range', 'etag', 'wrong-range'),
    bytes: count,
    filename: text,
  },
  upload: { 'as!': oneOf('expired', 'wrong-checksum', 'no-such-upload', 'unsupported') },
  'echo-key': { status },
};

const ON: Check = (value) => {
  const names = [value].flat();
  const known = ['any', 'connection', ...OPERATIONS];
  return names.length > 0 && names.every((name) => known.includes(String(name)))
    ? undefined
    : `one of ${known.join(', ')}`;
};
const RULE: Readonly<Record<string, Check>> = {
  on: ON,
  method: text,
  path: text,
  nth: (value) => (count(value) || value === 0 ? 'a whole number from 1' : undefined),
  times: (value) => (value === 'always' ? undefined : count(value) && 'a whole number, or "always"'),
  chance: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a number from 0 to 1'),
  'fault!': record,
};

/** A plan may come from a file: what the types would refuse is refused here. @throws LocalFilesServerError `E_LOCAL_OPTION` */
export function checkPlan(plan: unknown): asserts plan is FaultPlan {
  if (!Array.isArray(plan)) throw refused('faults', 'expected a list of rules');
  plan.forEach((rule: unknown, index) => {
    const at = `faults[${index}]`;
    if (record(rule) !== undefined) throw refused(at, 'expected an object with a fault');
    checkFields(at, rule as object, RULE);
    const { on, fault } = rule as { readonly on?: unknown; readonly fault: object };
    const kind = 'kind' in fault ? String(fault.kind) : '';
    if (!isKind(kind)) {
      throw refused(`${at}.fault.kind`, `expected ${oneOf(...Object.keys(FIELDS))(kind)}, not ${JSON.stringify(kind)}`);
    }
    checkFields(`${at}.fault`, fault, { 'kind!': text, ...FIELDS[kind] });
    if ([on].flat().includes('connection') && (on !== 'connection' || kind !== 'cut' || 'afterBytes' in fault)) {
      throw refused(at, 'a connection can only be cut, at once');
    }
    if (kind === 'answer' && 'takeEffect' in fault && 'afterBytes' in fault && fault.afterBytes !== 'all') {
      throw refused(`${at}.fault`, 'a request can only take effect when all of it is read');
    }
  });
}

function isKind(kind: string): kind is RequestFault['kind'] {
  return Object.hasOwn(FIELDS, kind);
}

function checkFields(at: string, value: object, fields: Readonly<Record<string, Check>>): void {
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [key, check] of Object.entries(fields)) {
    const name = key.replace(/!$/, '');
    const field = given.get(name);
    given.delete(name);
    if (field === undefined && name === key) continue;
    const expectation = check(field);
    if (expectation === undefined) continue;
    throw refused(`${at}.${name}`, `expected ${expectation}, not ${JSON.stringify(field) ?? 'nothing'}`);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) throw refused(`${at}.${unknown}`, 'there is no such field');
}

function refused(at: string, problem: string) {
  return new LocalFilesServerError('E_LOCAL_OPTION', `The fault plan is wrong at ${at}: ${problem}.`);
}
