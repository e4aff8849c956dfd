import type { IncomingHttpHeaders } from 'node:http';
import type { RejectedRequestError } from '../errors.js';
import type { ProcessingOptions } from '../processing.js';
import type { FileState, StoredFile } from '../stored-file.js';

/** The providers whose ways the embedded server knows. */
export type LocalDialectName = 'openai' | 'azure' | 'together' | 'mistral';

/** How one provider's Files API differs from the others: data and small functions. */
export interface ServerDialect {
  readonly name: LocalDialectName;
  /** What stands in front of `/files` in the address that is given to clients. */
  readonly basePath: string;
  /** The path behind the base, `/files/…` or `/uploads/…`; `undefined` where the address is not one of the API. */
  relativePath(path: string, query: URLSearchParams): string | undefined;
  /** @throws RejectedRequestError 401 */
  requireKey(headers: IncomingHttpHeaders): void;
  readonly purposes: readonly string[];
  /** `expires_after` may be sent with a file. */
  readonly takesExpiry: boolean;
  readonly processing: ProcessingOptions;
  /** How files arrive: in a form, or by PUT at another origin. */
  readonly upload: 'form' | 'storage';
  describe(file: StoredFile, state: FileState): { readonly id: string };
  describeError(error: Pick<RejectedRequestError, 'status' | 'message' | 'type' | 'param' | 'code'>): object;
  /** @param files oldest first @throws RejectedRequestError 400, 404 */
  list<Shown extends { readonly id: string }>(
    files: readonly StoredFile[],
    query: URLSearchParams,
    describe: (file: StoredFile) => Shown,
  ): object;
  /** Status and headers of the answer to a creation. @param address of the file */
  created(address: string): { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  /** Names of the headers that carry the id of the request. */
  readonly requestIdHeaders: readonly string[];
}
