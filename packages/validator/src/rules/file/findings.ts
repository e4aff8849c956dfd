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

/** How large a file is, and where it is to go. */
export interface FileSize {
  readonly bytes: number;
  readonly target: Target;
  /** The file is to be sent in parts, whatever its size. */
  readonly isInParts: boolean;
  /** Of how many files it will be made; absent when it is there already. */
  readonly files?: number;
}

/** Judges the size of a file. */
export function reportFileSize(report: (finding: Finding) => void, size: FileSize): void {
  const { bytes, target, files } = size;
  const provider = target.displayName;
  const { maxFileBytes: limit, maxFileBytesInParts: limitInParts = null, ambiguousFileBytes: from } = target.limits;
  const isInParts = size.isInParts && limitInParts !== null;
  if (limit !== undefined && bytes + FRAMING_BYTES > limit) {
    const known = { bytes, framing: FRAMING_BYTES, limit, limitInParts, isInParts, provider };
    const params = files === undefined ? known : { ...known, files };
    report({ rule: 'file/too-large', params });
  } else if (!isInParts && limit !== undefined && from !== undefined && bytes > from) {
    report({ rule: 'file/size-ambiguous', params: { bytes, from, limit, provider } });
  }
}

/** Judges the name of a file. @param name - Its base name. */
export function reportFileName(report: (finding: Finding) => void, name: string): void {
  const extension = /\.[^.]*$/.exec(name.replace(/\.(gz|zst)$/i, ''))?.[0] ?? '';
  if (extension.toLowerCase() === '.jsonl') return;
  report({
    rule: 'file/wrong-extension',
    params: { extension: extension.slice(0, 40), isNdjson: extension.toLowerCase() === '.ndjson' },
  });
}
