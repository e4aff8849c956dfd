import type { FormatName } from '../../formats/index.js';
import type { Model } from '../../targets/models.js';
import type { Finding } from '../index.js';
import { shorten } from '../quote.js';
import { suggest } from '../suggest.js';

const MS_PER_DAY = 86_400_000;

/** What is known of the training run. */
export interface ModelFacts {
  /** As the user named it. */
  readonly named: string;
  /** What is known of it. */
  readonly model: Model | undefined;
  /** All that could have been meant. */
  readonly models: readonly Model[];
  /** How it is to be trained, if the user said so. */
  readonly method: 'supervised' | 'dpo' | 'reinforcement' | undefined;
  /** The format that the dataset was taken for. */
  readonly format: FormatName | 'unknown';
  readonly today: Date;
}

/** The method that a format is for. */
const METHOD_OF = {
  chat: 'supervised',
  completion: 'supervised',
  preference: 'dpo',
  reinforcement: 'reinforcement',
} as const;

/** Judges the model that the user named. */
export function reportModelFindings(
  report: (finding: Finding) => void,
  { named, model: known, models, method: wanted, format, today }: ModelFacts,
): void {
  const model = shorten(named);
  if (known === undefined || known.isFamilyOnly) {
    const suggestion = suggest(
      named,
      models.map(({ id }) => id),
    );
    report({
      rule: 'model/unknown',
      params: {
        model,
        ...(known === undefined ? {} : { encoding: known.encoding }),
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    });
  }
  if (known === undefined) return;

  const method = wanted ?? (format === 'unknown' ? undefined : METHOD_OF[format]);
  const { methods, takesCompletions = false, shutdownDate } = known;
  if (method !== undefined && methods !== undefined) {
    if (!methods.includes(method)) report({ rule: 'model/method-unsupported', params: { model, method, methods } });
    else if ((format === 'completion') !== takesCompletions && (format === 'chat' || format === 'completion')) {
      report({ rule: 'model/method-unsupported', params: { model, method, methods, format } });
    }
  }
  if (shutdownDate !== undefined) {
    const days = Math.ceil((Date.parse(shutdownDate) - today.getTime()) / MS_PER_DAY);
    report({ rule: 'model/retired', params: { model, date: shutdownDate, days, isPast: days <= 0 } });
  }
}
