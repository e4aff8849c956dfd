import { type CodeWriter, createCodeWriter } from './code.js';
import { arabic } from './languages/arabic.js';
import { chinese } from './languages/chinese.js';
import { english } from './languages/english.js';
import { german } from './languages/german.js';
import { hindi } from './languages/hindi.js';
import { japanese } from './languages/japanese.js';
import { russian } from './languages/russian.js';
import { spanish } from './languages/spanish.js';
import { createProse, type Prose } from './prose.js';
import { createRandom, type Random } from './random.js';
import { createToolBox, type Tool, type ToolBox } from './tools.js';

interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content?: string | null | readonly { readonly type: 'text'; readonly text: string }[];
  readonly name?: string;
  readonly weight?: 0 | 1;
  readonly refusal?: string;
  readonly tool_calls?: readonly ReturnType<ToolBox['call']>[];
  readonly tool_call_id?: string;
}

interface Example {
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly parallel_tool_calls?: boolean;
}

/** Examples by kind, of a hundred; English counts for half of those in a natural language. */
const KINDS = { chat: 50, label: 14, document: 6, code: 18, tools: 12 };
/** Share of lines written as Python's `json.dumps` does by default: everything beyond ASCII as `\uXXXX`. */
const ESCAPED = 0.08;

/** Yields the lines of a chat dataset without end, each with its newline. The same seed yields the same lines. */
export function* exampleLines(seed: number): Generator<string, never> {
  const random = createRandom(seed);
  const prose = createProse(english, random);
  const others = [german, spanish, russian, chinese, japanese, arabic, hindi].map((it) => createProse(it, random));
  const code = createCodeWriter(prose, random);
  const toolBox = createToolBox(prose, code, random);
  const kinds = Object.entries(KINDS).flatMap(([kind, weight]) => Array<string>(weight).fill(kind));
  const write: Record<string, () => Example> = {
    chat: () => chatExample(random.chance(0.5) ? prose : random.pick(others), random),
    label: () => labelExample(random.chance(0.5) ? prose : random.pick(others), random),
    document: () => documentExample(random.chance(0.5) ? prose : random.pick(others), random),
    code: () => codeExample(prose, code, random),
    tools: () => toolExample(prose, toolBox, random),
  };
  for (;;) {
    const json = JSON.stringify(write[random.pick(kinds)]!());
    yield `${random.chance(ESCAPED) ? escapeBeyondAscii(json) : json}\n`;
  }
}

function escapeBeyondAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function system(prose: Prose, random: Random): readonly Message[] {
  return random.chance(0.7) ? [{ role: 'system', content: prose.paragraph(random.between(5, 60)) }] : [];
}

/** Short answers are common, long ones rare: the length is spread evenly over its logarithm. */
function answerLength(random: Random): number {
  return Math.round(8 * 75 ** random.next());
}

function chatExample(prose: Prose, random: Random): Example {
  const messages: Message[] = [...system(prose, random)];
  const turns = random.chance(0.7) ? 1 : random.between(2, 5);
  for (let turn = 1; turn <= turns; turn += 1) {
    const question = prose.paragraph(random.between(5, 60));
    messages.push({
      role: 'user',
      content: random.chance(0.03) ? [{ type: 'text', text: question }] : question,
      ...(random.chance(0.03) ? { name: `user_${random.between(1, 9999)}` } : {}),
    });
    if (turn === turns && random.chance(0.005)) messages.push({ role: 'assistant', refusal: prose.sentence() });
    else {
      const content = prose.answer(answerLength(random));
      const weight = turn === turns ? 1 : 0;
      messages.push({ role: 'assistant', content, ...(random.chance(0.05) ? { weight } : {}) });
    }
  }
  return { messages };
}

/** Two paragraphs at least, so that no two prompts are alike by accident. */
function labelExample(prose: Prose, random: Random): Example {
  const content = `${prose.sentence()}\n\n${prose.paragraph(random.between(20, 40))}\t#${random.between(1, 99_999)}`;
  return {
    messages: [...system(prose, random), { role: 'user', content }, { role: 'assistant', content: prose.word() }],
  };
}

function documentExample(prose: Prose, random: Random): Example {
  let document = '';
  for (let left = random.between(3, 24); left > 0; left -= 1) document += `${prose.paragraph(80)}\r\n\r\n`;
  return {
    messages: [
      ...system(prose, random),
      { role: 'user', content: `${prose.sentence()}\n\n"""\n${document}"""` },
      { role: 'assistant', content: prose.answer(random.between(40, 200)) },
    ],
  };
}

function codeExample(prose: Prose, code: CodeWriter, random: Random): Example {
  const question = prose.paragraph(random.between(10, 60));
  const content = `${prose.paragraph(20)}\n\n${code.block(random.between(5, 60))}\n\n${prose.answer(random.between(10, 80))}`;
  return {
    messages: [
      ...system(prose, random),
      { role: 'user', content: random.chance(0.4) ? `${question}\n\n${code.block(20)}` : question },
      { role: 'assistant', content },
    ],
  };
}

function toolExample(prose: Prose, toolBox: ToolBox, random: Random): Example {
  const tools = toolBox.some();
  const messages: Message[] = [...system(prose, random)];
  messages.push({ role: 'user', content: prose.paragraph(random.between(5, 40)) });
  const rounds = random.between(1, 3);
  for (let round = 1; round <= rounds; round += 1) {
    const calls = Array.from({ length: random.between(1, 2) }, () => toolBox.call(random.pick(tools)));
    messages.push({ role: 'assistant', ...(random.chance(0.5) ? { content: null } : {}), tool_calls: calls });
    // An example may end in a call: that is what is trained then.
    if (round === rounds && random.chance(0.2)) return { messages, tools };
    for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: toolBox.result() });
  }
  messages.push({ role: 'assistant', content: prose.answer(random.between(10, 80)) });
  return { messages, tools, ...(random.chance(0.2) ? { parallel_tool_calls: true } : {}) };
}
