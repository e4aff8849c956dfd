import { stageRule } from '../rule.js';

const names = {
  csv: 'a table of comma-separated values',
  tsv: 'a table of tab-separated values',
  yaml: 'YAML',
  xlsx: 'an Excel workbook',
  parquet: 'a Parquet file',
  'python-repr': 'printed Python dictionaries',
  text: 'plain text',
  binary: 'binary data',
} as const;

export const fileNotJsonl = stageRule({
  id: 'file/not-jsonl',
  severity: 'error',
  stage: 'file',
  description: 'The file is of another kind altogether: a table, YAML, a workbook, plain text.',
  message: ({ kind }: { kind: keyof typeof names }) => `this is not JSON Lines; it looks like ${names[kind]}`,
  help: ({ kind }) =>
    kind === 'python-repr'
      ? 'write each example with json.dumps instead of str or print'
      : 'write each example as one line of JSON: {"messages":[…]}',
});
