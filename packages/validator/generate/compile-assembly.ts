import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/** The memory is that of all threads: see `assembly/region.ts`. */
export const SHARED_MEMORY = ['--enable', 'threads', '--importMemory', '--sharedMemory', '--maximumMemory', '65536'];

/** Compiles AssemblyScript from its folder to a WebAssembly module. @param flags - Of the compiler, besides the usual. */
export async function compileAssembly(folder: string, flags: readonly string[] = []): Promise<Uint8Array<ArrayBuffer>> {
  let compiled: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    // No runtime and no objects: the code lays out its memory itself.
    [
      'index.ts',
      '--outFile',
      'module.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      ...flags,
      '--memoryBase',
      '0',
      '--use',
      'abort=',
    ],
    {
      readFile: (name) => readSource(join(folder, name)),
      writeFile: (name, contents) => {
        if (name === 'module.wasm') compiled = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  const complaints = stderr.toString();
  if (error !== null || compiled === undefined || complaints !== '') {
    throw new Error(`${folder} does not compile: ${error?.message ?? ''}\n${complaints}`);
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
