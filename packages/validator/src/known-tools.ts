import type { ChatFunction } from './formats/chat.js';
import { findTooDeep } from './json/depth.js';
import type { CallPart, LineScanner } from './json/line-scanner.js';
import { parseJson } from './json/parse-json.js';
import { fitsPlainly } from './shape/plain-schema.js';

/** Lists of tools, as many lines of a dataset declare the same. */
export interface KnownTools {
  /**
   * Whether the tools of the line that was scanned last are known to be in order, and all its calls are of them, with
   * arguments that fit. Where that is so, no rule that needs `tools` or `calls` finds anything.
   */
  fit(): boolean;
  /**
   * Remembers the tools of the line that was scanned last, and was parsed.
   *
   * @param example - Of the shape of a chat or not.
   * @param bytes - Size of its line.
   */
  learn(example: object, bytes: number): void;
}

/** What {@link createKnownTools} needs from outside. */
export interface KnownToolsParts {
  readonly scanner: LineScanner;
  /** Whether shape and rules have nothing to say of an example. */
  readonly isClean: (example: object) => boolean;
  /** What an id of a call must be, beside a text. */
  readonly isCallId?: ((id: string) => boolean) | undefined;
}

type Parameters = ChatFunction['parameters'];

/** A function that is declared. */
interface Declaration {
  /** Its name, in bytes. */
  readonly name: Uint8Array;
  readonly parameters: Parameters;
}

/** The functions of a list; `undefined` of tools that are not in order. */
type Declared = readonly Declaration[] | undefined;

/** Lists of tools are looked at that stand in lines of so many bytes together; then all are forgotten. */
const MAX_BYTES = 8 * 1024 * 1024;
/** So many lists are remembered that were seen once: most are never seen again where each example has its own. */
const MAX_LISTS = 4096;

/** A chat of which no rule finds anything, whatever tools it declares. */
const CLEAN_MESSAGES = [
  { role: 'system', content: 'Help.' },
  { role: 'user', content: 'Is it there?' },
  { role: 'assistant', content: 'Yes.' },
];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Most datasets declare the same few lists of tools in all their lines. A list is told by 128 bits of the hash of its
 * value, as examples are where they cannot be read twice, and looked at when it comes a second time: shape and rules are
 * asked about a chat that has these tools and is otherwise clean. Of a line whose tools are in order only the names and
 * the arguments of its calls are decoded.
 */
export function createKnownTools({ scanner, isClean, isCallId }: KnownToolsParts): KnownTools {
  const lists = new Map<string, Declared>();
  let seen = new Set<string>();
  let bytesLooked = 0;
  const hash = new Uint32Array(4);

  const key = (): string => {
    scanner.toolsHash(hash, 0);
    return `${hash[0]} ${hash[1]} ${hash[2]} ${hash[3]}`;
  };

  const textOf = (call: number, part: CallPart) => decoder.decode(scanner.callText(call, part));

  const fits = (call: number, declared: readonly Declaration[]): boolean => {
    const name = scanner.callText(call, 'name');
    const declaration = declared.find((each) => isSame(each.name, name));
    if (declaration === undefined || (isCallId !== undefined && !isCallId(textOf(call, 'id')))) return false;
    const value = parseObject(textOf(call, 'arguments'));
    const { parameters } = declaration;
    return value !== undefined && (parameters === undefined || fitsPlainly(parameters, value));
  };

  return {
    fit() {
      const declared = lists.get(key());
      if (declared === undefined) return false;
      for (let call = 0; call < scanner.calls; call += 1) if (!fits(call, declared)) return false;
      return true;
    },
    learn(example, bytes) {
      const { tools } = example as { tools?: unknown };
      if (!Array.isArray(tools)) return;
      const list = key();
      if (lists.has(list)) return;
      if (!seen.has(list)) {
        if (seen.size >= MAX_LISTS) seen = new Set();
        seen.add(list);
        return;
      }
      bytesLooked += bytes;
      if (bytesLooked > MAX_BYTES) {
        lists.clear();
        bytesLooked = bytes;
      }
      // An example with `tools` alone, so that nothing else of this line is judged by what is remembered.
      const declares = isClean({ messages: CLEAN_MESSAGES, tools });
      lists.set(list, declares ? declarationsOf(tools as readonly { function: ChatFunction }[]) : undefined);
    },
  };
}

/** @param tools - In order: each has a name of its own. */
function declarationsOf(tools: readonly { readonly function: ChatFunction }[]): Declared {
  return tools.map(({ function: { name = '', parameters } }) => ({ name: encoder.encode(name), parameters }));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** `undefined` where the text is not that of a JSON object, or nested too deep. */
function parseObject(text: string): object | undefined {
  if (text.trim() === '' || findTooDeep(text) !== -1) return undefined;
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
