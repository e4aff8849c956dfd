import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggest } from './suggest.js';

fc.configureGlobal({ seed: 20_261_122 });

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

describe('suggest', () => {
  it.each([
    ['assistent', 'assistant'],
    ['asistant', 'assistant'],
    ['assitsant', 'assistant'],
    ['assistants', 'assistant'],
    ['Assistant', 'assistant'],
    [' user ', 'user'],
    ['usr', 'user'],
    ['USER', 'user'],
    ['sytsem', 'system'],
    ['tools', 'tool'],
    ['functoin', 'function'],
  ])('takes %j for %s', (word, meant) => {
    expect(suggest(word, roles)).toBe(meant);
  });

  it.each(['cat', 'human', 'x', 'moderator', 'narrator', '', 'a'.repeat(65), 'assistant'.repeat(20)])(
    'has no suggestion for %j',
    (word) => {
      expect(suggest(word, roles)).toBeUndefined();
    },
  );

  it('knows other names', () => {
    const aliases = { human: 'user', gpt: 'assistant', toString: 'nobody' };
    expect(suggest('Human', roles, aliases)).toBe('user');
    expect(suggest('gpt', roles, aliases)).toBe('assistant');
    expect(suggest('gpt', ['user'], aliases)).toBeUndefined();
    expect(suggest('constructor', roles, {})).toBeUndefined();
    expect(suggest('__proto__', roles, {})).toBeUndefined();
  });

  it('takes the first of equally near words', () => {
    expect(suggest('bat', ['cat', 'hat'])).toBe('cat');
    expect(suggest('bat', ['hat', 'cat'])).toBe('hat');
  });

  it('takes a known word for itself', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,20}$/), { minLength: 1 }), fc.nat(), (known, pick) => {
        const word = known[pick % known.length]!;
        expect(suggest(word, known)).toBe(word);
      }),
    );
  });

  it('finds a word of four letters or more that one slip has changed', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{4,20}$/),
        fc.nat(),
        fc.stringMatching(/^[a-z]$/),
        fc.constantFrom('insert', 'delete', 'replace', 'swap'),
        (word, place, letter, slip) => {
          const at = place % (word.length - 1);
          const changed = {
            insert: word.slice(0, at) + letter + word.slice(at),
            delete: word.slice(0, at) + word.slice(at + 1),
            replace: word.slice(0, at) + letter + word.slice(at + 1),
            swap: word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2),
          }[slip];
          expect(suggest(changed, [word])).toBe(word);
        },
      ),
    );
  });
});
