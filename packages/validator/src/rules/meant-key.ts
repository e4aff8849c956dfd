import { suggest } from './suggest.js';

/** What other formats and other tools call a key, and where they put what belongs inside it. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  content: ['text', 'value', 'message', 'body'],
  tool_call_id: ['id', 'call_id', 'tool_id', 'toolCallId', 'tool_use_id'],
  text: ['content', 'value'],
  image_url: ['url', 'image', 'imageUrl'],
  url: ['uri', 'link', 'href'],
  arguments: ['args', 'parameters', 'params', 'input'],
  function: ['name', 'arguments', 'parameters', 'description', 'strict'],
};

/** Whether somebody who wrote `key` may have meant the key `missing`, which is not there. */
export function isMeantAs(key: string, missing: string): boolean {
  return OTHER_NAMES[missing]?.includes(key) === true || suggest(key, [missing]) !== undefined;
}
