import { errorBody } from './fault-files.js';
import type { Exchange, Fault, StoredFile } from './fault-server.js';

/** Answers with a status and a body as soon as the whole request is in. */
export function answer(status: number, body: unknown = errorBody('no'), headers: Record<string, string> = {}): Fault {
  return async ({ readBody, json }) => {
    await readBody();
    json(status, body, headers);
  };
}

/** Answers at once, before the body, and goes on reading. */
export function answerEarly(status: number, body: unknown = errorBody('no'), headers = {}): Fault {
  return async ({ request, readSome, json }) => {
    await readSome(1);
    json(status, body, headers);
    request.resume();
  };
}

/** Takes and keeps the whole file, then does something else than answering well. */
export function storeThen(action: (exchange: Exchange, file: StoredFile) => void): Fault {
  return async (exchange) => action(exchange, await exchange.readAndStore());
}

/** Reads some of the body, then resets the connection. */
export function resetAfter(bytes: number): Fault {
  return async ({ readSome, socket }) => {
    if (bytes > 0) await readSome(bytes);
    socket.resetAndDestroy();
  };
}

/** Reads some of the body, then closes the connection in good order. */
export function finAfter(bytes: number): Fault {
  return async ({ readSome, socket }) => {
    if (bytes > 0) await readSome(bytes);
    socket.end();
    socket.destroySoon();
  };
}

/** Says nothing and leaves the connection open. */
export const silence: Fault = () => {};
