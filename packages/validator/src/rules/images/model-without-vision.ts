import { quote, shorten } from '../quote.js';
import { datasetRule, type LinePlace } from '../rule.js';
import { findFirstImage } from './images.js';

export const imagesModelWithoutVision = datasetRule({
  id: 'images/model-without-vision',
  severity: 'warning',
  stage: 'dataset',
  description: 'The model that was named is none that the provider trains on images.',
  message: ({ model, provider }: { model: string; provider: string }) =>
    `the examples show images, and ${quote(model)} is none of the models that ${provider} trains on them`,
  help: () => 'name a base model with vision fine-tuning, or leave the images out',
  // Reported once, at the first example with an image.
  start: (): { first?: LinePlace } => ({}),
  observe({ target, format, model }) {
    if (model?.takesImages?.[target.name] !== false || format === 'unknown') return {};
    return {
      example(state, seen) {
        if (state.first !== undefined || seen.has('parts') === false) return;
        const path = findFirstImage(format, seen.example);
        if (path !== undefined) state.first = seen.place(path);
      },
      join(state, { first }) {
        if (first !== undefined) state.first ??= first;
      },
      end({ first }, _, report) {
        if (first !== undefined) report({ model: shorten(model.id), provider: target.displayName }, first);
      },
    };
  },
});
