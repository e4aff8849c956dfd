import type { Reporter } from '../../reporter.js';
import type { Target } from '../../targets/target.js';
import type { Finding } from '../index.js';

/**
 * Bytes that the multipart request adds to the file at most: boundary, field headers and a file name of 255 bytes.
 * OpenAI counts the whole body (413: "Maximum content size limit … exceeded").
 */
const FRAMING_BYTES = 1_024;

/** Says that the file has no byte order mark. @param file - Where that is not the file at hand. */
export function reportMissingMark(atBytes: Reporter['atBytes'], target: Target, file?: string): void {
  atBytes(
    { rule: 'file/missing-byte-order-mark', params: { provider: target.displayName } },
    {
      ...(file === undefined ? {} : { file }),
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      byteOffset: [0, 0],
      pointer: '',
      fix: { safety: 'safe', edits: [{ byteOffset: [0, 0], text: '\ufeff' }] },
    },
  );
}

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
