import { note, SEPARATOR } from './flags';

/*
 * Well-formed UTF-8, 16 bytes at a time. Source: John Keiser and Daniel Lemire, "Validating UTF-8 In Less Than One
 * Instruction Per Byte" (2020): three look-ups, by the halves of a byte and of the one before it, each give the faults
 * that are still possible; what is left in all three is one.
 */

const TOO_SHORT: u8 = 1;
const TOO_LONG: u8 = 2;
const OVERLONG_3: u8 = 4;
const TOO_LARGE: u8 = 8;
const SURROGATE: u8 = 16;
const OVERLONG_2: u8 = 32;
const TOO_LARGE_1000: u8 = 64;
const OVERLONG_4: u8 = 64;
const TWO_CONTINUATIONS: u8 = 128;
const CARRY: u8 = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS;

const FIRST_HIGH = memory.data<u8>([
  TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
  TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
  TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
  TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
], 16);
const FIRST_LOW = memory.data<u8>([
  CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE,
  CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
  CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
  CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
  CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
  CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
], 16);
const SECOND_HIGH = memory.data<u8>([
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
  TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
  TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE,
  TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
  TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
], 16);

/**
 * Whether bytes are well-formed UTF-8; notes raw separators on the way.
 *
 * @param end - Behind it there are at least 16 bytes of zero: a character that is cut off meets them.
 */
export function isUtf8(at: usize, end: usize): bool {
  let before = v128.splat<u8>(0);
  let faults = v128.splat<u8>(0);
  let separators = v128.splat<u8>(0);
  // One byte more than there are: see above.
  for (; at <= end; at += 16) {
    const bytes = v128.load(at);
    if (!v128.any_true(v128.and(v128.or(bytes, before), v128.splat<u8>(0x80)))) continue;
    const one = v128.shuffle<u8>(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    const two = v128.shuffle<u8>(before, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    const three = v128.shuffle<u8>(before, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
    const special = v128.and(
      v128.and(
        i8x16.swizzle(v128.load(FIRST_HIGH), i8x16.shr_u(one, 4)),
        i8x16.swizzle(v128.load(FIRST_LOW), v128.and(one, v128.splat<u8>(0x0f))),
      ),
      i8x16.swizzle(v128.load(SECOND_HIGH), i8x16.shr_u(bytes, 4)),
    );
    // The third byte of three and the last two of four must be continuations.
    const continued = v128.or(i8x16.sub_sat_u(two, v128.splat<u8>(0x60)), i8x16.sub_sat_u(three, v128.splat<u8>(0x70)));
    faults = v128.or(faults, v128.xor(v128.and(continued, v128.splat<u8>(0x80)), special));
    // U+2028 and U+2029 are E2 80 A8 and A9, U+0085 is C2 85.
    const line = v128.and(
      v128.and(i8x16.eq(two, v128.splat<u8>(0xe2)), i8x16.eq(one, v128.splat<u8>(0x80))),
      i8x16.eq(v128.and(bytes, v128.splat<u8>(0xfe)), v128.splat<u8>(0xa8)),
    );
    const next = v128.and(i8x16.eq(one, v128.splat<u8>(0xc2)), i8x16.eq(bytes, v128.splat<u8>(0x85)));
    separators = v128.or(separators, v128.or(line, next));
    before = bytes;
  }
  if (v128.any_true(separators)) note(SEPARATOR);
  return !v128.any_true(faults);
}
