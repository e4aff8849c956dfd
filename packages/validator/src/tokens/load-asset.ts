/*
 * The only file here that knows where it runs: in Node an asset is read from the disk, in a browser it is fetched from
 * beside this file, where bundlers put what `new URL(…, import.meta.url)` names.
 */

/** The engine or the image of a vocabulary, as the build wrote them. */
export type Asset = 'engine.wasm' | `${'o200k' | 'cl100k' | 'p50k' | 'r50k'}_base.bin`;

/** @throws {Error} When it cannot be read. */
export async function loadAsset(name: Asset): Promise<Uint8Array<ArrayBuffer>> {
  let asset = new Uint8Array();
  await readAsset(name, (size) => {
    asset = new Uint8Array(size);
    return asset;
  });
  return asset;
}

/**
 * Reads an asset to where the caller wants to have it.
 *
 * @param reserve - Told its size, says where it is to be written.
 * @throws {Error} When it cannot be read.
 */
export async function readAsset(name: Asset, reserve: (size: number) => Uint8Array): Promise<void> {
  const url = locate(name);
  if (url.protocol === 'file:') return readFileInto(url, reserve);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} could not be loaded: ${response.status} ${response.statusText}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  reserve(bytes.length).set(bytes);
}

/** At once: `readFile` of node:fs/promises goes to another thread and back for each half megabyte. */
async function readFileInto(url: URL, reserve: (size: number) => Uint8Array): Promise<void> {
  const { closeSync, fstatSync, openSync, readSync } = await import('node:fs');
  const file = openSync(url, 'r');
  try {
    const target = reserve(fstatSync(file).size);
    let read = 0;
    while (read < target.length) {
      const more = readSync(file, target, read, target.length - read, read);
      if (more === 0) throw new Error(`${url.href} ends after ${read} of ${target.length} bytes`);
      read += more;
    }
  } finally {
    closeSync(file);
  }
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
