import { stageRule } from '../rule.js';

export const filePrettyPrinted = stageRule({
  id: 'file/pretty-printed',
  severity: 'error',
  stage: 'file',
  description: 'The JSON values of the file span several lines.',
  message: (_: Record<string, never>) => 'JSON spread over several lines; every line must hold a whole example',
  help: () => 'write each example on one line; in Python json.dumps without indent, with jq use -c',
});
