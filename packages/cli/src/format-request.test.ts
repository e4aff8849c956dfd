import { expect, test } from 'vitest';
import { formatRequests } from './format-request.js';

const terminal = { isTTY: true };
const pipe = { isTTY: false };

test.each([
  ['a terminal', [], {}, terminal, [{ name: 'pretty' }]],
  ['a pipe', [], {}, pipe, [{ name: 'concise' }]],
  ['GitHub Actions', [], { GITHUB_ACTIONS: 'true' }, pipe, [{ name: 'github' }, { name: 'concise' }]],
  ['a format of choice on GitHub Actions', ['jsonl'], { GITHUB_ACTIONS: 'true' }, pipe, [{ name: 'jsonl' }]],
  ['a file besides', ['json=out.json'], {}, pipe, [{ name: 'concise' }, { name: 'json', file: 'out.json' }]],
  [
    'two files',
    ['pretty', 'json=a', 'jsonl=b'],
    {},
    pipe,
    [{ name: 'pretty' }, { name: 'json', file: 'a' }, { name: 'jsonl', file: 'b' }],
  ],
  ['a file name with an equals sign', ['json=a=b'], {}, terminal, [{ name: 'pretty' }, { name: 'json', file: 'a=b' }]],
])('%s', (_, values, env, output, requests) => {
  expect(formatRequests(values, env, output)).toEqual(requests);
});

test.each([
  [['jsnl'], '--format takes pretty, concise, json, jsonl, github, not "jsnl"'],
  [['sarif=x'], '--format sarif is not in this version'],
  [['json='], '--format json= names no file'],
  [['json', 'pretty'], '--format json cannot share its output with another format'],
  [['pretty', 'json=a', 'jsonl=a'], 'two formats cannot both be written to a'],
  [['json=a', 'jsonl=a'], 'two formats cannot both be written to a'],
  [['json=a', 'jsonl=./a'], 'two formats cannot both be written to ./a'],
])('%j is refused', (values, message) => {
  expect(() => formatRequests(values, {}, pipe)).toThrow(message);
});
