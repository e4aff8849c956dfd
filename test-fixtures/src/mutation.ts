import type { Random } from './random.js';

/** A JSON object that may be changed. */
export type JsonObject = Record<string, unknown>;

/** The kinds of example that a valid dataset can be made of. */
export type DatasetFormat = 'chat' | 'preference' | 'reinforcement' | 'completion';

/** A way to make a valid dataset faulty. */
export interface Mutation {
  /** Which valid dataset it wants. @default 'chat' */
  readonly format?: DatasetFormat;
  /**
   * Makes one valid dataset faulty in exactly this way.
   *
   * @param dataset - A deep copy, free to change.
   */
  mutate(dataset: MutableDataset, random: Random): ExpectedFinding;
}

/** The mutations of a category, by rule id. */
export type Mutations = Readonly<Record<string, Mutation>>;

/** A dataset on its way to become a faulty one. */
export interface MutableDataset {
  readonly format: DatasetFormat;
  /** Parsed valid examples. */
  examples: JsonObject[];
  /** Stands in the place of the serialised text of the example with this index. */
  readonly rawLines: Map<number, string | Uint8Array>;
  /** Flags of the command line, beside the usual ones. */
  flags: string[];
  /** Keys of the configuration file. */
  config?: JsonObject;
  fileName: string;
  /** Stands in the place of all lines. */
  bytes?: Uint8Array;
  /** The examples of a training file; the dataset is then the validation file beside it. */
  training?: JsonObject[];
}

/** What must be found in a dataset that was made faulty. */
export interface ExpectedFinding {
  readonly rule: string;
  /** Index of the example; absent for findings about the file. */
  readonly example?: number;
  /** Absent where any will do. */
  readonly pointer?: string;
  /** Further rules that may be reported because of the same change. */
  readonly also?: readonly string[];
}

/** The bytes of a dataset: one line for each example. */
export function serializeDataset({ examples, rawLines, bytes }: MutableDataset): Uint8Array {
  if (bytes !== undefined) return bytes;
  const encoder = new TextEncoder();
  const feed = encoder.encode('\n');
  const pieces = examples.flatMap((example, index) => {
    const line = rawLines.get(index) ?? JSON.stringify(example);
    return [typeof line === 'string' ? encoder.encode(line) : line, feed];
  });
  return concatenate(pieces);
}

/** The serialised example with this index, as it would be sent. */
export function lineText({ examples }: MutableDataset, index: number): string {
  return JSON.stringify(examples[index]);
}

/** The messages of a chat or reinforcement example, or of the input of a preference. @throws When it has none. */
export function messagesOf(example: JsonObject): JsonObject[] {
  const { messages } = 'input' in example ? (example.input as JsonObject) : example;
  if (!Array.isArray(messages)) throw new Error('this example has no messages');
  return messages as JsonObject[];
}

/** The index of one of the values that are wanted. @throws When none is. */
export function pickIndex<T>(list: readonly T[], random: Random, isWanted: (value: T) => boolean = () => true): number {
  const indices = list.flatMap((value, index) => (isWanted(value) ? [index] : []));
  if (indices.length === 0) throw new Error('the valid dataset has nothing that this mutation could change');
  return random.pick(indices);
}

/** A message, and where it stands. */
export interface PickedMessage {
  /** Index of the example. */
  readonly example: number;
  /** Index of the message. */
  readonly index: number;
  readonly message: JsonObject;
  /** All messages of the example. */
  readonly messages: JsonObject[];
  /** JSON Pointer to the message. */
  readonly pointer: string;
}

/** One of the messages that are wanted. @throws When none is. */
export function pickMessage(
  { examples }: Pick<MutableDataset, 'examples'>,
  random: Random,
  isWanted: (message: JsonObject, index: number, messages: JsonObject[]) => boolean = () => true,
): PickedMessage {
  const found = examples.flatMap((example, number) => {
    const messages = messagesOf(example);
    const prefix = 'input' in example ? '/input' : '';
    return messages.flatMap((message, index) =>
      isWanted(message, index, messages)
        ? [{ example: number, index, message, messages, pointer: `${prefix}/messages/${index}` }]
        : [],
    );
  });
  if (found.length === 0) throw new Error('the valid dataset has no message that this mutation could change');
  return random.pick(found);
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
