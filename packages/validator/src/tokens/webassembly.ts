/* The part of WebAssembly's interface that is used; the types of Node 20 have none of it. */

/** Compiled code, which any number of instances in any number of threads may share. */
export type WebAssemblyModule = object & { readonly __module?: never };

/** Memory that threads share. */
export interface WebAssemblyMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface WebAssemblyApi {
  readonly compile: (bytes: Uint8Array<ArrayBuffer>) => Promise<WebAssemblyModule>;
  readonly Instance: new (
    module: WebAssemblyModule,
    imports: { readonly env: object },
  ) => { readonly exports: EngineExports };
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WebAssemblyMemory;
}

/** What `assembly/index.ts` exports. */
export interface EngineExports {
  readonly regionSize: () => number;
  readonly begin: () => void;
  readonly build: (size: number) => void;
  readonly imageEnd: () => number;
  readonly reserveText: (size: number) => number;
  readonly count: (length: number, isWhole: number) => number;
  readonly consumed: { readonly value: number };
  readonly mergedBytes: { readonly value: number };
}

export const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

/** The size of a page, by which memory grows. */
export const PAGE = 65_536;
