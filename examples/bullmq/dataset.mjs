import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COLORS = ['red', 'green', 'blue', 'black'];

/** Writes a dataset in shards: with duplicates, conflicting answers and mistakes, some of them across shards. */
export function writeShards(folder, shards, examples) {
  return Array.from({ length: shards }, (_, shard) => {
    const id = `part-${String(shard).padStart(2, '0')}`;
    const lines = Array.from({ length: examples }, (_, index) => {
      const number = shard * examples + index;
      // Every 50th asks what was asked in the first shard, and some of these get another answer in each shard.
      const asked = number % 50 === 0 ? number % examples : number;
      const answer = number % 250 === 150 ? `It was ${shard} times.` : `It is ${COLORS[asked % COLORS.length]}.`;
      const role = number % 333 === 332 ? 'assistent' : 'assistant';
      return JSON.stringify({
        messages: [
          { role: 'user', content: `Which colour has bicycle ${asked}? 🚲` },
          { role, content: answer },
        ],
      });
    });
    const path = join(folder, `${id}.jsonl`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return { id, path };
  });
}
