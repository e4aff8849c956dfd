import type { Target } from '../../targets/target.js';
import type { Finding } from '../index.js';

/**
 * Bytes that the multipart request adds to the file at most: boundary, field headers and a file name of 255 bytes.
 * OpenAI counts the whole body (413: "Maximum content size limit … exceeded").
 */
const FRAMING_BYTES = 1_024;

/** What is known of a file besides its lines. */
export interface FileFacts {
  readonly bytes: number;
  /** Its base name; `undefined` for a stream without one. */
  readonly name: string | undefined;
  readonly target: Target;
  /** The file is to be sent in parts, whatever its size. */
  readonly isInParts: boolean;
}

/** Judges the size and the name of a file. */
export function reportFileFindings(report: (finding: Finding) => void, facts: FileFacts): void {
  const { bytes, name, target } = facts;
  const provider = target.displayName;
  const { maxFileBytes: limit, maxFileBytesInParts: limitInParts = null, ambiguousFileBytes: from } = target.limits;
  const isInParts = facts.isInParts && limitInParts !== null;
  if (limit !== undefined && bytes + FRAMING_BYTES > limit) {
    const params = { bytes, framing: FRAMING_BYTES, limit, limitInParts, isInParts, provider };
    report({ rule: 'file/too-large', params });
  } else if (!isInParts && limit !== undefined && from !== undefined && bytes > from) {
    report({ rule: 'file/size-ambiguous', params: { bytes, from, limit, provider } });
  }
  if (name === undefined) return;
  const extension = /\.[^.]*$/.exec(name.replace(/\.(gz|zst)$/i, ''))?.[0] ?? '';
  if (extension.toLowerCase() === '.jsonl') return;
  report({
    rule: 'file/wrong-extension',
    params: { extension: extension.slice(0, 40), isNdjson: extension.toLowerCase() === '.ndjson' },
  });
}
