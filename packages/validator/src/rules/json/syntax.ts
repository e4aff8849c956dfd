import { stageRule } from '../rule.js';

/** What kind of fault keeps a line from being JSON. */
export type SyntaxReason =
  | 'trailing-comma'
  | 'single-quotes'
  | 'python-literal'
  | 'unquoted-key'
  | 'comment'
  | 'unescaped-control'
  | 'unescaped-quote'
  | 'missing-comma'
  | 'extra-data'
  | 'truncated'
  | 'leading-garbage'
  | 'curly-quotes'
  | 'raw-line-break'
  | 'invalid-escape'
  | 'invalid-number'
  | 'other';

const texts: Readonly<Record<SyntaxReason, readonly [message: string, help: string]>> = {
  'trailing-comma': ['a comma with no value on one of its sides', 'delete the comma'],
  'single-quotes': ['text in single quotes', 'JSON knows double quotes only; write the file with a JSON library'],
  'python-literal': ['a Python literal', 'write true, false and null; in Python, json.dumps does'],
  'unquoted-key': ['a key without quotes', 'put the key in double quotes'],
  comment: ['a comment', 'JSON has no comments; delete it'],
  'unescaped-control': [
    'a control character that is not escaped in a string',
    'write it as an escape, such as \\t or \\n',
  ],
  'unescaped-quote': [
    'a quote inside a string that is not escaped',
    'write \\" inside strings, or look for a string before it that is not closed',
  ],
  'missing-comma': ['a comma is missing before this value', 'put a comma here'],
  'extra-data': ['more text behind the value', 'put each example on a line of its own, or delete what is none'],
  truncated: ['the line ends before its value does', 'look for a cut-off download or a line break inside the example'],
  'leading-garbage': ['characters before the value', 'delete them'],
  'curly-quotes': ['typographic quotes where JSON wants straight ones', 'replace “ and ” by "'],
  'raw-line-break': ['a string that is not closed on its line', 'write line breaks inside strings as \\n'],
  'invalid-escape': [
    'a backslash that starts no escape',
    "write a backslash as \\\\; letters and ' need none before them",
  ],
  'invalid-number': ['not a number as JSON writes them', 'no leading zeros, no +, digits on both sides of the point'],
  other: ['not JSON', 'write the file with a JSON library'],
};

/** What to do where something was expected, by the beginning of its name. */
const expectedHelps: readonly (readonly [beginning: string, help: string])[] = [
  ['a value', 'write text in double quotes, a number, true, false, null, {…} or […]'],
  ['a key', 'write keys in double quotes; look for a comma or a bracket too many before it'],
  ['a colon', 'write a colon and a value behind the key'],
  ['a comma', 'look for a bracket that is missing, or closed by one of the other kind'],
  ['nothing more', 'delete it, or look for a bracket that was closed too early'],
];

function helpWhere(expected: string): string | undefined {
  return expectedHelps.find(([beginning]) => expected.startsWith(beginning))?.[1];
}

export const jsonSyntax = stageRule({
  id: 'json/syntax',
  severity: 'error',
  stage: 'json',
  description: 'The line is not JSON.',
  message: ({
    reason,
    lines,
    startedIn,
    expected,
  }: {
    reason: SyntaxReason;
    lines?: number;
    startedIn?: number;
    expected?: string;
  }) =>
    expected !== undefined
      ? `not JSON: expected ${expected}`
      : startedIn !== undefined
        ? `the rest of a string that began in line ${startedIn}`
        : lines === undefined
          ? texts[reason][0]
          : `${texts[reason][0]}: the example goes on over ${lines} lines`,
  help: ({ reason, lines, expected }) =>
    lines !== undefined && reason === 'truncated'
      ? 'write the whole example on one line'
      : ((expected === undefined ? undefined : helpWhere(expected)) ?? texts[reason][1]),
  fix({ reason, lines, startedIn }, source) {
    if (lines !== undefined || startedIn !== undefined) return undefined;
    switch (reason) {
      case 'trailing-comma':
        return { safety: 'safe', text: '' };
      case 'extra-data':
        return /^[{[]/.test(source) ? { safety: 'safe', text: `\n${source}` } : undefined;
      case 'missing-comma':
        return { safety: 'unsafe', text: `,${source}` };
      case 'python-literal': {
        const literal = { True: 'true', False: 'false', None: 'null' }[source];
        return literal === undefined ? undefined : { safety: 'safe', text: literal };
      }
      case 'unescaped-control':
        return { safety: 'safe', text: JSON.stringify(source).slice(1, -1) };
      default:
        return undefined;
    }
  },
});
