import { expect, test } from 'vitest';
import { graderFields } from './grader.js';

test('templates are found in every string, however deep, in their order and once', () => {
  const grader = {
    type: 'multi',
    graders: {
      a: { input: '{{ item.question }}', reference: ['{{item.answer.text}}', { x: '{{ item.question }}' }] },
      b: 'from {{ item.min }} to {{- item.max -}}',
    },
  };
  expect(graderFields(grader)).toEqual([['question'], ['answer', 'text'], ['min'], ['max']]);
});

test.each([
  ['{{ item.tags[0].name }}', [['tags', 0, 'name']]],
  ['{{ item["größe"] }}', [['größe']]],
  ["{{ item['a b'].c }}", [['a b', 'c']]],
  ['{{ item.größe_2 }}', [['größe_2']]],
  ['{{ item.answer | tojson }}', [['answer']]],
  ['{{ item.answer.strip() }}', [['answer']]],
  ['{{ item.strip() }}', []],
  ['{{ item . a . b }}', [['a', 'b']]],
  ['{{ item }} {{ items.a }} {{ sample.output_text }} item.x {item.y}', []],
  ['{{ item. }} {{ item.a', [['a']]],
])('%s reads %j', (template, fields) => {
  expect(graderFields(template)).toEqual(fields);
});

test('a value that is no grader has no fields', () => {
  for (const value of [undefined, null, 7, true, [], {}]) expect(graderFields(value)).toEqual([]);
});

test('a hostile grader takes no longer than a moment', () => {
  let deep: unknown = '{{ item.x }}';
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const started = performance.now();
  expect(graderFields(deep)).toEqual([['x']]);
  expect(graderFields(`{{ item${' '.repeat(100_000)}`)).toEqual([]);
  expect(graderFields(`{{ item${'.a'.repeat(50_000)}`)).toHaveLength(1);
  expect(graderFields(Array.from({ length: 1_000 }, (_, index) => `{{ item.x${index} }}`))).toHaveLength(200);
  expect(performance.now() - started).toBeLessThan(2_000);
});
