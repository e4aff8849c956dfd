import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostic.js';
import type { ValidateOptions } from '../options.js';
import { validateStream } from '../validate.js';

const user = { role: 'user', content: 'Is it there?' };
const answer = { role: 'assistant', content: 'Yes.' };
const tools = [{ type: 'function', function: { name: 'find' } }];
const call = (id: string) => ({ id, type: 'function', function: { name: 'find', arguments: '{}' } });
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'here' });
const calling = (given: unknown) => ({
  messages: [
    user,
    { role: 'assistant', tool_calls: [{ ...call('call_1'), function: { name: 'find', arguments: given } }] },
  ],
  tools,
});
const preference = (more: object) => ({ input: { messages: [user] }, ...more });

describe('a fix', () => {
  it('writes an object of arguments as text, and nothing in their place as none', async () => {
    expect(await fixOf('tools/arguments-not-a-string', calling({ a: '\u00e9"' }))).toBe(
      'safe "{\\"a\\":\\"é\\\\\\"\\"}"',
    );
    expect(await fixOf('tools/arguments-not-a-string', calling(null))).toBe('unsafe "{}"');
  });

  it('is not offered for arguments that are no object: as text they are none either', async () => {
    for (const given of [[1], 5, true])
      expect(await fixOf('tools/arguments-not-a-string', calling(given))).toBe('none');
  });

  it('renames an output that has the name of another tool', async () => {
    const renamed = preference({ chosen: [answer], non_preferred_output: [{ ...answer, content: 'No.' }] });
    expect(await fixOf('preference/renamed-key', renamed)).toBe('safe "preferred_output"');
  });

  it('is not offered where the renamed key would stand twice', async () => {
    const rest = { non_preferred_output: [{ ...answer, content: 'No.' }] };
    const beside = preference({ chosen: [answer], preferred_output: [answer], ...rest });
    expect(await fixOf('preference/renamed-key', beside)).toBe('none');
    const twice = preference({ chosen: [answer], preferred_completion: [answer], ...rest });
    expect(await fixOf('preference/renamed-key', twice)).toBe('safe "preferred_output", none');
  });

  it('takes a key of another role for no misspelling', async () => {
    expect(await fixOf('messages/unknown-key', { messages: [user, { ...answer, tool_call_id: 'call_1' }] })).toBe(
      'none',
    );
    expect(await fixOf('messages/unknown-key', { messages: [user, { ...answer, wieght: 1 }] })).toBe('unsafe "weight"');
  });

  it('names a role that the target has', async () => {
    const developer = { messages: [{ role: 'developer', content: 'Be kind.' }, user, answer] };
    expect(await fixOf('messages/unknown-role', developer, { target: 'mistral' })).toBe('unsafe "system"');
    const misspelt = [{ role: 'systm', content: 'Be kind.' }, user];
    expect(await fixOf('messages/unknown-role', { messages: [...misspelt, answer] })).toBe('unsafe "system"');
    const reinforcement = { method: 'reinforcement' } as const;
    expect(await fixOf('messages/unknown-role', { messages: misspelt }, reinforcement)).toBe('none');
  });

  it('makes a developer of the system only where the target has one', async () => {
    const example = { messages: [{ role: 'system', content: 'Be kind.' }, user] };
    const at = (target: 'openai' | 'mistral') =>
      fixOf('reinforcement/system-role', example, { method: 'reinforcement', target });
    expect(await at('openai')).toBe('safe "developer"');
    expect(await at('mistral')).toBe('none');
  });

  it('names the call that is never answered, not one that a later result answers', async () => {
    const both = { role: 'assistant', tool_calls: [call('call_ab'), call('call_xy')] };
    const example = { messages: [user, both, result('call_xz'), result('call_xy'), answer], tools };
    expect(await fixOf('tools/unmatched-result', example)).toBe('unsafe "call_ab"');
  });
});

/** The fixes of a rule's findings; those that there are have mended them, and brought up nothing else. */
async function fixOf(rule: string, example: object, options: ValidateOptions = {}): Promise<string> {
  const line = JSON.stringify(example);
  const before = await check(line, options);
  const findings = before.filter((found) => found.rule === rule);
  for (const { fix } of findings) {
    let bytes = Buffer.from(line);
    for (const { byteOffset, text } of fix?.edits ?? [])
      bytes = Buffer.concat([bytes.subarray(0, byteOffset[0]), Buffer.from(text), bytes.subarray(byteOffset[1])]);
    const rules = before.map((found) => found.rule);
    if (fix !== undefined) rules.splice(rules.indexOf(rule as Diagnostic['rule']), 1);
    const after = (await check(bytes.toString(), options)).map((found) => found.rule);
    expect(after.filter((each) => !rules.includes(each))).toEqual([]);
  }
  return findings.map(({ fix }) => (fix === undefined ? 'none' : `${fix.safety} ${fix.edits[0]!.text}`)).join(', ');
}

async function check(line: string, options: ValidateOptions): Promise<readonly Diagnostic[]> {
  async function* source() {
    yield Buffer.from(`${line}\n`);
  }
  const { diagnostics } = await validateStream(source(), { tokens: 'off', fileName: 'a.jsonl', ...options });
  return diagnostics;
}
