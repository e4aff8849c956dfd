/*
 * The memory begins with the tables of the vocabulary, which all counters read and none writes. Behind them each
 * counter has a region of its own, so that any number of them, in any number of threads, may work in one memory:
 *
 * | what                       | file       |
 * | -------------------------- | ---------- |
 * | scratch of merging         | `merge.ts` |
 * | queue and caches of pieces | `cache.ts` |
 * | the text                   | `index.ts` |
 */

/** Where the region of this counter begins. */
@external("env", "region")
export declare const region: usize;

/** Whether the memory belongs to this counter alone, which then may take more behind its region. */
@external("env", "mayGrow")
export declare const mayGrow: bool;

/** What {@link region} and the tables are aligned to. */
export const PAGE: usize = 0x10000;

/** Makes the memory reach to `end`. */
export function growTo(end: usize): void {
  const missing = ((end + PAGE - 1) >> 16) - memory.size();
  if ((missing as i32) > 0 && memory.grow(missing as i32) < 0) unreachable();
}
