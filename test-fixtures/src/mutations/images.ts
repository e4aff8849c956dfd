import { type JsonObject, type MutableDataset, type Mutations, pickMessage } from '../mutation.js';
import type { Random } from '../random.js';

/** 2 × 2 pixels: greyscale PNG, GIF. */
const GREY = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGOMZ2BiYAAAAe0AY0Hj7N4AAAAASUVORK5CYII=';
const GIF = 'R0lGODdhAgACAIEAAMwzMwAAAAAAAAAAACwAAAAAAgACAAAIBgABCAQQEAA7';

/** URLs that no decoder and no server can make an image of. */
const BROKEN = [
  'parcel.jpg',
  's3://bucket/parcel.jpg',
  'https://',
  'data:image/png,parcel',
  'data:text/plain;base64,AAAA',
  'data:image/png;base64,',
  'data:image/png;base64,AAA',
  'data:image/png;base64,AA-_',
  'data:image/png;base64,AA\nAA',
  'data:image/png;base64,größ',
];

/** The content part of an image, and where it stands. */
function pickImage(dataset: MutableDataset, random: Random) {
  const picked = pickMessage(dataset, random, ({ content }) => imageIndex(content) !== -1);
  const parts = picked.message.content as JsonObject[];
  const index = imageIndex(parts);
  const image = parts[index]!.image_url as JsonObject;
  return { ...picked, parts, image, pointer: `${picked.pointer}/content/${index}` };
}

function imageIndex(content: unknown): number {
  return Array.isArray(content) ? content.findIndex(({ type }: JsonObject) => type === 'image_url') : -1;
}

/** The indices of the examples that hold an image. */
function examplesWithImages({ examples }: MutableDataset): number[] {
  return examples.flatMap(({ messages }, index) =>
    (messages as JsonObject[]).some(({ content }) => imageIndex(content) !== -1) ? [index] : [],
  );
}

export const imagesMutations: Mutations = {
  'images/outside-user': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(
        dataset,
        random,
        ({ role, content }) => typeof content === 'string' && ['system', 'assistant', 'tool'].includes(String(role)),
      );
      const image = { type: 'image_url', image_url: { url: 'https://images.example.com/1.png' } };
      message.content = [{ type: 'text', text: message.content }, image];
      return { rule: 'images/outside-user', example, pointer: `${pointer}/content/1` };
    },
  },
  'images/invalid-url': {
    mutate(dataset, random) {
      const { example, image, pointer } = pickImage(dataset, random);
      image.url = random.pick(BROKEN);
      return { rule: 'images/invalid-url', example, pointer: `${pointer}/image_url/url` };
    },
  },
  'images/invalid-detail': {
    mutate(dataset, random) {
      const { example, image, pointer } = pickImage(dataset, random);
      image.detail = random.pick(['', 'medium', 'Low', 'original', '高']);
      return { rule: 'images/invalid-detail', example, pointer: `${pointer}/image_url/detail` };
    },
  },
  'images/too-many': {
    mutate(dataset, random) {
      const { example, parts, pointer } = pickImage(dataset, random);
      const more = random.int(10, 12);
      for (let index = 0; index < more; index += 1)
        parts.push({ type: 'image_url', image_url: { url: `https://images.example.com/more/${index}.png` } });
      const before = pointer.slice(0, pointer.lastIndexOf('/'));
      return { rule: 'images/too-many', example, pointer: `${before}/${parts.length - more + 9}` };
    },
  },
  'images/too-large': {
    mutate(dataset, random) {
      const limit = random.int(200, 300);
      dataset.config = { limits: { maxImageBytes: limit } };
      const { example, image, pointer } = pickImage(dataset, random);
      // The header of a PNG, and more bytes behind it than anybody wants.
      const header = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91Jpz';
      image.url = `data:image/png;base64,${header}${'AAAA'.repeat(Math.ceil(limit / 3))}`;
      return { rule: 'images/too-large', example, pointer: `${pointer}/image_url/url` };
    },
  },
  'images/unsupported-format': {
    mutate(dataset, random) {
      const { example, image, pointer } = pickImage(dataset, random);
      image.url = random.pick([
        `data:image/png;base64,${GREY}`,
        `data:image/gif;base64,${GIF}`,
        `data:image/jpeg;base64,${GREY}`,
        'data:image/webp;base64,AAAAAAAAAAAAAAAA',
        'data:image/svg+xml;base64,PHN2Zy8+',
      ]);
      return { rule: 'images/unsupported-format', example, pointer: `${pointer}/image_url/url` };
    },
  },
  'images/too-many-examples': {
    mutate(dataset, random) {
      const examples = examplesWithImages(dataset);
      const limit = random.int(0, examples.length - 1);
      dataset.config = { limits: { maxImageExamples: limit } };
      return { rule: 'images/too-many-examples', example: examples[limit]!, pointer: '' };
    },
  },
  'images/model-without-vision': {
    mutate(dataset, random) {
      const model = random.pick(['gpt-3.5-turbo-0125', 'gpt-4.1-2025-04-14', 'ft:gpt-3.5-turbo-1106:shop::a1']);
      dataset.flags.push('--model', model, '--ignore', 'model/retired');
      return { rule: 'images/model-without-vision', example: examplesWithImages(dataset)[0]! };
    },
  },
};
