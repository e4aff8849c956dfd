import {
  beginCall,
  beginCalls,
  beginMessageCalls,
  endCall,
  endCalledMember,
  endCallMember,
  endCalls,
  endChatCalls,
  endResult,
  endTurn,
  forgetCalls,
  keepResultId,
} from './calls';
import { note, UNCERTAIN, UNCHECKED } from './flags';
import {
  BOOLEAN,
  CALL,
  CALLED,
  CALLS,
  EXAMPLE,
  LIST,
  MESSAGE,
  MESSAGES,
  NULL,
  NUMBER,
  OBJECT,
  OTHER,
  OUTPUT,
  STRING,
} from './kinds';
import { absorb, begin, finish, h1, h2, hashBytes, resume, stateA, stateB } from './murmur';
import {
  ASSISTANT,
  CALL_ID_KEY,
  CALLS_KEY,
  COMPLETION_KEY,
  CONTENT_KEY,
  DEVELOPER,
  FUNCTION_CALL_KEY,
  FUNCTION_KEY,
  FUNCTIONS_KEY,
  INPUT_KEY,
  MESSAGES_KEY,
  NAME_KEY,
  PARALLEL_KEY,
  PREFERRED_KEY,
  PROMPT_KEY,
  REFUSAL_KEY,
  ROLE_KEY,
  roleOf,
  SYSTEM,
  TOOL,
  TOOLS_KEY,
  USER,
  WEIGHT_KEY,
} from './names';
import { number } from './numbers';
import {
  CHAT_PAIR,
  COMPLETION_PAIR,
  copyHash,
  HAS_CHAT_PAIR,
  HAS_COMPLETION_PAIR,
  HAS_PREFERENCE_PAIR,
  HASH_SIZE,
  keep,
  NAMED,
  PREFERENCE_PAIR,
  TOOLS_HASH,
  UNTRAINED,
  writeText,
} from './result';
import { FALSE, LIST_SEED, LITERAL_SEED, TEXT_SEED } from './seeds';
import { textAt, textLength } from './strings';
import {
  BLANK,
  HAS_CALLS,
  HAS_SYSTEM,
  isFilled,
  isName,
  LONG_TEXT,
  longText,
  NAME,
  ODD_TURNS,
  PARTS,
  REFUSAL,
  TOOLS,
  WEIGHT,
} from './traits';

export { memberOf } from './names';

/*
 * What an example means, told by the scan as it goes: its traits; whether its shape is certainly that of a chat; the
 * hashes of its prompt and of its answer.
 *
 * An answer is what a message says: `[content, refusal, the functions of its calls, function_call]`, "" for what it has
 * not. Its weight is no part of it, nor are the ids of its calls, which are made up anew each time. The prompt of a chat
 * is all before the last answer that is trained on, with its tools and functions.
 */

export let traits: u32 = 0;
export let pairs: u32 = 0;
export let textCount: u32 = 0;

const PROMPT: usize = 0;
const ANSWER: usize = HASH_SIZE;

/** Hashes of an empty text and of an empty list. */
const EMPTY: usize = memory.data(HASH_SIZE, 8);
const NO_CALLS: usize = memory.data(HASH_SIZE, 8);
/** Of an absent key. */
const ABSENT: usize = memory.data(HASH_SIZE, 8);
hashBytes(0, 0, TEXT_SEED);
keep(EMPTY, h1, h2);
begin(LIST_SEED);
finish(0);
keep(NO_CALLS, h1, h2);

/** Half of the hash of `false`. */
begin(LITERAL_SEED);
absorb(FALSE, 0);
finish(1);
const FALSE_HASH = h1;

const FUNCTIONS_HASH: usize = memory.data(HASH_SIZE, 8);
/** The hash of the messages, as far as it was made when the last answer that is trained on came. */
const BEFORE_ANSWER: usize = memory.data(HASH_SIZE, 8);
let answerIndex: u32 = 0;

// The message at hand.
const CONTENT: usize = memory.data(HASH_SIZE, 8);
const REFUSAL_HASH: usize = memory.data(HASH_SIZE, 8);
const CALLS_HASH: usize = memory.data(HASH_SIZE, 8);
const FUNCTION_CALL: usize = memory.data(HASH_SIZE, 8);
let role: u32 = 0;
let contentKind: u32 = 0;
let contentAt: usize = 0;
let contentLength: usize = 0;
let isTrained: bool = true;
let hasWeight: bool = false;
let hasName: bool = false;
/** Whether it has the key of calls; whether it has calls. */
let hasCallsKey: bool = false;
let hasCalls: bool = false;
let hasResultId: bool = false;
/** Whether an answer before was trained on. */
let hasTrained: bool = false;
let previousRole: u32 = 0;

// Lists whose hash is made beside that of what stands there.
const FUNCTION: usize = memory.data(HASH_SIZE, 8);
let callsA: u64 = 0;
let callsB: u64 = 0;
let outputA: u64 = 0;
let outputB: u64 = 0;

/** Whether several calls may be made at once. */
let isParallel: bool = true;

