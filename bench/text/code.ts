import type { Prose } from './prose.js';
import type { Random } from './random.js';

const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Writes source text and data. */
export interface CodeWriter {
  /** A fenced block of so many lines at least. */
  block(lines: number): string;
  /** A JSON value, nested so deep at most. */
  json(depth: number): JsonValue;
  identifier(): string;
}

/** What `JSON.stringify` takes. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** @param prose - Comments, texts and the words of identifiers. */
export function createCodeWriter(prose: Prose, random: Random): CodeWriter {
  const plain = (): string => random.pickRanked(prose.language.stems);
  const type = (): string => random.pick(['string', 'number', 'boolean', 'Date', 'unknown', 'readonly string[]']);
  const upper = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const camel = (): string => plain() + (random.chance(0.7) ? upper(plain()) : '') + (random.chance(0.2) ? 'Id' : '');
  const snake = (): string => (random.chance(0.7) ? `${plain()}_${plain()}` : plain());
  const pascal = (): string => upper(camel());

  const literal = (): string =>
    random.pick([
      () => String(random.between(0, 4096)),
      () => (random.next() * 10).toFixed(3),
      () => `'${plain()}-${plain()}'`,
      () => `0x${random.text(8, HEX)}`,
      () => 'null',
      () => 'true',
    ])();

  const typescript = (): string => {
    const [item, list, key] = [camel(), camel(), camel()];
    return random.pick([
      () => `import { ${camel()}, type ${pascal()} } from './${plain()}-${plain()}.js';\n`,
      () =>
        `/** ${prose.sentence()} */\nexport interface ${pascal()} {\n  readonly ${camel()}: ${type()};\n  ${camel()}?: ${type()};\n}\n`,
      () =>
        `export async function ${camel()}(${item}: ${type()}, ${key} = ${literal()}): Promise<${pascal()}> {\n  const ${list} = await this.${camel()}(${item});\n  if (${list} === undefined) throw new ${pascal()}Error(\`${plain()} \${${item}} ${plain()}\`);\n  return { ...${list}, ${camel()}: ${key} };\n}\n`,
      () =>
        `for (const ${item} of ${list}) {\n  // ${prose.sentence()}\n  if (${item}.${key} > ${random.between(1, 999)}) continue;\n  ${camel()}.set(${item}.${key}, (${camel()}.get(${item}.${key}) ?? 0) + 1);\n}\n`,
      () =>
        `const ${list} = ${camel()}\n  .filter((${item}) => ${item}.${key} !== ${literal()})\n  .map(({ ${key} }) => ${camel()}(${key}, ${literal()}));\n`,
      () =>
        `it('${prose.sentence().replaceAll("'", '’')}', () => {\n  expect(${camel()}(${literal()})).toEqual(${literal()});\n});\n`,
      () => `const ${camel()} = /^[a-z_]\\w*\\s{${random.between(1, 9)},}"?${plain()}"?$/u;\n`,
    ])();
  };

  const python = (): string => {
    const [item, list, key] = [snake(), snake(), snake()];
    return random.pick([
      () => `from ${plain()}.${plain()} import ${pascal()}, ${snake()}\n`,
      () =>
        `class ${pascal()}(${pascal()}):\n    """${prose.sentence()}"""\n\n    ${key}: int = ${random.between(0, 99)}\n\n    def __init__(self, ${item}, *, ${list}=None):\n        self._${item} = ${item}\n        self.${list} = ${list} or {}\n`,
      () =>
        `def ${snake()}(${item}: str, ${key}: int = ${random.between(0, 999)}) -> dict[str, float]:\n    # ${prose.sentence()}\n    ${list} = {row["${key}"]: float(row.get("${plain()}", 0.0)) for row in ${item}}\n    return dict(sorted(${list}.items(), key=lambda pair: -pair[1])[:${key}])\n`,
      () =>
        `with open(${item}, encoding="utf-8") as ${key}:\n\tfor number, line in enumerate(${key}, start=1):\n\t\tif not line.strip():\n\t\t\traise ValueError(f"line {number}: ${plain()} {line!r}")\n`,
      () => `${list} = np.array([${literal()}, ${literal()}]).reshape(-1, ${random.between(1, 9)}).mean(axis=0)\n`,
      () => `assert ${snake()}("${plain()}") == ${random.between(0, 99)}, "${plain()} ${plain()}"\n`,
    ])();
  };

  const json = (depth: number): JsonValue => {
    const kind = depth === 0 ? random.next() * 0.6 : random.next();
    if (kind < 0.2) return random.chance(0.5) ? random.between(0, 100_000) : Number((random.next() * 100).toFixed(4));
    if (kind < 0.4) return random.chance(0.5) ? plain() : prose.paragraph(1);
    if (kind < 0.46) return random.chance(0.5) ? true : null;
    if (kind < 0.52)
      return `${random.text(8, HEX)}-${random.text(4, HEX)}-4${random.text(3, HEX)}-${random.text(12, HEX)}`;
    if (kind < 0.57) return `20${random.between(10, 26)}-0${random.between(1, 9)}-${random.between(10, 28)}T08:00:00Z`;
    if (kind < 0.6) return random.text(random.between(4, 20) * 4, BASE64);
    if (kind < 0.75) return Array.from({ length: random.between(1, 5) }, () => json(depth - 1));
    return jsonObject(depth);
  };
  const jsonObject = (depth: number): JsonValue =>
    Object.fromEntries(
      Array.from({ length: random.between(2, 7) }, () => [random.chance(0.5) ? camel() : snake(), json(depth - 1)]),
    );

  const block = (lines: number): string => {
    const kind = random.between(0, 2);
    if (kind === 2) return `\`\`\`json\n${JSON.stringify(jsonObject(4), null, 2)}\n\`\`\``;
    const [name, write] = kind === 0 ? ['ts', typescript] : ['python', python];
    let text = '';
    for (let written = 0; written < lines; written += 5) text += `${write()}\n`;
    return `\`\`\`${name}\n${text.trimEnd()}\n\`\`\``;
  };

  return { block, json: jsonObject, identifier: snake };
}
