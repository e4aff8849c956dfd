import type { UploadTarget } from './destination.js';

/** Source: OpenAI's deprecations page, https://platform.openai.com/docs/deprecations (notice of 2026-05-07). */
export const OPENAI_WINDS_DOWN =
  'note: OpenAI winds its fine-tuning down: new jobs from existing customers only, and none from 2027-01-06 on';

/** What to do with a file that is there. */
export function nextStep(target: UploadTarget, purpose: string, fileId: string, model: string | undefined): string {
  const named = model ?? 'MODEL';
  if (purpose !== 'fine-tune') return `next: name ${fileId} in the request that uses it`;
  switch (target) {
    // Source: the command line of openai-python, and that of together-python.
    case 'openai':
      return `next: openai fine-tuning jobs create --model ${named} --training-file ${fileId}`;
    case 'together':
      return `next: together fine-tuning create --model ${named} --training-file ${fileId}`;
    default:
      return `next: create the fine-tuning job with ${fileId} as its training file`;
  }
}
