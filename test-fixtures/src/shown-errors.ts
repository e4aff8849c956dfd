import { inspect } from 'node:util';

/** Everything that an error can be made to show: what a logger, a debugger or a crash report would print of it. */
export function everythingShownBy(error: unknown): string {
  const shown: string[] = [];
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < 8; depth++) {
    shown.push(
      String(at),
      JSON.stringify(at) ?? '',
      inspect(at, { depth: 12 }),
      inspect(at, { depth: 12, showHidden: true, customInspect: false, getters: true }),
    );
    if (!(at instanceof Error)) break;
    shown.push(at.stack ?? '', JSON.stringify(at, Object.getOwnPropertyNames(at)));
    at = at.cause;
  }
  return shown.join('\n');
}

/** The key of every test; nothing that is shown may hold it, or eight characters of it. */
export const SECRET_KEY = 'sk-proj-Q7vXw9LmZt3RbN5cKd8Hf2Js6Gy4Pa1e';

/** The error that a promise rejects with, checked for its class and for the key. */
export async function failureOf<E extends Error>(
  promise: Promise<unknown>,
  Kind: abstract new (...args: never[]) => E,
): Promise<E> {
  const error = await promise.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  const shown = everythingShownBy(error);
  for (let at = 0; at + 8 <= SECRET_KEY.length; at++) {
    if (shown.includes(SECRET_KEY.slice(at, at + 8))) throw new Error(`an error shows the key: ${shown}`);
  }
  if (!(error instanceof Kind)) throw new Error(`not a ${Kind.name}: ${inspect(error)}`);
  return error;
}
