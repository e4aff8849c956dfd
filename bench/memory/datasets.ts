/** Datasets that are hard on memory, made from the generated text; each is kept in `.bench/` like that one. */
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cachedDataset } from '../generate.js';
import { exampleLines } from '../text/examples.js';

const BATCH_CHARACTERS = 1024 * 1024;
/** After the messages an example has its tools, whether calls may be parallel, or its end. */
const END_OF_MESSAGES = /\}\](?=,"tools":\[|,"parallel_tool_calls":|\}$)/;

/** The generated dataset with one fault in every line: its last message has a key that no role has. */
export async function faultyDataset(megabytes: number, seed: number): Promise<string> {
  const clean = await cachedDataset({ megabytes, seed });
  return cached(clean.replace(/\.jsonl$/, '-faulty.jsonl'), async function* () {
    for await (const line of createInterface({ input: createReadStream(clean), crlfDelay: Number.POSITIVE_INFINITY })) {
      const faulty = line.replace(END_OF_MESSAGES, ',"timestamp":0}]');
      if (faulty === line) throw new Error(`no end of the messages in ${line}`);
      yield `${faulty}\n`;
    }
  });
}

/** So many short examples, each with one fault. */
export async function findingsDataset(findings: number): Promise<string> {
  return cached(inBench(`findings-${findings}.jsonl`), async function* () {
    for (let at = 1; at <= findings; at += 1) {
      yield `{"messages":[{"role":"user","content":"Question ${at}"},{"role":"assistant","content":"Answer ${at}","timestamp":0}]}\n`;
    }
  });
}

/** A dataset of 21 lines, the eleventh of which is so long; what it holds is generated text, over and over. */
export async function longLineDataset(megabytes: number, seed: number): Promise<string> {
  return cached(inBench(`line-${megabytes}mb-seed${seed}.jsonl`), async function* () {
    const lines = exampleLines(seed);
    for (let left = 10; left > 0; left -= 1) yield lines.next().value;
    let passage = '';
    while (passage.length < BATCH_CHARACTERS) passage += JSON.stringify(lines.next().value).slice(1, -1);
    const bytes = Buffer.byteLength(passage);
    yield '{"messages":[{"role":"user","content":"';
    for (let left = megabytes * 1e6; left > 0; left -= bytes) yield passage;
    yield '"},{"role":"assistant","content":"Yes."}]}\n';
    for (let left = 10; left > 0; left -= 1) yield lines.next().value;
  });
}

function inBench(name: string): string {
  return fileURLToPath(new URL(`../../.bench/${name}`, import.meta.url));
}

/** Written under another name first: a run that is stopped leaves no half of it. */
async function cached(path: string, pieces: () => AsyncIterable<string>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  const file = createWriteStream(partial);
  try {
    let batch = '';
    for await (const piece of pieces()) {
      batch += piece;
      if (batch.length < BATCH_CHARACTERS) continue;
      if (!file.write(batch)) await once(file, 'drain');
      batch = '';
    }
    file.end(batch);
    await once(file, 'close');
    await rename(partial, path);
  } catch (error) {
    file.destroy();
    await rm(partial, { force: true });
    throw error;
  }
  return path;
}
