import { note, OVERFLOW } from './flags';

/** Reads the text of a number as JavaScript does; in the host, which alone rounds every one of them right. */
@external("host", "readNumber")
declare function readNumber(at: usize, length: usize): f64;

/** The number that was read last. */
export let number: f64 = 0;

/** Exact in a double; so is a product or quotient of one of them with a whole number up to 2⁵³, but for one rounding. */
const POWERS = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);
const MAX_POWER = 22;
/** So many digits always fit into 64 bits. */
const MAX_DIGITS = 18;
const MAX_EXACT: u64 = 1 << 53;

/** @returns What is behind the number; 0 when it is none that JSON knows. */
export function readNumberAt(start: usize): usize {
  let at = start;
  const isNegative = load<u8>(at) === 0x2d;
  if (isNegative) at += 1;
  const first = at;
  let digits: u64 = 0;
  let count = 0;
  while (isDigit(at)) {
    digits = digits * 10 + (load<u8>(at) - 0x30);
    count += 1;
    at += 1;
  }
  if (count === 0 || (count > 1 && load<u8>(first) === 0x30)) return 0;
  let exponent = 0;
  if (load<u8>(at) === 0x2e) {
    at += 1;
    const point = at;
    while (isDigit(at)) {
      digits = digits * 10 + (load<u8>(at) - 0x30);
      at += 1;
    }
    if (at === point) return 0;
    count += <i32>(at - point);
    exponent = -<i32>(at - point);
  }
  if ((load<u8>(at) | 0x20) === 0x65) {
    at += 1;
    const sign = load<u8>(at);
    if (sign === 0x2b || sign === 0x2d) at += 1;
    const power = at;
    let written = 0;
    while (isDigit(at)) {
      written = min(written * 10 + (load<u8>(at) - 0x30), 1000);
      at += 1;
    }
    if (at === power) return 0;
    exponent += sign === 0x2d ? -written : written;
  }
  // -0 is 0: JSON writers make one of the other.
  if (count <= MAX_DIGITS && digits <= MAX_EXACT && exponent >= -MAX_POWER && exponent <= MAX_POWER) {
    const value = <f64>digits;
    const exact = exponent < 0 ? value / power(-exponent) : value * power(exponent);
    number = isNegative && digits !== 0 ? -exact : exact;
  } else {
    number = readNumber(start, at - start) + 0.0;
    if (abs(number) === Infinity) note(OVERFLOW);
  }
  return at;
}

@inline
function power(exponent: i32): f64 {
  return load<f64>(POWERS + (<usize>exponent << 3));
}

@inline
function isDigit(at: usize): bool {
  return <u32>load<u8>(at) - 0x30 < 10;
}
