import { none } from 'stream-chain/defs.js';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { type JsonPath, toPointer } from './path.js';

/** What can be said of a value that is too large to be parsed. */
export interface OversizedSummary {
  /** Whether it is one well-formed JSON value. */
  readonly isJson: boolean;
  /** The string with the most characters, when the value is well-formed. */
  readonly largest?: { readonly pointer: string; readonly characters: number };
}

/** Looks through a value piece by piece. */
export interface OversizedScan {
  push(text: string): void;
  end(): OversizedSummary;
}

/** The longest key, in code units, that is kept for a pointer; a longer one is cut. */
const MAX_KEY = 64;

/** The deepest nesting that is followed: its path would grow with it. */
const MAX_SCAN_DEPTH = 1_000;

interface Level {
  readonly isArray: boolean;
  index: number;
  key: string;
}

/**
 * Reads a value of any size as stream-json's tokens, in constant memory, to say whether it is JSON and what makes it so
 * large. Nothing is packed: strings arrive in pieces and only their lengths are kept.
 */
export function createOversizedScan(): OversizedScan {
  const parse = jsonParser({ packValues: false });
  const levels: Level[] = [];
  let isBroken = false;
  let length = 0;
  let inKey = false;
  let largest: { path: JsonPath; characters: number } | undefined;

  const startValue = () => {
    const level = levels.at(-1);
    if (level?.isArray) level.index += 1;
  };

  const take = (token: Token) => {
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        startValue();
        levels.push({ isArray: token.name === 'startArray', index: -1, key: '' });
        if (levels.length > MAX_SCAN_DEPTH) isBroken = true;
        break;
      case 'endObject':
      case 'endArray':
        levels.pop();
        break;
      case 'startKey':
        inKey = true;
        levels.at(-1)!.key = '';
        break;
      case 'endKey': {
        inKey = false;
        const level = levels.at(-1)!;
        // The cut may have gone through a surrogate pair.
        if (level.key.length === MAX_KEY && /[\ud800-\udbff]$/.test(level.key)) level.key = level.key.slice(0, -1);
        break;
      }
      case 'startString':
        startValue();
        length = 0;
        break;
      case 'stringChunk': {
        if (!inKey) {
          length += token.value.length;
          break;
        }
        const level = levels.at(-1)!;
        if (level.key.length < MAX_KEY) level.key += token.value.slice(0, MAX_KEY - level.key.length);
        break;
      }
      case 'endString':
        if (length > (largest?.characters ?? 0)) {
          largest = { path: levels.map((level) => (level.isArray ? level.index : level.key)), characters: length };
        }
        break;
      case 'startNumber':
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        startValue();
        break;
      default:
    }
  };

  const run = (input: string) => {
    if (isBroken) return;
    try {
      const output: unknown = parse(input);
      for (const token of tokensOf(output)) take(token);
    } catch {
      isBroken = true;
    }
  };

  return {
    push: run,
    end() {
      run(none as unknown as string);
      if (isBroken || largest === undefined) return { isJson: !isBroken };
      return { isJson: true, largest: { pointer: toPointer(largest.path), characters: largest.characters } };
    },
  };
}

/** The tokens of one step: stream-chain returns one value, several in a wrapper, or none. */
function tokensOf(output: unknown): readonly Token[] {
  if (typeof output !== 'object' || output === null) return [];
  if ('values' in output && Array.isArray(output.values)) return output.values as Token[];
  return 'name' in output ? [output as Token] : [];
}
