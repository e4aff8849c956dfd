import { type Answer, bytesAnswer, discardAnswer, encodeBody, jsonAnswer } from '../answer.js';
import { cut, type FaultContext, readBody, write } from './fault-context.js';
import type {
  AlterFault,
  AnswerFault,
  AnswerFaultBody,
  EchoKeyFault,
  GarbleFault,
  RedirectFault,
  RetryAfterForm,
} from './fault-plan.js';

export async function applyAnswer(fault: AnswerFault, { exchange, respond, clock }: FaultContext): Promise<void> {
  const { afterBytes = 'all', takeEffect = false, then = 'read-on' } = fault;
  if (takeEffect) await discardAnswer(await respond());
  else await readBody(exchange, afterBytes);
  const answer = answerOf(fault, clock());
  const { request, response } = exchange;
  if (request.complete || then === 'read-on' || answer.body.kind === 'stored') return exchange.send(answer);
  const { headers, payload } = encodeBody(answer.body);
  response.writeHead(answer.status, {
    ...exchange.commonHeaders(),
    ...headers,
    connection: 'close',
    ...answer.headers,
  });
  response.flushHeaders();
  await write(exchange, payload);
  if (then !== 'stall') cut(exchange, then);
}

/** @param now milliseconds since the Unix epoch */
function answerOf({ status, headers, retryAfter, dateSkewMs = 0, body }: AnswerFault, now: number): Answer {
  const date = now + dateSkewMs;
  const { headers: bodyHeaders, ...answer } = bodyOf(body ?? (status < 400 ? { json: {} } : { error: {} }), status);
  return {
    ...answer,
    headers: {
      ...bodyHeaders,
      date: new Date(date).toUTCString(),
      ...(retryAfter === undefined ? {} : retryAfterHeader(retryAfter, date)),
      ...headers,
    },
  };
}

function retryAfterHeader(form: RetryAfterForm, date: number): Record<string, string> {
  if ('seconds' in form) return { 'retry-after': String(form.seconds) };
  if ('date' in form) return { 'retry-after': new Date(date + form.date * 1000).toUTCString() };
  if ('ms' in form) return { 'retry-after-ms': String(form.ms) };
  if ('azure-ms' in form) return { 'x-ms-retry-after-ms': String(form['azure-ms']) };
  return { 'retry-after': form.text };
}

function bodyOf(body: AnswerFaultBody, status: number): Answer {
  if ('error' in body) {
    const type = status >= 500 ? 'server_error' : 'invalid_request_error';
    const message = `This error was asked for: status ${status}.`;
    return jsonAnswer({ error: { message, type, param: null, code: null, ...body.error } }, status);
  }
  if ('json' in body) return bytesAnswer(status, 'application/json', JSON.stringify(body.json));
  if ('html' in body) return htmlAnswer(status, body.html);
  return bytesAnswer(status, body.contentType ?? 'text/plain; charset=utf-8', body.text);
}

function htmlAnswer(status: number, title: string): Answer {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return bytesAnswer(status, 'text/html', page);
}

export async function applyGarble({ as }: GarbleFault, { exchange, respond }: FaultContext): Promise<void> {
  const answer = await respond();
  await exchange.send(answer.status < 400 && answer.body.kind === 'json' ? garble(as, answer.body.value) : answer);
}

function garble(as: GarbleFault['as'], value: object): Answer {
  const text = JSON.stringify(value);
  switch (as) {
    case 'truncated-json':
      return bytesAnswer(200, 'application/json', text.slice(0, Math.ceil(text.length / 2)));
    case 'html':
      return htmlAnswer(200, 'Welcome');
    case 'empty':
      return bytesAnswer(200, '', '');
    case 'array':
      return bytesAnswer(200, 'application/json', '[]');
    case 'list':
      return jsonAnswer({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
    case 'wrong-object':
      return jsonAnswer({ ...value, object: 'assistant' });
    case 'no-id':
      return jsonAnswer(withoutFields(value, ['id']));
    case 'null':
      return bytesAnswer(200, 'application/json', 'null');
    case 'not-json':
      return bytesAnswer(200, 'application/json', 'OK');
  }
}

export async function applyAlter(fault: AlterFault, { exchange, respond, clock }: FaultContext): Promise<void> {
  const answer = await respond();
  const { status = answer.status, headers, dateSkewMs, set, omit = [], setInList, omitInList = [] } = fault;
  const alterEntry = (entry: object) => ({ ...withoutFields(entry, omitInList), ...setInList });
  const alterValue = (value: object) => {
    const data = 'data' in value && Array.isArray(value.data) ? { data: value.data.map(alterEntry) } : {};
    return { ...withoutFields({ ...value, ...data }, omit), ...set };
  };
  await exchange.send({
    status,
    headers: {
      ...answer.headers,
      ...(dateSkewMs === undefined ? {} : { date: new Date(clock() + dateSkewMs).toUTCString() }),
      ...headers,
    },
    body: answer.body.kind === 'json' ? { kind: 'json', value: alterValue(answer.body.value) } : answer.body,
  });
}

function withoutFields(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

export async function applyRedirect(
  { status = 302, location, afterBytes = 'all' }: RedirectFault,
  { exchange }: FaultContext,
): Promise<void> {
  await readBody(exchange, afterBytes);
  const target = location === 'loop' ? (exchange.request.url ?? '/') : location;
  await exchange.send(bytesAnswer(status, '', '', { location: target }));
}

export async function applyEchoKey({ status = 401 }: EchoKeyFault, { exchange }: FaultContext): Promise<void> {
  await readBody(exchange, 'all');
  const { authorization = '', 'api-key': apiKey } = exchange.request.headers;
  const key = authorization.replace(/^Bearer +/i, '') || String(apiKey ?? '');
  const message = `Incorrect API key provided: ${key}. You can find your API key in your account.`;
  const type = 'invalid_request_error';
  await exchange.send(jsonAnswer({ error: { message, type, param: null, code: 'invalid_api_key' } }, status));
}
