import { note, UNCERTAIN, UNCHECKED } from './flags';
import { LIST, OBJECT, STRING } from './kinds';
import { ARGUMENTS_KEY, FUNCTION_KEY, ID_KEY, isFunctionType, NAME_KEY, TYPE_KEY } from './names';
import { ARGUMENTS, FUNCTION_NAME, ID, MAX_CALLS, writeCallText } from './result';
import { textAt, textLength } from './strings';

/*
 * The calls of a chat, and the results that answer them. They are in order when each call has its shape and an id of its
 * own, each result is that of a call before it, and no call is unanswered when the user or the assistant speaks again.
 * Whether the function is declared and its arguments fit is for the host to tell, which gets a list of the calls.
 */

/** So many calls an example has. */
export let callCount: u32 = 0;

/** The hash of the id of each call. */
const ID_SIZE: usize = 16;
const ids: usize = memory.data(MAX_CALLS * 16, 16);
/** A bit for each call that has no result yet; those of the message at hand are not open before it ends. */
let open: u64 = 0;
let isInOrder: bool = true;
/** Calls in the messages before the one at hand. */
let before: u32 = 0;
/** Calls before the list at hand. */
let beforeList: u32 = 0;
/** Whether a message makes several calls at once. */
let hasSeveral: bool = false;

/** Which parts the call at hand has: bits. */
const HAS_ID: u32 = 1;
const HAS_TYPE: u32 = 2;
const HAS_FUNCTION: u32 = 4;
const HAS_NAME: u32 = 8;
const HAS_ARGUMENTS: u32 = 16;
const HAS_ALL: u32 = 31;
let parts: u32 = 0;

let resultId1: u64 = 0;
let resultId2: u64 = 0;

export function forgetCalls(): void {
  callCount = 0;
  open = 0;
  isInOrder = true;
  before = 0;
  hasSeveral = false;
}

export function beginMessageCalls(): void {
  before = callCount;
}

export function beginCalls(): void {
  beforeList = callCount;
}

export function beginCall(): void {
  parts = 0;
}

export function endCallMember(member: u32, kind: u32, k1: u64, k2: u64): void {
  if (member === ID_KEY && kind === STRING) {
    parts |= HAS_ID;
    writeCallText(callCount, ID, textAt, textLength);
    if (callCount >= <u32>MAX_CALLS) return;
    const entry = ids + <usize>callCount * ID_SIZE;
    store<u64>(entry, k1);
    store<u64>(entry, k2, 8);
  } else if (member === TYPE_KEY && kind === STRING && isFunctionType(textAt, textLength)) parts |= HAS_TYPE;
  else if (member === FUNCTION_KEY && kind === OBJECT) parts |= HAS_FUNCTION;
  else isInOrder = false;
}

export function endCalledMember(member: u32, kind: u32): void {
  if (member === NAME_KEY && kind === STRING) {
    parts |= HAS_NAME;
    writeCallText(callCount, FUNCTION_NAME, textAt, textLength);
  } else if (member === ARGUMENTS_KEY && kind === STRING) {
    parts |= HAS_ARGUMENTS;
    writeCallText(callCount, ARGUMENTS, textAt, textLength);
  } else isInOrder = false;
}

export function endCall(kind: u32): void {
  if (kind !== OBJECT || parts !== HAS_ALL || callCount >= <u32>MAX_CALLS) {
    isInOrder = false;
    return;
  }
  const id = ids + <usize>callCount * ID_SIZE;
  if (find(load<u64>(id), load<u64>(id, 8)) < callCount) isInOrder = false;
  callCount += 1;
}

/** Returns whether there are calls, of the right shape, where a list of them should be. */
export function endCalls(kind: u32): bool {
  const hasCalls = kind === LIST && callCount > beforeList;
  if (!hasCalls) isInOrder = false;
  else if (callCount - beforeList > 1) hasSeveral = true;
  return hasCalls;
}

export function keepResultId(kind: u32, k1: u64, k2: u64): void {
  if (kind !== STRING) isInOrder = false;
  resultId1 = k1;
  resultId2 = k2;
}

/** The user or the assistant speaks. */
export function endTurn(): void {
  if (open !== 0) isInOrder = false;
  for (let call = before; call < callCount; call += 1) open |= <u64>1 << call;
}

export function endResult(): void {
  const call = find(resultId1, resultId2);
  if (call === callCount) isInOrder = false;
  else open &= ~(<u64>1 << call);
}

/** @param isParallel - Whether several calls may be made at once, by the word of the example. */
export function endChatCalls(isParallel: bool): void {
  if (!isInOrder || (hasSeveral && !isParallel)) note(UNCERTAIN);
  if (callCount > 0) note(UNCHECKED);
}

/** The call with this id; the number of calls when there is none. */
function find(k1: u64, k2: u64): u32 {
  let call: u32 = 0;
  for (let entry = ids; call < callCount; call += 1) {
    if (load<u64>(entry) === k1 && load<u64>(entry, 8) === k2) return call;
    entry += ID_SIZE;
  }
  return callCount;
}
