import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/** Compiles the engine from its folder to a WebAssembly module. */
export async function compileAssembly(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  let compiled: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    // No runtime and no objects: the engine lays out its memory itself.
    [
      'index.ts',
      '--outFile',
      'engine.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      // Of all threads: see region.ts.
      '--enable',
      'threads',
      '--importMemory',
      '--sharedMemory',
      '--maximumMemory',
      '65536',
      '--memoryBase',
      '0',
      '--use',
      'abort=',
    ],
    {
      readFile: (name) => readSource(join(folder, name)),
      writeFile: (name, contents) => {
        if (name === 'engine.wasm') compiled = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  const complaints = stderr.toString();
  if (error !== null || compiled === undefined || complaints !== '') {
    throw new Error(`the engine does not compile: ${error?.message ?? ''}\n${complaints}`);
  }
  return compiled;
}

/** The compiler asks for a file by each name that it might have. */
function readSource(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
