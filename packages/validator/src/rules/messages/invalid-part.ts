import { butWith, quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const messageInvalidPart = stageRule({
  id: 'messages/invalid-part',
  severity: 'error',
  stage: 'shape',
  description: 'A content part lacks what its type needs, or has a key or a value that it may not have.',
  message: ({
    key,
    fault,
    found,
    instead,
  }: {
    key: string;
    fault: 'missing' | 'unknown' | 'type';
    found: string;
    instead?: string;
  }) =>
    fault === 'missing'
      ? `a content part without ${quote(key)}${butWith(instead)}`
      : fault === 'unknown'
        ? `unknown key ${quote(key)} in a content part`
        : `${quote(key)} of a content part is ${found}`,
  help: () => 'write {"type":"text","text":"…"} or {"type":"image_url","image_url":{"url":"…"}}',
});
