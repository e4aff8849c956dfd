import { OptionsError } from '../errors.js';
import { suggest } from '../rules/suggest.js';
import { findModel, models } from '../targets/models.js';

/** The encodings that can be counted in. */
export const ENCODINGS = ['o200k_base', 'cl100k_base', 'o200k_harmony', 'p50k_base', 'r50k_base'] as const;

/** The name of a byte-pair encoding. */
export type Encoding = (typeof ENCODINGS)[number];

/** Which encoding to count in: by name, or the one of a model. */
export type TokenCounterOptions = { readonly encoding: string } | { readonly model: string };

/** @throws {OptionsError} When the encoding is unknown, or nothing is known of the model. */
export function resolveEncoding(options: TokenCounterOptions): Encoding {
  const encoding = 'encoding' in options ? options.encoding : encodingOf(options.model);
  if (isEncoding(encoding)) return encoding;
  const meant = suggest(encoding, ENCODINGS);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new OptionsError(
    'encoding',
    `unknown encoding "${encoding}"; the known ones are ${ENCODINGS.join(', ')}.${hint}`,
  );
}

function encodingOf(model: string): string {
  const found = findModel(model);
  if (found === undefined) {
    const known = models.map(({ id }) => id);
    throw new OptionsError(
      'model',
      `unknown model "${model}"; the known ones are ${known.join(', ')}, and others of their families. ` +
        `Or name its encoding instead, one of ${ENCODINGS.join(', ')}`,
    );
  }
  return found.encoding;
}

function isEncoding(name: string): name is Encoding {
  return (ENCODINGS as readonly string[]).includes(name);
}
