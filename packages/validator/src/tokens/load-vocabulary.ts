import type { Encoding } from './encodings.js';
import { type Asset, loadAsset, readAsset } from './load-asset.js';
import {
  compileEngine,
  createVocabularyMemory,
  type LoadedImage,
  reserveImage,
  type VocabularyMemory,
} from './vocabulary-memory.js';

/**
 * The vocabulary that an encoding is counted with. gpt-oss's encoding differs from o200k_base only in its special
 * tokens, which are plain text here (tiktoken's `openai_public.py`).
 */
const VOCABULARIES: Readonly<Record<Encoding, Asset>> = {
  o200k_base: 'o200k_base.bin',
  cl100k_base: 'cl100k_base.bin',
  o200k_harmony: 'o200k_base.bin',
  p50k_base: 'p50k_base.bin',
  r50k_base: 'r50k_base.bin',
};

/** One of each for all who count with it. */
const loaded = new Map<Asset, Promise<VocabularyMemory>>();

/** @throws {Error} When it cannot be read; the next call tries again. */
export function loadVocabulary(encoding: Encoding): Promise<VocabularyMemory> {
  const asset = VOCABULARIES[encoding];
  let vocabulary = loaded.get(asset);
  if (vocabulary === undefined) {
    vocabulary = load(asset);
    loaded.set(asset, vocabulary);
    vocabulary.catch(() => loaded.delete(asset));
  }
  return vocabulary;
}

async function load(asset: Asset): Promise<VocabularyMemory> {
  const engine = loadAsset('engine.wasm').then(compileEngine);
  let image: LoadedImage | undefined;
  await readAsset(asset, (size) => {
    const reserved = reserveImage(size);
    image = reserved;
    return reserved.image;
  });
  return createVocabularyMemory(await engine, image!);
}
