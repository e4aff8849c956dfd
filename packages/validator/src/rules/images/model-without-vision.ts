import { quote, shorten } from '../quote.js';
import { datasetRule } from '../rule.js';
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
  observe({ target, format, model }) {
    if (model?.takesImages?.[target.name] !== false || format === 'unknown') return {};
    let isReported = false;
    return {
      example(seen, report) {
        if (isReported || seen.has('parts') === false) return;
        const path = findFirstImage(format, seen.example);
        if (path === undefined) return;
        isReported = true;
        report(path, { model: shorten(model.id), provider: target.displayName });
      },
    };
  },
});
