import { expect, it } from 'vitest';
import { type Report, validateStream } from '../index.js';
import { createFingerprintWriter } from './fingerprint-file.js';
import { mergeShards } from './merge-reports.js';

const chat = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  });

async function checked(fileName: string, text: string): Promise<Report> {
  async function* source() {
    yield Buffer.from(`${text}\n`);
  }
  return validateStream(source(), { fileName, select: ['dataset/duplicate', 'dataset/conflicting-answers'] });
}

/** Fingerprints of one example, of these words. */
async function* written({ sha256 }: Pick<Report, 'sha256'>, whole: number, prompt: number, answer: number) {
  const pieces: Uint8Array[] = [];
  const writer = createFingerprintWriter((piece) => void pieces.push(piece))!;
  const of = (word: number) => ({ words: new Uint32Array(4).fill(word), at: 0 });
  writer.add(1, 1, of(whole), of(prompt), of(answer));
  await writer.end({ sha256, format: 'chat' });
  yield* pieces;
}

it('believes equal fingerprints only where both lines cannot be read again, or are equal', async () => {
  const found = async (lines: readonly string[], fingerprints: readonly (readonly [number, number, number])[]) => {
    const reports = [await checked('a.jsonl', lines[0]!), await checked('b.jsonl', lines[1]!)];
    const merged = async (canReread: boolean) => {
      const { byRule } = await mergeShards(
        reports,
        { fingerprints: (shard, index) => written(shard, ...fingerprints[index]!) },
        canReread ? { lineAt: (shard) => ({ text: `${lines[shard]}\r`, byteStart: 0 }) } : {},
      );
      return Object.keys(byRule);
    };
    return { reread: await merged(true), unread: await merged(false) };
  };
  const same = [
    [1, 2, 3],
    [1, 2, 3],
  ] as const;
  expect(await found([chat('a', 'b'), chat('c', 'd')], same)).toEqual({ reread: [], unread: ['dataset/duplicate'] });
  const spaced = chat('a', 'b').replaceAll(':', ' : ');
  expect(await found([chat('a', 'b'), spaced], same)).toMatchObject({ reread: ['dataset/duplicate'] });
  const conflicting = [
    [1, 2, 3],
    [4, 2, 5],
  ] as const;
  expect(await found([chat('a', 'b'), chat('c', 'd')], conflicting)).toEqual({
    reread: [],
    unread: ['dataset/conflicting-answers'],
  });
  expect(await found([chat('a', 'b'), chat('a', 'd')], conflicting)).toMatchObject({
    reread: ['dataset/conflicting-answers'],
  });
});
