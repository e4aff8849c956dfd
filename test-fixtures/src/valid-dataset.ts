import type { DatasetFormat, JsonObject, MutableDataset } from './mutation.js';
import type { Random } from './random.js';

/** So many examples has a valid dataset: more than the ten that OpenAI asks for. */
export const VALID_EXAMPLES = 12;

/** A dataset in which nothing is to be found; the same for the same seed. */
export function createValidDataset(format: DatasetFormat, random: Random): MutableDataset {
  const make = { chat, preference, reinforcement, completion }[format];
  return {
    format,
    examples: Array.from({ length: VALID_EXAMPLES }, (_, index) => make(index, random)),
    rawLines: new Map(),
    flags: format === 'reinforcement' ? ['--method', 'reinforcement'] : [],
    fileName: 'train.jsonl',
  };
}

const SHOPS = ['a bicycle shop', 'a bakery', 'ein Buchladen', 'une librairie', '茶屋', 'магазин часов', 'مكتبة'];
const QUESTIONS = [
  'Where is my parcel?',
  'Kann ich das noch ändern?\nEs eilt.',
  'Le "petit" modèle est-il disponible ?',
  '我可以退货吗？',
  'Спасибо, а скидка есть?',
  'هل هذا متاح؟',
  'Is C:\\temp\\order.txt\tthe right file? 🚲',
  'Cafe\u0301 or tea? 👩🏽‍🔧',
];
const ANSWERS = [
  'It left yesterday and should be with you tomorrow.',
  'Ja, bis morgen früh um 9 Uhr.',
  'Oui, en rouge et en « bleu nuit ».',
  '可以，三十天内凭收据退货。',
  'Да, десять процентов на вторую покупку.',
  'نعم، في الفرع الرئيسي.',
  'Yes 👍 — and\nhere is how:\n1. open it\n2. read the first line',
  'Both; the cafe\u0301 closes at six.',
];

/** 2 × 2 pixels, RGB. */
const IMAGE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR4nGP4z8DAAMIM/4EAAB/uBfsL2WiLAAAAAElFTkSuQmCC';

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'find_order',
      description: 'Finds an order by its number.',
      parameters: {
        type: 'object',
        properties: { number: { type: 'integer' }, detail: { type: 'string', enum: ['short', 'full'] } },
        required: ['number'],
        additionalProperties: false,
      },
      strict: false,
    },
  },
  { type: 'function', function: { name: 'today', description: 'The date of today.' } },
];

/** What the examples of a chat dataset are by turns, so that every mutation finds what it changes. */
const CHATS = [plain, oneCall, weighted, named, inParts, twoCalls, refused, dataImage, linkedImage, endsWithCall];

function chat(index: number, random: Random): JsonObject {
  return CHATS[index % CHATS.length]!(index, random);
}

function plain(index: number, random: Random): JsonObject {
  return { messages: [system(random), user(index, random), assistant(random)] };
}

function weighted(index: number, random: Random): JsonObject {
  return {
    messages: [
      system(random),
      user(index, random),
      { ...assistant(random), weight: 0 },
      { role: 'user', content: 'Are you sure?' },
      { ...assistant(random), weight: 1 },
    ],
  };
}

function named(index: number, random: Random): JsonObject {
  return {
    messages: [
      { ...system(random), name: 'house_rules' },
      { ...user(index, random), name: 'customer-7' },
      { ...assistant(random), name: 'Robin' },
    ],
  };
}

function inParts(index: number, random: Random): JsonObject {
  const parts = [
    { type: 'text', text: question(index, random) },
    { type: 'text', text: 'Please be brief.' },
  ];
  return {
    messages: [
      system(random),
      { role: 'user', content: parts },
      { role: 'assistant', content: [{ type: 'text', text: random.pick(ANSWERS) }] },
    ],
  };
}

function refused(index: number, random: Random): JsonObject {
  const refusal = { role: 'assistant', content: null, refusal: 'I cannot tell you where somebody else lives.' };
  return { messages: [system(random), user(index, random), refusal] };
}

