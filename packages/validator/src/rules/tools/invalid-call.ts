import { butWith, quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const toolInvalidCall = stageRule({
  id: 'tools/invalid-call',
  severity: 'error',
  stage: 'shape',
  description: 'A tool call lacks its id, type, function name or arguments, or has one of the wrong type.',
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
      ? `a tool call without ${quote(key)}${butWith(instead)}`
      : fault === 'unknown'
        ? `unknown key ${quote(key)} in a tool call`
        : key === ''
          ? `a tool call is an object; this one is ${found}`
          : `${quote(key)} of a tool call is ${found}`,
  help: () => 'write {"id":"call_…","type":"function","function":{"name":"…","arguments":"{…}"}}',
});
