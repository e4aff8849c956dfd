/** Two 32-bit hashes of a value. */
type Lanes = [a: number, b: number];

/**
 * A number that equal JSON values share, whatever the order of their keys: 53 bits of two FNV-1a hashes.
 *
 * Walks the value instead of writing it out: nothing is allocated but for the objects.
 */
export function valueFingerprint(value: unknown): number {
  const lanes: Lanes = [0x811c9dc5, 0x9e3779b9];
  mix(value, lanes);
  return (lanes[0] >>> 0) * 0x200000 + (lanes[1] >>> 11);
}

function mix(value: unknown, lanes: Lanes): void {
  switch (typeof value) {
    case 'string':
      mixText(value, lanes, 1);
      return;
    case 'number':
      mixText(String(value), lanes, 2);
      return;
    case 'boolean':
      mixCode(value ? 3 : 4, lanes);
      return;
    default:
  }
  if (value === null || typeof value !== 'object') {
    mixCode(5, lanes);
    return;
  }
  if (Array.isArray(value)) {
    mixCode(6, lanes);
    for (const entry of value) mix(entry, lanes);
    mixCode(7, lanes);
    return;
  }
  // Keys in any order: their hashes are added up.
  let a = 0;
  let b = 0;
  for (const key of Object.keys(value)) {
    const inner: Lanes = [0x811c9dc5, 0x9e3779b9];
    mixText(key, inner, 8);
    mix((value as Record<string, unknown>)[key], inner);
    a = (a + inner[0]) | 0;
    b = (b + inner[1]) | 0;
  }
  mixCode(a, lanes);
  mixCode(b, lanes);
  mixCode(9, lanes);
}

function mixText(text: string, lanes: Lanes, kind: number): void {
  let [a, b] = lanes;
  a = Math.imul(a ^ kind, 0x01000193);
  b = Math.imul(b ^ kind, 0x85ebca6b);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  lanes[0] = Math.imul(a ^ text.length, 0x01000193);
  lanes[1] = Math.imul(b ^ text.length, 0xc2b2ae35);
}

function mixCode(code: number, lanes: Lanes): void {
  lanes[0] = Math.imul(lanes[0] ^ code, 0x01000193);
  lanes[1] = Math.imul(lanes[1] ^ code, 0x85ebca6b);
  lanes[1] ^= lanes[1] >>> 13;
}
