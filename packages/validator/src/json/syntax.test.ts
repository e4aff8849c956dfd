import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SyntaxReason } from '../rules/json/syntax.js';
import { jsonSyntax } from '../rules/json/syntax.js';
import { explainSyntax } from './syntax.js';
import { findSyntaxError } from './verify.js';

fc.configureGlobal({ seed: 20_261_122 });

/** The text, with `⟦` and `⟧` around the span that is expected. */
type Fault = readonly [name: string, marked: string];

const faults: Readonly<Record<Exclude<SyntaxReason, 'raw-line-break'>, readonly Fault[]>> = {
  'trailing-comma': [
    ['after the last member', '{"a":1⟦,⟧}'],
    ['after the last member, spaced', '{"a":1 ⟦,⟧ }'],
    ['after the last element', '{"a":[1,2⟦,⟧]}'],
    ['after the value of the line', '{"a":1}⟦,⟧'],
    ['after the value of the line, spaced', '{"a":1} ⟦,⟧  '],
    ['after the last object of an array', '{"a":1}⟦,⟧ ]'],
    ['twice between members', '{"a":1⟦,⟧,"b":2}'],
    ['twice between elements', '[1⟦,⟧,2]'],
    ['alone in an object, commas before it', '{"x":[1,2],"b":{⟦,⟧}}'],
    ['at the start of an array', '[⟦,⟧1]'],
  ],
  'single-quotes': [
    ['around the first key', "{⟦'⟧role': 'user'}"],
    ['around a later key', '{"a": 1, ⟦\'⟧b\': 2}'],
    ['around a value', '{"a": ⟦\'⟧x\'}'],
    ['around an element', '["a", ⟦\'⟧x\']'],
    ['around the only word of a line', "⟦'⟧hello'"],
  ],
  'python-literal': [
    ['True', '{"a": ⟦True⟧}'],
    ['False', '{"a": [1, ⟦False⟧]}'],
    ['None', '{"a": ⟦None⟧, "b": 1}'],
    ['None alone', '⟦None⟧'],
  ],
  'unquoted-key': [
    ['first', '{⟦role⟧: "user"}'],
    ['later', '{"a":1, ⟦b_2⟧: 2}'],
    ['a number', '{⟦1⟧: "a"}'],
    ['a literal', '{⟦null⟧: 1}'],
    ['with letters of any script', '{⟦größe⟧: 1}'],
    ['with a dash', '{⟦tool-call⟧: 1}'],
    ['that lacks its opening quote only', '{"a":"x", ⟦b⟧": 1}'],
  ],
  comment: [
    ['to the end of the line', '{"a":1} ⟦// done⟧'],
    ['between members', '{"a":1, ⟦/* why */⟧ "b":2}'],
    ['never closed', '{"a":1, ⟦/* why "b":2}⟧'],
    ['of a script', '⟦# {"a":1}⟧'],
    ['that hides an example', '⟦//{"a":1}⟧'],
    ['after a string', '{"a":"x" ⟦// done⟧'],
    ['right behind a number', '{"a":1⟦/* one */⟧}'],
  ],
  'unescaped-control': [
    ['a tab', '{"a":"x⟦\t⟧y"}'],
    ['a NUL', '{"a":"⟦\0⟧"}'],
    ['a carriage return', '{"a":"x⟦\r⟧y"}'],
    ['in a key', '{"x⟦\u001f⟧":1}'],
    ['far into a long string', `{"a":"${'x'.repeat(700)}⟦\t⟧"}`],
  ],
  'unescaped-quote': [
    ['around a word', '{"a":"He said ⟦"⟧hi" to me"}'],
    ['in a message', '{"messages":[{"role":"user","content":"say ⟦"⟧cheese" now"}]}'],
    ['twice in a row', '{"a":"He said ⟦"⟧" to me"}'],
    ['before a space', '{"a":"a 5⟦"⟧ x 7" panel"}'],
    ['before a number', '{"a":"say ⟦"⟧123" now"}'],
    ['before a bracket', '{"a":"the list ⟦"⟧[1]" is"}'],
    ['before a brace', '{"a":"the set ⟦"⟧{x}" is"}'],
    ['before the end', '{"a":"say ⟦"⟧hi""}'],
    ['at the start', '{"a":"⟦"⟧hi" she said"}'],
    ['before a comma and text', '{"a":"about 5⟦"⟧, maybe 6" wide"}'],
    ['in an element', '["she said ⟦"⟧hi" again"]'],
    ['before a brace in an element', '["she said ⟦"⟧{x}" again"]'],
    ['in a key', '{"a⟦"⟧b": 1}'],
    ['before a number sign', '{"a":"see ⟦"⟧#1" there"}'],
    ['before slashes', '{"a":"see ⟦"⟧//host" there"}'],
    ['escaped ones around it', '{"a":"\\"x\\" ⟦"⟧y\\""}'],
  ],
  'missing-comma': [
    ['between members', '{"role":"user" ⟦"⟧content":"x"}'],
    ['between members without a space', '{"role":"user"⟦"⟧content":"x"}'],
    ['after a number', '{"a":1 ⟦"⟧b":2}'],
    ['after an array', '{"a":[] ⟦"⟧b":2}'],
    ['between messages', '{"messages":[{"role":"user"} ⟦{⟧"role":"assistant"}]}'],
    ['between numbers', '[1 ⟦2⟧]'],
    ['between literals', '[true ⟦f⟧alse]'],
    ['between strings', '["a" ⟦"⟧b"]'],
    ['between a string and an object', '["a" ⟦{⟧"b":1}]'],
    ['between a string and a number', '["a" ⟦1⟧]'],
    ['before an escaped key', '{"a":"x" ⟦"⟧\\"b":1}'],
  ],
  'extra-data': [
    ['a second object', '{"a":1}⟦{⟧"b":2}'],
    ['a second object, spaced', '{"a":1} ⟦{⟧"b":2}'],
    ['a second object behind a comma', '{"a":1}⟦,⟧{"b":2}'],
    ['a second array', '[1]⟦[⟧2]'],
    ['a second number', '1 ⟦2⟧'],
    ['a second string', '"a" ⟦"⟧b"'],
    ['words', '{"a":1} ⟦e⟧nd of file'],
  ],
  truncated: [
    ['in a text with typographic quotes', '{"a":"He said “hi”, and then⟦,⟧'],
    ['before any value', ''],
    ['in an object', '{"a":1⟦,⟧'],
    ['in an object, spaces behind', '{"a":1⟦,⟧  \t'],
    ['in a string', '{"a":"x⟦y⟧'],
    ['behind a character of two code units', '{"a":"x⟦😀⟧'],
    ['behind a backslash', '{"a":"x⟦\\⟧'],
    ['in an escape', '{"a":"\\u00⟦e⟧'],
    ['behind an escaped quote', '{"a":"x\\⟦"⟧'],
    ['in a literal', '{"a":tr⟦u⟧'],
    ['in a literal of Python', '{"a":No⟦n⟧'],
    ['in NaN', '{"a":N⟦a⟧'],
    ['in a number', '{"a":1⟦.⟧'],
    ['behind a sign', '{"a":⟦-⟧'],
    ['in the name of infinity', '{"a":-Inf⟦i⟧'],
  ],
  'leading-garbage': [
    ['a byte order mark', '⟦\ufeff⟧{"a":1}'],
    ['a no-break space', '⟦\u00a0⟧{"a":1}'],
    ['the field name of an event stream', '⟦data: ⟧{"a":1}'],
    ['a date', '⟦2026-01-02 INFO ⟧{"a":1}'],
    ['a number of a list', '⟦1. ⟧{"a":1}'],
    ['a number and a colon', '⟦12: ⟧{"a":1}'],
    ['a dash of a list', '⟦- ⟧{"a":1}'],
    ['a quote of a shell', '⟦\'⟧{"a":1}\''],
    ['a comma', '⟦,⟧{"a":1}'],
    ['a guard against inclusion', '⟦)]}\',⟧{"a":1}'],
    ['a variable', '⟦x = ⟧[{"a":1}]'],
  ],
  'curly-quotes': [
    ['at the end of the last text', '{"messages":[{"role":"assistant","content":"Yes.⟦”⟧}]}'],
    ['at the end of the last key', '{"a":1,"b⟦”⟧: 2.5 }'],
    ['at the end of a text with others in it', '{"a":"He said “hi”, and “ho⟦”⟧ ]}'],
    ['before a bracket and another object', '[{"a":"x⟦”⟧},{"a":"y"}]'],
    ['around a key', '{⟦“⟧a”: 1}'],
    ['around a later key', '{"a":1, ⟦“⟧b”: 1}'],
    ['around a value', '{"a": ⟦“⟧x”}'],
    ['low ones', '{"a": ⟦„⟧x“}'],
    ['single ones', '{"a": ⟦‘⟧x’}'],
    ['at the end of a value only', '{"a":"x⟦”⟧, "b":1}'],
    ['at the end of a key only', '{"a⟦”⟧: "b"}'],
  ],
  'invalid-escape': [
    ['of a byte', '{"a":"⟦\\x⟧41"}'],
    ['of an apostrophe', '{"a":"it⟦\\\'⟧s"}'],
    ['of a path', '{"a":"C:⟦\\W⟧indows"}'],
    ['of four digits that are three', '{"a":"⟦\\u12a⟧ "}'],
    ['of no digits', '{"a":"⟦\\u⟧"}'],
    ['of a character of two code units', '{"a":"⟦\\😀⟧"}'],
    ['in a key', '{"⟦\\d⟧":1}'],
    ['far into a long string', `{"a":"${'x'.repeat(700)}⟦\\d⟧"}`],
  ],
  'invalid-number': [
    ['a leading zero', '{"a":⟦01⟧}'],
    ['a plus', '{"a":⟦+1⟧}'],
    ['nothing before the point', '{"a":⟦.5⟧}'],
    ['nothing behind the point', '{"a":⟦1.⟧}'],
    ['nothing behind the point, more members', '{"a":⟦1.⟧, "b":2}'],
    ['a sign alone', '{"a":⟦-⟧}'],
    ['an empty exponent', '{"a":⟦1e⟧}'],
    ['an empty signed exponent', '[⟦1e+⟧ ]'],
    ['hexadecimal digits', '{"a":⟦0x1F⟧}'],
    ['underscores', '{"a":⟦1_000⟧}'],
    ['a unit', '{"a":⟦12px⟧}'],
    ['two points', '{"a":⟦1.2.3⟧}'],
    ['alone on the line', '⟦01⟧'],
  ],
  other: [
    ['words', '⟦hello⟧ world'],
    ['words with a footnote', '⟦see⟧ [1] for more'],
    ['a bare value', '{"a": ⟦hello⟧}'],
    ['a longer word than a literal', '{"a": ⟦trueish⟧}'],
    ['a cut literal that goes on', '{"a": ⟦nul⟧}'],
    ['no value', '{"a":⟦}⟧'],
    ['no value before a comma', '{"a":⟦,⟧"b":1}'],
    ['no colon', '{"a" ⟦"⟧b"}'],
    ['two colons', '{"a":⟦:⟧1}'],
    ['a bracket too many', '{"a":1}⟦}⟧'],
    ['a bracket of the other kind', '{"a":[1⟦}⟧}'],
    ['a closing bracket alone', '⟦}⟧,'],
    ['a no-break space between values', '{⟦\u00a0⟧"a":1}'],
    ['a no-break space behind the value', '{"a":1}⟦\u00a0⟧'],
    ['a semicolon behind the value', '{"a":1}⟦;⟧'],
    ['a character of two code units', '{"a":⟦😀⟧}'],
  ],
};

