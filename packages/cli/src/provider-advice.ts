import type { UploadTarget } from './destination.js';

/** Source: OpenAI's deprecations page, https://platform.openai.com/docs/deprecations (notice of 2026-05-07). */
export const OPENAI_WINDS_DOWN =
  'note: OpenAI winds its fine-tuning down: new jobs from existing customers only, and none from 2027-01-06 on';

/**
 * What to do with the files that are there.
 *
 * @param fileIds the training file, and the validation file if there is one
 */
export function nextStep(
  target: UploadTarget,
  purpose: string,
  fileIds: readonly string[],
  model: string | undefined,
): string {
  const [training, validation] = fileIds;
  if (purpose !== 'fine-tune') return `next: name ${fileIds.join(' and ')} in the request that uses it`;
  const files = `--model ${model ?? 'MODEL'} --training-file ${training}${validation ? ` --validation-file ${validation}` : ''}`;
  switch (target) {
    // Source: the command line of openai-python, and that of together-python.
    case 'openai':
      return `next: openai fine-tuning jobs create ${files}`;
    case 'together':
      return `next: together fine-tuning create ${files}`;
    default: {
      const held = validation === undefined ? '' : ` and ${validation} as its validation file`;
      return `next: create the fine-tuning job with ${training} as its training file${held}`;
    }
  }
}
