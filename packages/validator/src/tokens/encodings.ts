import { OptionsError } from '../errors.js';
import { suggest } from '../rules/suggest.js';
import { findModel, models } from '../targets/models.js';

/** The encodings that are counted in by our own engine. */
export const ENCODINGS = ['o200k_base', 'cl100k_base', 'o200k_harmony', 'p50k_base', 'r50k_base'] as const;

/** Those that only tiktoken has (its `get_encoding`, in 1.0.22). */
const OTHER_ENCODINGS = ['gpt2', 'p50k_edit'] as const;

/** The name of a byte-pair encoding that is counted in by our own engine. */
export type Encoding = (typeof ENCODINGS)[number];

/** Which encoding to count in: by name, or the one of a model. */
export type TokenCounterOptions = { readonly encoding: string } | { readonly model: string };

/**
 * The encoding of a model that is in our table, or of its families.
 *
 * @throws {OptionsError} When nothing is known of the model.
 */
export function encodingOf(model: string): Encoding {
  const found = findModel(model);
  if (found !== undefined) return found.encoding;
  const known = models.map(({ id }) => id);
  throw new OptionsError(
    'model',
    `unknown model "${model}"; the known ones are ${known.join(', ')}, and others of their families. ` +
      `Or name its encoding instead, one of ${ENCODINGS.join(', ')}`,
  );
}

/** Whether our own engine counts in it. */
export function isEncoding(name: string): name is Encoding {
  return (ENCODINGS as readonly string[]).includes(name);
}

/** That nobody knows the encoding: which ones there are. */
export function unknownEncoding(name: string): OptionsError {
  const known = [...ENCODINGS, ...OTHER_ENCODINGS];
  const meant = suggest(name, known);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return new OptionsError('encoding', `unknown encoding "${name}"; the known ones are ${known.join(', ')}.${hint}`);
}
