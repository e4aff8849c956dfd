import type { ErrorObject } from 'ajv';
import { OptionsError } from '../errors.js';
import { type JsonPath, parsePointer } from '../json/path.js';
import { shorten } from '../rules/quote.js';
import { fault, missingFault } from './fault.js';
import type { ShapeFault } from './shape.js';

/** The keys that a user allows beside those of the format. */
export interface ExtraKeys {
  has(key: string): boolean;
  /** What is wrong with them in one example. */
  check(example: object): ShapeFault[];
}

/**
 * Compiles a user's JSON Schema for the keys that examples have beside those of their format. It sees the whole example;
 * the keys under its `properties` and `patternProperties` are allowed.
 *
 * ajv is loaded for this only: nobody else pays for it.
 *
 * @throws {OptionsError} When it is no JSON Schema that ajv takes.
 */
export async function compileExtraKeys(schema: object): Promise<ExtraKeys> {
  const { Ajv } = await import('ajv');
  const { properties = {}, patternProperties = {} } = schema as { properties?: object; patternProperties?: object };
  const names = new Set(Object.keys(properties));
  try {
    const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false }).compile(schema);
    const patterns = Object.keys(patternProperties).map((pattern) => new RegExp(pattern, 'u'));
    return {
      has: (key) => names.has(key) || patterns.some((pattern) => pattern.test(key)),
      check(example) {
        if (validate(example)) return [];
        return (validate.errors ?? []).map((error) => extraKeyFault(error, example));
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new OptionsError('extraKeys', `extraKeys is no JSON Schema that can be compiled: ${reason}`);
  }
}

function extraKeyFault({ keyword, instancePath, params }: ErrorObject, example: object): ShapeFault {
  const path: JsonPath = parsePointer(instancePath, example);
  if (keyword === 'required') {
    const key = String(params.missingProperty);
    return missingFault('example/extra-key-mismatch', path, key, { keyword, expected: shorten(key) });
  }
  // A schema may hold enum values of any size, and they are the user's own.
  const expected = params.type ?? params.allowedValues ?? params.allowedValue ?? params.limit ?? params.pattern ?? '';
  const text = typeof expected === 'string' ? expected : JSON.stringify(expected);
  return fault('example/extra-key-mismatch', path, { keyword, expected: shorten(text) });
}
