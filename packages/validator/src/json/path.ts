/** The steps from a JSON value to a place in it; a string is a key, a number an index. */
export type JsonPath = readonly (string | number)[];

/** Follows one step; own properties only, so that `__proto__` is a key like any other. */
export function stepInto(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

/** The JSON Pointer of a path. Source: RFC 6901. */
export function toPointer(path: JsonPath): string {
  let pointer = '';
  for (const step of path) pointer += `/${typeof step === 'number' ? step : escapeStep(step)}`;
  return pointer;
}

function escapeStep(step: string): string {
  return step.includes('~') || step.includes('/') ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step;
}

/** The path of a JSON Pointer: which tokens are indexes depends on the value that it points into. */
export function parsePointer(pointer: string, root: unknown): JsonPath {
  const path: (string | number)[] = [];
  if (pointer === '') return path;
  let value = root;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token;
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = stepInto(value, step);
  }
  return path;
}