export function beginExample(): void {
  forgetCalls();
  isParallel = true;
  traits = 0;
  pairs = 0;
  textCount = 0;
  answerIndex = 0;
  copyHash(TOOLS_HASH, ABSENT);
  copyHash(FUNCTIONS_HASH, ABSENT);
}

/** The part that a value plays which turned out to be a list or an object. */
export function beginValue(context: u32, kind: u32): u32 {
  if (context === OTHER) return OTHER;
  const wanted = context === MESSAGES || context === CALLS || context === OUTPUT ? LIST : OBJECT;
  if (kind !== wanted) return OTHER;
  switch (context) {
    case MESSAGES: {
      previousRole = 0;
      answerIndex = 0;
      hasTrained = false;
      break;
    }
    case MESSAGE: {
      role = 0;
      contentKind = 0;
      isTrained = true;
      hasWeight = false;
      hasName = false;
      hasCallsKey = false;
      hasCalls = false;
      hasResultId = false;
      beginMessageCalls();
      copyHash(CONTENT, EMPTY);
      copyHash(REFUSAL_HASH, EMPTY);
      copyHash(FUNCTION_CALL, EMPTY);
      copyHash(CALLS_HASH, NO_CALLS);
      break;
    }
    case CALLS: {
      beginCalls();
      callsA = LIST_SEED;
      callsB = LIST_SEED;
      break;
    }
    case CALL: {
      copyHash(FUNCTION, ABSENT);
      beginCall();
      break;
    }
    case OUTPUT: {
      outputA = LIST_SEED;
      outputB = LIST_SEED;
      break;
    }
    default:
  }
  return context;
}

/** The part that the value of a member, or an item of a list, would play. */
export function inside(context: u32, member: u32): u32 {
  switch (context) {
    case EXAMPLE:
      return member === MESSAGES_KEY ? MESSAGES : member === PREFERRED_KEY ? OUTPUT : OTHER;
    case MESSAGE:
      return member === CALLS_KEY ? CALLS : OTHER;
    case MESSAGES:
    case OUTPUT:
      return MESSAGE;
    case CALLS:
      return CALL;
    case CALL:
      return member === FUNCTION_KEY ? CALLED : OTHER;
    default:
      return OTHER;
  }
}

export function endMember(context: u32, member: u32, kind: u32, k1: u64, k2: u64): void {
  if (context === MESSAGE) endMessageMember(member, kind, k1, k2);
  else if (context === EXAMPLE) endExampleMember(member, kind, k1, k2);
  else if (context === CALL) {
    if (member === FUNCTION_KEY) keep(FUNCTION, k1, k2);
    endCallMember(member, kind, k1, k2);
  } else if (context === CALLED) endCalledMember(member, kind);
}

function endExampleMember(member: u32, kind: u32, k1: u64, k2: u64): void {
  if (member === MESSAGES_KEY && kind === LIST) return;
  switch (member) {
    case TOOLS_KEY: {
      traits |= TOOLS;
      keep(TOOLS_HASH, k1, k2);
      note(kind === LIST ? UNCHECKED : UNCERTAIN);
      return;
    }
    case PARALLEL_KEY: {
      traits |= TOOLS;
      isParallel = k1 !== FALSE_HASH;
      note(kind === BOOLEAN ? UNCHECKED : UNCERTAIN);
      return;
    }
    case FUNCTIONS_KEY: {
      traits |= TOOLS;
      keep(FUNCTIONS_HASH, k1, k2);
      break;
    }
    case INPUT_KEY: {
      keep(PREFERENCE_PAIR + PROMPT, k1, k2);
      break;
    }
    case PROMPT_KEY: {
      keep(COMPLETION_PAIR + PROMPT, k1, k2);
      break;
    }
    case COMPLETION_KEY: {
      keep(COMPLETION_PAIR + ANSWER, k1, k2);
      pairs |= HAS_COMPLETION_PAIR;
      break;
    }
    default:
  }
  note(UNCERTAIN);
}

function endMessageMember(member: u32, kind: u32, k1: u64, k2: u64): void {
  switch (member) {
    case ROLE_KEY: {
      role = kind === STRING ? roleOf(textAt, textLength) : 0;
      return;
    }
    case CONTENT_KEY: {
      contentKind = kind;
      contentAt = textAt;
      contentLength = textLength;
      if (kind !== NULL) keep(CONTENT, k1, k2);
      return;
    }
    case WEIGHT_KEY: {
      hasWeight = true;
      isTrained = kind !== NUMBER || number !== 0;
      if (kind === NUMBER && (number === 0 || number === 1)) return;
      traits |= WEIGHT;
      break;
    }
    case REFUSAL_KEY: {
      traits |= REFUSAL;
      if (kind !== NULL) keep(REFUSAL_HASH, k1, k2);
      break;
    }
    case CALLS_KEY: {
      traits |= HAS_CALLS;
      hasCallsKey = true;
      hasCalls = endCalls(kind);
      return;
    }
    case CALL_ID_KEY: {
      traits |= HAS_CALLS;
      hasResultId = true;
      keepResultId(kind, k1, k2);
      return;
    }
    case FUNCTION_CALL_KEY: {
      traits |= HAS_CALLS;
      if (kind !== NULL) keep(FUNCTION_CALL, k1, k2);
      break;
    }
    case NAME_KEY: {
      hasName = true;
      if (kind === STRING && isName(textAt, textLength)) return;
      traits |= NAME;
      break;
    }
    default:
  }
  note(UNCERTAIN);
}

