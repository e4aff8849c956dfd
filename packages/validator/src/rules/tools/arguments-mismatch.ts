import { toPointer } from '../../json/path.js';
import { quote, shorten } from '../quote.js';
import { type ArgumentMismatch, conversationRule } from '../rule.js';
import { suggest } from '../suggest.js';
import { callsOf, definitionsOf } from './calls.js';

/** So many allowed values are named. */
const MAX_NAMED = 5;
/** So many keys are compared with an unknown one. */
const MAX_COMPARED = 200;

export interface Params {
  readonly name: string;
  /** JSON Pointer into the arguments. */
  readonly path: string;
  readonly keyword: string;
  /** The type of the value there. */
  readonly found: string;
  readonly key?: string;
  readonly expected?: readonly string[];
  readonly limit?: number;
  readonly suggestion?: string;
}

export const toolsArgumentsMismatch = conversationRule({
  id: 'tools/arguments-mismatch',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['calls'],
  description: 'The arguments of a call do not fit the parameters that the function declares.',
  message: (params: Params) => `${describe(params)}: the model learns to call ${quote(params.name)} wrongly`,
  help: ({ suggestion, keyword, expected }) =>
    suggestion !== undefined
      ? `did you mean "${suggestion}"?`
      : keyword === 'enum' && expected !== undefined
        ? `the function takes ${expected.join(', ')}`
        : 'correct the arguments, or the "parameters" of the function',
  // The first mismatch of each call: behind it the arguments may be those of another function altogether.
  check(conversation, report, context) {
    const { argumentSchemas } = context;
    const calls = callsOf(conversation, context);
    if (argumentSchemas === undefined || calls.length === 0) return;
    const parameters = parametersByName(definitionsOf(conversation, context));
    for (const { path, name, arguments: found } of calls) {
      const schema = name === undefined || found?.kind !== 'object' ? undefined : parameters.get(name);
      if (schema === undefined || found?.kind !== 'object') continue;
      const mismatch = argumentSchemas.check(schema, found.value);
      if (mismatch !== undefined) report([...path, 'arguments'], paramsOf(name!, mismatch, schema));
    }
  },
});

type Parameters = Readonly<Record<string, unknown>>;

/** A name that is declared twice says nothing: which of the functions is meant cannot be told. */
function parametersByName(definitions: ReturnType<typeof definitionsOf>): Map<string, Parameters | undefined> {
  const parameters = new Map<string, Parameters | undefined>();
  for (const { definition } of definitions) {
    if (definition.name === undefined) continue;
    parameters.set(definition.name, parameters.has(definition.name) ? undefined : definition.parameters);
  }
  return parameters;
}

function paramsOf(name: string, mismatch: ArgumentMismatch, schema: Parameters): Params {
  const { path, keyword, found, key, expected, limit } = mismatch;
  const suggestion = keyword === 'additionalProperties' && path.length === 0 ? suggestKey(key!, schema) : undefined;
  return {
    name: shorten(name),
    path: toPointer(path.map((step) => (typeof step === 'string' ? shorten(step) : step))),
    keyword,
    found,
    ...(key === undefined ? {} : { key: shorten(key) }),
    ...(expected === undefined
      ? {}
      : { expected: [...expected.slice(0, MAX_NAMED).map(quote), ...(expected.length > MAX_NAMED ? ['…'] : [])] }),
    ...(limit === undefined ? {} : { limit }),
    ...(suggestion === undefined ? {} : { suggestion: shorten(suggestion) }),
  };
}

function suggestKey(key: string, { properties }: Parameters): string | undefined {
  if (typeof properties !== 'object' || properties === null) return undefined;
  return suggest(key, Object.keys(properties).slice(0, MAX_COMPARED));
}

function describe({ path, keyword, found, key, expected, limit }: Params): string {
  const place = path === '' ? '' : ` at ${quote(path)}`;
  switch (keyword) {
    case 'required':
      return `the arguments lack ${quote(key)}${place}`;
    case 'additionalProperties':
      return `the arguments have ${quote(key)}${place}, which the function does not take`;
    case 'type':
      return `the arguments have ${article(found)}${place}, not ${(expected ?? []).map((type) => article(type.slice(1, -1))).join(' or ')}`;
    case 'enum':
    case 'const':
      return `the arguments have another value${place} than the function takes`;
    default:
      return `the arguments do not meet "${keyword}"${limit === undefined ? '' : ` ${limit}`}${place} of the parameters`;
  }
}

function article(type: string): string {
  return type === 'null' ? type : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
