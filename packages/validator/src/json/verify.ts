import { none } from 'stream-chain/defs.js';
import { jsonVerifier } from 'stream-json/core/utils/verifier.js';

/**
 * Where a strict parser gives up on a text.
 *
 * stream-json's verifier says where, in every version of Node; V8's messages name a place only sometimes.
 *
 * @returns The offset in UTF-16 code units, or -1 when the text is one JSON value.
 */
export function findSyntaxError(text: string): number {
  const verify = jsonVerifier();
  // Its error is caught right here, and a file may have one in every line: nobody reads a stack.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    verify(text);
    // The end of the input; the package's types leave out that a flushable takes it.
    verify(none as unknown as string);
  } catch (error) {
    if (error instanceof Error && 'offset' in error && typeof error.offset === 'number') return error.offset;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return -1;
}
