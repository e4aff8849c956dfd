/** Keywords that decide, and are not decided here: a value that meets them may yet not fit. */
const BEYOND = new Set([
  ...['$ref', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
]);

type Schema = Readonly<Record<string, unknown>>;

/**
 * Whether a value certainly fits a schema, where that can be told without compiling it: by `type`, `enum`, `const`,
 * `properties`, `required`, `items` and a boolean `additionalProperties`, which is all that most functions declare.
 *
 * It is in front of ajv, which costs a millisecond for each new schema, and says yes to nothing that ajv says no to.
 *
 * @param schema - From somebody's dataset: anything at all.
 */
export function fitsPlainly(schema: unknown, value: unknown): boolean {
  if (schema === true) return true;
  if (!isObject(schema)) return false;
  for (const keyword in schema) {
    if (!meets(keyword, schema, value)) return false;
  }
  return true;
}

function meets(keyword: string, schema: Schema, value: unknown): boolean {
  const wanted = schema[keyword];
  switch (keyword) {
    case 'type':
      return Array.isArray(wanted) ? wanted.some((type) => isOfType(type, value)) : isOfType(wanted, value);
    case 'enum':
      return Array.isArray(wanted) && isScalar(value) && wanted.includes(value);
    case 'const':
      return isScalar(value) && wanted === value;
    case 'required':
      return !isObject(value) ? Array.isArray(wanted) : hasAll(value, wanted);
    case 'properties':
      return isObject(wanted) && (!isObject(value) || propertiesFit(wanted, value));
    case 'additionalProperties':
      return wanted === true || (wanted === false && (!isObject(value) || hasOnly(value, schema.properties)));
    case 'items':
      return !Array.isArray(value) || value.every((item) => fitsPlainly(wanted, item));
    default:
      return !BEYOND.has(keyword);
  }
}

function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'number':
      return Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return false;
  }
}

function hasAll(value: Schema, keys: unknown): boolean {
  return Array.isArray(keys) && keys.every((key) => typeof key === 'string' && Object.hasOwn(value, key));
}

function propertiesFit(properties: Schema, value: Schema): boolean {
  for (const key in value) {
    if (Object.hasOwn(properties, key) && !fitsPlainly(properties[key], value[key])) return false;
  }
  return true;
}

function hasOnly(value: Schema, properties: unknown): boolean {
  const known = isObject(properties) ? properties : {};
  for (const key in value) {
    // Before a schema is compiled this name is taken out of it.
    if (key === '__proto__' || !Object.hasOwn(known, key)) return false;
  }
  return true;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