export function endObject(context: u32): void {
  if (context !== MESSAGE) return;
  if (role === SYSTEM || role === DEVELOPER) traits |= HAS_SYSTEM;
  else if (role !== USER && role !== ASSISTANT) traits |= HAS_CALLS;
  const isCalling = hasCalls && role === ASSISTANT;
  if (contentKind === STRING) {
    if (!isCalling && !isFilled(contentAt, contentLength)) traits |= BLANK;
    if (contentLength > longText) traits |= LONG_TEXT;
  } else if (!isCalling || (contentKind !== NULL && contentKind !== 0)) {
    note(UNCERTAIN);
    traits |= contentKind === LIST ? PARTS | BLANK | LONG_TEXT : BLANK;
  }
  if (role !== SYSTEM && role !== USER && role !== ASSISTANT && role !== TOOL) note(UNCERTAIN);
  if (hasCallsKey && role !== ASSISTANT) note(UNCERTAIN);
  if (hasResultId !== (role === TOOL) || (hasName && role === TOOL)) note(UNCERTAIN);
  if (hasWeight && role !== ASSISTANT) {
    note(UNCERTAIN);
    traits |= WEIGHT;
  }
}

/** @param a, b - The hash of the list, as far as it was made before this item. */
export function endItem(context: u32, kind: u32, index: u32, a: u64, b: u64): void {
  if (context === MESSAGES) {
    if (kind === OBJECT) endMessage(index, a, b);
    else note(UNCERTAIN);
  } else if (context === CALLS) {
    endCall(kind);
    resume(callsA, callsB);
    absorb(load<u64>(FUNCTION), load<u64>(FUNCTION, 8));
    callsA = stateA();
    callsB = stateB();
  } else {
    hashSaid();
    resume(outputA, outputB);
    absorb(h1, h2);
    outputA = stateA();
    outputB = stateB();
  }
}

function endMessage(index: u32, a: u64, b: u64): void {
  writeText(index, role | (isTrained ? 0 : UNTRAINED) | (hasName ? NAMED : 0), contentAt, contentLength);
  const isInTurn =
    role === ASSISTANT
      ? previousRole === USER || previousRole === TOOL
      : role === TOOL
        ? previousRole === ASSISTANT || previousRole === TOOL
        : role === USER
        ? previousRole !== USER
        : role === SYSTEM && index === 0;
  if (!isInTurn) traits |= ODD_TURNS;
  previousRole = role;
  if (role === TOOL) endResult();
  else endTurn();
  if (role !== ASSISTANT || !isTrained) return;
  hasTrained = true;
  answerIndex = index;
  keep(BEFORE_ANSWER, a, b);
  hashSaid();
  keep(CHAT_PAIR + ANSWER, h1, h2);
}

/** What the message at hand says. */
function hashSaid(): void {
  begin(LIST_SEED);
  absorb(load<u64>(CONTENT), load<u64>(CONTENT, 8));
  absorb(load<u64>(REFUSAL_HASH), load<u64>(REFUSAL_HASH, 8));
  absorb(load<u64>(CALLS_HASH), load<u64>(CALLS_HASH, 8));
  absorb(load<u64>(FUNCTION_CALL), load<u64>(FUNCTION_CALL, 8));
  finish(4);
}

export function endList(context: u32, count: u32): void {
  if (context === CALLS) {
    resume(callsA, callsB);
    finish(count);
    keep(CALLS_HASH, h1, h2);
  } else if (context === OUTPUT) {
    resume(outputA, outputB);
    finish(count);
    keep(PREFERENCE_PAIR + ANSWER, h1, h2);
    pairs |= HAS_PREFERENCE_PAIR;
  } else {
    textCount = count;
    if (count === 0) note(UNCERTAIN);
    if (previousRole !== ASSISTANT) traits |= ODD_TURNS;
    if (!hasTrained) traits |= WEIGHT;
  }
}

/** An answer without anything before it has no prompt. */
export function endExample(): void {
  if (textCount === 0) note(UNCERTAIN);
  endChatCalls(isParallel);
  if (answerIndex === 0) return;
  pairs |= HAS_CHAT_PAIR;
  resume(load<u64>(BEFORE_ANSWER), load<u64>(BEFORE_ANSWER, 8));
  finish(answerIndex);
  const messages1 = h1;
  const messages2 = h2;
  begin(LIST_SEED);
  absorb(messages1, messages2);
  absorb(load<u64>(TOOLS_HASH), load<u64>(TOOLS_HASH, 8));
  absorb(load<u64>(FUNCTIONS_HASH), load<u64>(FUNCTIONS_HASH, 8));
  finish(3);
  keep(CHAT_PAIR + PROMPT, h1, h2);
}
