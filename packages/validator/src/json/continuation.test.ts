import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createContinuation } from './continuation.js';

fc.configureGlobal({ seed: 20_261_122 });

/** What it says to each line after the first. */
function follow(lines: readonly string[]) {
  const continuation = createContinuation(lines[0]!);
  const outcomes = lines.slice(1).map((line) => continuation.next(line));
  return { outcomes, breaksString: continuation.breaksString, lines: continuation.lines };
}

describe('createContinuation', () => {
  it('follows a pretty-printed object to its last line, whatever its strings hold', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('{', '}', '"', '\\', '\\"', '[{', '\n'));
    const object = fc.dictionary(
      text,
      fc.oneof(text, fc.array(fc.record({ role: text, content: text }), { minLength: 1 })),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(object, (value) => {
        const lines = JSON.stringify(value, null, 2).split('\n');
        const { outcomes, ...rest } = follow(lines);
        // An element on a line of its own would be an example of its own; with an indent of two there is none.
        expect(outcomes).toEqual([...Array(lines.length - 2).fill('open'), 'closed']);
        expect(rest).toEqual({ breaksString: false, lines: lines.length });
      }),
      { numRuns: 500 },
    );
  });

  it('follows a string over its raw line breaks', () => {
    // `{}` on a line of its own is taken for an example.
    const text = fc.stringMatching(/^[a-z é😀{}[\]:,\\"]{0,12}$/u).filter((part) => part.trim() !== '{}');
    const texts = fc.array(text, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(texts, (parts) => {
        const broken = parts.map((part) => JSON.stringify(part).slice(1, -1)).join('\n');
        const lines = `{"messages":[{"content":"${broken}"}]}`.split('\n');
        expect(follow(lines)).toEqual({
          outcomes: [...Array(lines.length - 2).fill('open'), 'closed'],
          breaksString: true,
          lines: lines.length,
        });
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['an example of its own', ['{"a":', '{"messages":[]}'], ['broken']],
    ['an example of its own behind a cut string', ['{"a":"x', '{"messages":[]}'], ['broken']],
    ['a bracket too many', ['{"a":[', ']]]}'], ['broken']],
    ['an end that leaves no JSON', ['{"a":', '}'], ['broken']],
    ['a second value', ['{"a":', '1}{"b":2}'], ['broken']],
    ['a line that is nothing of the kind, then an end', ['{"a":', 'hello', '}'], ['open', 'broken']],
    ['the rest of a string that ends in a backslash', ['{"a":"x\\', 'y"}'], ['closed']],
  ])('judges %s', (_, lines, outcomes) => {
    expect(follow(lines).outcomes).toEqual(outcomes);
  });

  it('gives up on a value that never ends', () => {
    const continuation = createContinuation('[');
    let lines = 1;
    while (continuation.next('[1,') === 'open') lines += 1;
    expect(lines).toBe(10_000);
    const long = createContinuation('{"a":"');
    expect(long.next('x'.repeat(600_000))).toBe('open');
    expect(long.next('x'.repeat(600_000))).toBe('broken');
  });

  it('parses no line that nests too deep, for JSON.parse would take memory without end', () => {
    const parse = vi.spyOn(JSON, 'parse');
    const deep = `{"a":${'['.repeat(1_000)}`;
    expect(follow(['{"messages": [', deep]).outcomes).toEqual(['open']);
    expect(parse).not.toHaveBeenCalledWith(deep);
    parse.mockRestore();
  });
});