describe('explainSyntax', () => {
  it.each([
    ['{"a":hello}', 'a value', /double quotes/],
    ['{"a":[1}}', 'a comma or "]"', /bracket/],
    ['{"a":{"b":1]}', 'a comma or "}"', /bracket/],
    ['{"a":1}}', 'nothing more behind the value', /delete it/],
    ['{"a":1,:2}', 'a key in double quotes', /keys in double quotes/],
    ['{"a","b"}', 'a colon behind the key', /a colon and a value/],
  ])('says what was expected in %s, and what to do', (text, expected, help) => {
    const { finding } = explainSyntax(text);
    expect(finding.params).toEqual({ reason: 'other', expected });
    expect(jsonSyntax.help?.({ reason: 'other', expected })).toMatch(help);
  });

  describe.each(Object.entries(faults))('names the reason %s', (reason, cases) => {
    it.each(cases)('%s', (_, marked) => {
      const start = Math.max(0, marked.indexOf('⟦'));
      const text = marked.replace('⟦', '').replace('⟧', '');
      expect(() => JSON.parse(text)).toThrow();
      const { finding, span } = explainSyntax(text);
      expect({ params: finding.params, text: text.slice(span.start, span.end), start: span.start }).toEqual({
        params: reason === 'other' ? { reason, expected: expect.any(String) } : { reason },
        text: /⟦(.*)⟧/s.exec(marked)?.[1] ?? '',
        start,
      });
    });
  });

  it.each([
    ['{"a":⟦NaN⟧}', 'NaN'],
    ['{"a":⟦-NaN⟧}', '-NaN'],
    ['{"a": ⟦Infinity⟧}', 'Infinity'],
    ['[1, ⟦-Infinity⟧, 2]', '-Infinity'],
    ['⟦NaN⟧', 'NaN'],
    ['⟦-Infinity⟧', '-Infinity'],
  ])('says of %s that it holds a number that is not finite', (marked, literal) => {
    const { finding, span } = explainSyntax(marked.replace('⟦', '').replace('⟧', ''));
    expect(finding).toEqual({ rule: 'json/non-finite-number', params: { literal } });
    expect(span).toEqual({ start: marked.indexOf('⟦'), end: marked.indexOf('⟧') - 1 });
  });

  it.each(['{"a":NaNa}', '{"a":Infinityx}', '{"NaN":nan}', '{"a":"NaN}'])('does not find one in %s', (text) => {
    expect(explainSyntax(text).finding.rule).toBe('json/syntax');
  });

  it('calls a document that is cut anywhere truncated, and points at its last character', () => {
    const document = JSON.stringify({
      messages: [
        { role: 'system', content: 'Be “brief”, # not // rude: \\ "ok" \u0001 \u00e9 😀' },
        { role: 'assistant', content: null, weight: 0, scores: [-1.5e-7, 0.25, 1e21, true, false, [], {}] },
      ],
    });
    for (const text of [document, document.replaceAll(/([{}[\],:])/g, ' $1 ')]) {
      for (let end = 0; end < text.length; end += 1) {
        const cut = text.slice(0, end);
        if (isJson(cut)) continue;
        const { finding, span } = explainSyntax(cut);
        expect([cut, finding.params]).toEqual([cut, { reason: 'truncated' }]);
        const last = cut.trimEnd();
        expect(span.end).toBe(last.length);
        expect(cut.slice(span.start, span.end)).toBe([...last].at(-1) ?? '');
      }
    }
  });

  it('never points behind the place where the text stops being the beginning of JSON', () => {
    fc.assert(
      fc.property(damagedJson, (text) => {
        if (isJson(text)) return;
        const { span } = explainSyntax(text);
        expect(span.start).toBeLessThanOrEqual(endOfViablePrefix(text));
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.end).toBeLessThanOrEqual(text.length);
        if (text.trim() !== '') expect(span.end).toBeGreaterThan(span.start);
      }),
      { numRuns: 2_500 },
    );
  });

  it('never cuts a character in two', () => {
    fc.assert(
      fc.property(damagedJson, (text) => {
        if (isJson(text)) return;
        const { start, end } = explainSyntax(text).span;
        for (const edge of [start, end])
          expect(text.slice(edge - 1, edge + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('points no further than the place that V8 names', () => {
    fc.assert(
      fc.property(damagedJson, (text) => {
        try {
          JSON.parse(text);
        } catch (error) {
          const place = /at position (\d+)/.exec(String(error))?.[1];
          if (place !== undefined) expect(explainSyntax(text).span.start).toBeLessThanOrEqual(Number(place));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes time in proportion to the length of the line', () => {
    for (const piece of ['\\"', '\\', ' ', ',', '“', '[', '{"', '"":', 'x', '\u00a0', '1', '/']) {
      explainSyntax(`{"a":"${piece.repeat(200_000)}`);
      explainSyntax(`{"a":"x" ${piece.repeat(200_000)}!`);
    }
  });
});

describe('findSyntaxError', () => {
  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(damagedJson, (text) => {
        expect(findSyntaxError(text) === -1).toBe(isJson(text));
      }),
      { numRuns: 2_500 },
    );
  });

  it('names the place where the text stops being the beginning of JSON, or the start of the token there', () => {
    fc.assert(
      fc.property(damagedJson, (text) => {
        const at = findSyntaxError(text);
        if (at === -1) return;
        const end = endOfViablePrefix(text);
        expect(at).toBeLessThanOrEqual(end);
        // Escapes and literals are looked at whole.
        expect(text.slice(at, end)).toMatch(/^(\\(u[\da-fA-F]{0,3})?|[a-z]{1,5})?$/);
      }),
      { numRuns: 2_500 },
    );
  });
});

/** JSON with small injuries, and soup of what JSON is made of. */
const pieces = fc.constantFrom(
  ...['{', '}', '[', ']', ',', ':', '"', "'", '\\', '\\u', '\\"', '/', '//', '/*', '#', ' ', '\t', '\r', '\u00a0'],
  ...['“', '”', '0', '1', '-', '+', '.', 'e', 'true', 'tru', 'null', 'None', 'NaN', '-Infinity', 'a', '😀', '\ud83d'],
  ...['"a"', '"a":', '"b":1', '{"a":1}', '\ufeff', '\0', '\u2028'],
);
const soup = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const injured = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(3), pieces), { maxLength: 3 }))
  .map(([json, injuries]) =>
    injuries.reduce((text, [place, removed, piece]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + piece + text.slice(at + removed);
    }, json),
  );
const damagedJson = fc.oneof(soup, injured, fc.string({ unit: 'grapheme' }));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** How much of a text is the beginning of some JSON, character by character: the oracle, written for nothing but clarity. */
function endOfViablePrefix(text: string): number {
  const stack: string[] = [];
  let at = 0;
  const space = () => {
    while (at < text.length && ' \t\r\n'.includes(text[at]!)) at += 1;
  };
  const word = (expected: string): boolean => {
    for (const character of expected) {
      if (text[at] !== character) return false;
      at += 1;
    }
    return true;
  };
  const string = (): boolean => {
    at += 1;
    for (;;) {
      const character = text[at];
      if (character === undefined || character < ' ') return false;
      at += 1;
      if (character === '"') return true;
      if (character !== '\\') continue;
      if (text[at] === 'u') {
        at += 1;
        for (let digit = 0; digit < 4; digit += 1, at += 1) if (!/[\da-fA-F]/.test(text[at] ?? '')) return false;
      } else if ('"\\/bfnrt'.includes(text[at] ?? '?')) at += 1;
      else return false;
    }
  };
  const digits = (): boolean => {
    const from = at;
    while (/\d/.test(text[at] ?? '')) at += 1;
    return at > from;
  };
  const number = (): boolean => {
    if (text[at] === '-') at += 1;
    if (text[at] === '0') at += 1;
    else if (!digits()) return false;
    if (text[at] === '.') {
      at += 1;
      if (!digits()) return false;
    }
    if (/[eE]/.test(text[at] ?? '')) {
      at += 1;
      if (/[+-]/.test(text[at] ?? '')) at += 1;
      if (!digits()) return false;
    }
    return true;
  };
  const key = (): boolean => {
    if (text[at] !== '"' || !string()) return false;
    space();
    return word(':');
  };
  /** Opens containers until a scalar has been read. */
  const value = (): boolean => {
    for (;;) {
      space();
      const first = text[at] ?? '';
      if (first === '{' || first === '[') {
        stack.push(first);
        at += 1;
        space();
        if (text[at] === (first === '{' ? '}' : ']')) return true;
        if (first === '{' && !key()) return false;
        continue;
      }
      if (first === '"') return string();
      if (first === 't') return word('true');
      if (first === 'f') return word('false');
      if (first === 'n') return word('null');
      return /[-\d]/.test(first) && number();
    }
  };
  if (!value()) return at;
  for (;;) {
    space();
    const open = stack.at(-1);
    if (open === undefined || at >= text.length) return at;
    if (text[at] === (open === '{' ? '}' : ']')) {
      stack.pop();
      at += 1;
      continue;
    }
    if (text[at] !== ',') return at;
    at += 1;
    space();
    if (open === '{' && !key()) return at;
    if (!value()) return at;
  }
}
