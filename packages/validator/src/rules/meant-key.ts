import { suggest } from './suggest.js';

const ARGUMENTS = ['args', 'parameters', 'params', 'input'];

/** What other formats and other tools call a key, the surest first, and where they put what belongs inside it. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  content: ['text', 'value', 'message', 'body'],
  tool_call_id: ['call_id', 'toolCallId', 'tool_use_id', 'tool_id', 'id'],
  text: ['content', 'value'],
  image_url: ['url', 'image', 'imageUrl', 'value'],
  url: ['uri', 'link', 'href'],
  arguments: ARGUMENTS,
  function: ['name', 'arguments', ...ARGUMENTS, 'description', 'strict'],
};

/** Whether somebody who wrote `key` may have meant the key `missing`, which is not there. */
export function isMeantAs(key: string, missing: string): boolean {
  return meantRank(key, missing) !== Number.POSITIVE_INFINITY;
}

/** Which of two keys was more likely meant as the missing one; the first of equally likely ones. */
export function likelier(first: string | undefined, second: string, missing: string): string {
  return first === undefined || meantRank(second, missing) < meantRank(first, missing) ? second : first;
}

/** How far a key is from the one that is missing: a misspelling is nearest, then its other names in their order. */
function meantRank(key: string, missing: string): number {
  if (suggest(key, [missing]) !== undefined) return -1;
  const index = OTHER_NAMES[missing]?.indexOf(key) ?? -1;
  return index === -1 ? Number.POSITIVE_INFINITY : index;
}
