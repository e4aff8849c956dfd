import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

/** What the finding knows. */
export interface TooLargeParams {
  readonly bytes: number;
  readonly framing: number;
  /** Of one request. */
  readonly limit: number;
  /** Of a file in parts; `null` where the target takes none. */
  readonly limitInParts: number | null;
  /** The file is to be sent in parts. */
  readonly isInParts: boolean;
  readonly provider: string;
  /** Of how many files the dataset is, where these are to be one file; absent when it is one. */
  readonly files?: number;
}

const fitsInParts = ({ bytes, limitInParts, isInParts }: TooLargeParams) =>
  isInParts && limitInParts !== null && bytes <= limitInParts;

export const fileTooLarge = stageRule({
  id: 'file/too-large',
  severity: 'error',
  limits: ['maxFileBytes'],
  stage: 'file',
  description: 'The file, with the framing of the request, is larger than one create_file may be at the target.',
  message(params: TooLargeParams) {
    const { bytes: number, files, limit, limitInParts, isInParts, provider } = params;
    const bytes = `${groupDigits(number)} bytes${files === undefined ? '' : ` in ${groupDigits(files)} files together`}`;
    if (isInParts && limitInParts !== null && !fitsInParts(params)) {
      return `${bytes}: ${provider} takes at most ${groupDigits(limitInParts)} bytes in parts`;
    }
    return `${bytes}, and the framing of the request: ${provider} takes at most ${groupDigits(limit)} bytes in one request`;
  },
  help(params) {
    const { bytes, files, framing, limit, limitInParts, isInParts } = params;
    if (fitsInParts(params)) return 'it can go in parts only, as --parts always has it';
    const most = isInParts && limitInParts !== null ? limitInParts : limit - framing;
    const shorter =
      files === undefined
        ? `shorten the file by ${groupDigits(bytes - most)} bytes, or divide it into several files`
        : `a job trains on one file: shorten the dataset by ${groupDigits(bytes - most)} bytes`;
    const canGoInParts = !isInParts && limitInParts !== null && bytes <= limitInParts;
    return canGoInParts ? `${shorter}; or send it in parts: --parts always` : shorter;
  },
  soften: (params) => (fitsInParts(params) ? 'warning' : undefined),
});
