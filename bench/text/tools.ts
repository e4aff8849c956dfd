import type { CodeWriter, JsonValue } from './code.js';
import type { Prose } from './prose.js';
import type { Random } from './random.js';

/** How many tools exist in the whole dataset: examples share them, as those of one application do. */
const TOOLS = 60;
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

type Property = { readonly type: string; readonly description: string; readonly enum?: readonly string[] };

/** A function that the model may call. */
export interface Tool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: {
      readonly type: 'object';
      readonly properties: Readonly<Record<string, Property>>;
      readonly required: readonly string[];
      readonly additionalProperties?: false;
    };
    readonly strict?: true;
  };
}

/** Defines tools and calls them. */
export interface ToolBox {
  /** Different tools, as one example declares them. */
  some(): readonly Tool[];
  /** A call with arguments that fit the tool's parameters, and an id of its own. */
  call(tool: Tool): { id: string; type: 'function'; function: { name: string; arguments: string } };
  result(): string;
}

/** Defines the dataset's tools. */
export function createToolBox(prose: Prose, code: CodeWriter, random: Random): ToolBox {
  const tools = new Map<string, Tool>();
  while (tools.size < TOOLS) {
    const name = code.identifier();
    tools.set(name, defineTool(name));
  }
  const all = [...tools.values()];

  function defineTool(name: string): Tool {
    const properties: Record<string, Property> = {};
    for (let left = random.between(1, 5); left > 0; left -= 1) properties[code.identifier()] = defineProperty();
    const isStrict = random.chance(0.3);
    return {
      type: 'function',
      function: {
        name,
        description: prose.sentence(),
        parameters: {
          type: 'object',
          properties,
          required: Object.keys(properties),
          ...(isStrict ? { additionalProperties: false } : {}),
        },
        ...(isStrict ? { strict: true } : {}),
      },
    };
  }

  function defineProperty(): Property {
    const description = prose.sentence();
    if (random.chance(0.2)) {
      const choices = new Set(Array.from({ length: random.between(2, 5) }, code.identifier));
      return { type: 'string', description, enum: [...choices] };
    }
    return { type: random.pick(['string', 'integer', 'number', 'boolean']), description };
  }

  function argument(property: Property): JsonValue {
    if (property.enum !== undefined) return random.pick(property.enum);
    if (property.type === 'integer') return random.between(0, 500);
    if (property.type === 'number') return Number((random.next() * 90).toFixed(4));
    if (property.type === 'boolean') return random.chance(0.5);
    return random.chance(0.4) ? prose.name() : `${prose.word()} ${prose.word()}`;
  }

  return {
    some() {
      const first = random.between(0, TOOLS - 1);
      return Array.from({ length: random.between(1, 4) }, (_, index) => all[(first + index * 7) % TOOLS]!);
    },
    call({ function: { name, parameters } }) {
      const args = Object.entries(parameters.properties).map(([key, property]) => [key, argument(property)] as const);
      return {
        id: `call_${random.text(24, ID_CHARACTERS)}`,
        type: 'function',
        function: { name, arguments: JSON.stringify(Object.fromEntries(args)) },
      };
    },
    result: () => (random.chance(0.7) ? JSON.stringify(code.json(2)) : prose.paragraph(random.between(5, 60))),
  };
}
