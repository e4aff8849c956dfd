import type { Readable } from 'node:stream';

/** What an operation answers, as a value: how it goes over the wire is decided later, and may be decided badly. */
export interface Answer {
  /** HTTP status code. */
  readonly status: number;
  /** Names in lower case; `content-type` and `content-length` follow from the body. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

type AnswerBody =
  | { readonly kind: 'json'; readonly value: object }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly contentType: string }
  | StoredContent;

/** A range of a stored file. */
export interface StoredContent {
  readonly kind: 'stored';
  /** Bytes that `read` yields. */
  readonly length: number;
  read(): Readable;
  /** Has to be called once, whether `read` was or not. */
  close(): Promise<void>;
}

export function jsonAnswer(value: object, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: { kind: 'json', value } };
}

export function bytesAnswer(
  status: number,
  contentType: string,
  bytes: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body: { kind: 'bytes', bytes: Buffer.from(bytes), contentType } };
}

/** An answer whose body fits in memory, as it is sent. */
export interface EncodedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/** @param body anything but the content of a file */
export function encodeBody(body: Exclude<AnswerBody, StoredContent>): EncodedAnswer {
  const payload = body.kind === 'json' ? Buffer.from(JSON.stringify(body.value)) : body.bytes;
  const contentType = body.kind === 'json' ? 'application/json' : body.contentType;
  return {
    headers: {
      ...(contentType === '' ? {} : { 'content-type': contentType }),
      'content-length': String(payload.length),
    },
    payload,
  };
}

/** For an answer that is not sent after all. */
export async function discardAnswer(answer: Answer | undefined): Promise<void> {
  if (answer?.body.kind === 'stored') await answer.body.close();
}
