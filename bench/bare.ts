/**
 * The floor: what it costs to read a JSONL file, decode each line and parse it, and nothing else. One thread, the
 * whole process. Every validator in JavaScript must do at least this much; run as `node dist/bare.js FILE`.
 */
import { closeSync, openSync, readSync } from 'node:fs';

/** Chunks of 64 KiB to 4 MiB took the same time. */
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

const file = openSync(process.argv[2] ?? '', 'r');
let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
let filled = 0;
let examples = 0;

const parseLine = (from: number, to: number): void => {
  if (from === to) return;
  JSON.parse(buffer.toString('utf8', from, to));
  examples += 1;
};

for (;;) {
  if (filled === buffer.length) {
    // A line that is longer than the buffer.
    const larger = Buffer.allocUnsafe(buffer.length * 2);
    buffer.copy(larger);
    buffer = larger;
  }
  const read = readSync(file, buffer, filled, buffer.length - filled, null);
  if (read === 0) break;
  const end = filled + read;
  let from = 0;
  for (let at = buffer.indexOf(NEWLINE, filled); at !== -1 && at < end; at = buffer.indexOf(NEWLINE, from)) {
    parseLine(from, at);
    from = at + 1;
  }
  buffer.copyWithin(0, from, end);
  filled = end - from;
}
parseLine(0, filled);
closeSync(file);
console.log(JSON.stringify({ examples }));
