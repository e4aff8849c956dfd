/*
 * The only file here that knows where it runs: in Node an asset is read from the disk, in a browser it is fetched from
 * beside this file, where bundlers put what `new URL(…, import.meta.url)` names.
 */

/** The engine or the image of a vocabulary, as the build wrote them. */
export type Asset = 'engine.wasm' | `${'o200k' | 'cl100k' | 'p50k' | 'r50k'}_base.bin`;

/** @throws {Error} When it cannot be read. */
export async function loadAsset(name: Asset): Promise<Uint8Array<ArrayBuffer>> {
  const url = locate(name);
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} could not be loaded: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Each path is written out, so that a bundler finds it. */
function locate(name: Asset): URL {
  switch (name) {
    case 'engine.wasm':
      return new URL('../../generated/engine.wasm', import.meta.url);
    case 'o200k_base.bin':
      return new URL('../../generated/o200k_base.bin', import.meta.url);
    case 'cl100k_base.bin':
      return new URL('../../generated/cl100k_base.bin', import.meta.url);
    case 'p50k_base.bin':
      return new URL('../../generated/p50k_base.bin', import.meta.url);
    case 'r50k_base.bin':
      return new URL('../../generated/r50k_base.bin', import.meta.url);
  }
}
