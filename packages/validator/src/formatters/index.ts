import { concise } from './concise.js';
import { github } from './github.js';
import { json } from './json.js';
import { jsonl } from './jsonl.js';
import { pretty } from './pretty.js';

export type { Formatter, FormatterOptions } from './formatter.js';
export { githubStepSummary } from './github.js';
export { concise, github, json, jsonl, pretty };

/** Every formatter by the name it has on the command line. */
export const formatters = { pretty, concise, json, jsonl, github } as const;

/** The name of a format of findings. */
export type FormatterName = keyof typeof formatters;