function dataImage(index: number, random: Random): JsonObject {
  return withImage(index, random, { url: IMAGE, detail: 'low' });
}

function linkedImage(index: number, random: Random): JsonObject {
  return withImage(index, random, { url: `https://images.example.com/parcels/${index}.jpg` });
}

function withImage(index: number, random: Random, image_url: JsonObject): JsonObject {
  const content = [
    { type: 'text', text: question(index, random) },
    { type: 'image_url', image_url },
  ];
  return { messages: [system(random), { role: 'user', content }, assistant(random)] };
}

function oneCall(index: number, random: Random): JsonObject {
  const id = callId(random);
  return {
    messages: [
      system(random),
      user(index, random),
      { role: 'assistant', tool_calls: [call(id, 'find_order', { number: orderNumber(index) })] },
      { role: 'tool', tool_call_id: id, content: '{"state":"sent"}' },
      assistant(random),
    ],
    tools: structuredClone(TOOLS),
  };
}

function twoCalls(index: number, random: Random): JsonObject {
  const [first, second] = [callId(random), callId(random)];
  const calls = [call(first, 'find_order', { number: orderNumber(index), detail: 'full' }), call(second, 'today', {})];
  return {
    messages: [
      system(random),
      user(index, random),
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: second, content: '2026-11-22' },
      { role: 'tool', tool_call_id: first, content: [{ type: 'text', text: '{"state":"packed"}' }] },
      assistant(random),
    ],
    tools: structuredClone(TOOLS),
    parallel_tool_calls: true,
  };
}

function endsWithCall(index: number, random: Random): JsonObject {
  const calls = [call(callId(random), 'find_order', { number: orderNumber(index) })];
  const messages = [system(random), user(index, random), { role: 'assistant', tool_calls: calls }];
  return { messages, tools: structuredClone(TOOLS), parallel_tool_calls: false };
}

function preference(index: number, random: Random): JsonObject {
  const input: JsonObject = { messages: [system(random), user(index, random)] };
  if (index % 3 === 1) Object.assign(input, { tools: structuredClone(TOOLS), parallel_tool_calls: true });
  const preferred = random.pick(ANSWERS);
  return {
    input,
    preferred_output: [{ role: 'assistant', content: preferred }],
    non_preferred_output: [{ role: 'assistant', content: random.pick(ANSWERS.filter((it) => it !== preferred)) }],
  };
}

function reinforcement(index: number, random: Random): JsonObject {
  const example: JsonObject = {
    messages: [{ ...system(random), role: 'developer' }, user(index, random)],
    reference_answer: random.pick(ANSWERS),
    order: { number: orderNumber(index), tags: ['späte Lieferung', '🚚'] },
  };
  if (index % 3 === 1) example.tools = structuredClone(TOOLS);
  return example;
}

function completion(index: number, random: Random): JsonObject {
  return { prompt: `${question(index, random)}\n\n###\n\n`, completion: ` ${random.pick(ANSWERS)} END` };
}

function system(random: Random): JsonObject {
  return { role: 'system', content: `You answer for ${random.pick(SHOPS)}. Be brief.` };
}

function user(index: number, random: Random): JsonObject {
  return { role: 'user', content: question(index, random) };
}

function assistant(random: Random): JsonObject {
  return { role: 'assistant', content: random.pick(ANSWERS) };
}

/** The number keeps prompts apart: equal ones would be duplicates, or conflicting answers. */
function question(index: number, random: Random): string {
  return `${random.pick(QUESTIONS)} (${orderNumber(index)})`;
}

function orderNumber(index: number): number {
  return 4_800 + index;
}

function call(id: string, name: string, args: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}

/** Nine letters and digits, as Mistral wants them. */
function callId(random: Random): string {
  return `c${Array.from({ length: 8 }, () => random.pick([...'abcdefghijkmnpqrstuvwxyz23456789'])).join('')}`;
}
