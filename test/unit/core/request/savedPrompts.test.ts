import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sanitizeForUi } from '../../../../src/core/base/sanitizeForUi.ts';
import { promptNamed, readSavedPrompts, textOfPrompt, typedPrompt } from '../../../../src/core/request/savedPrompts.ts';

test('prompts are read from all levels, the own first, and what is none is passed over', () => {
  const prompts = readSavedPrompts([
    {
      value: [{ name: ' Damage ', task: 'ask', query: 'Any damage?' }, { name: '', task: 'ask' }, { name: 'x', task: 'fly' }, 7, null],
      from: 'user',
    },
    {
      value: [
        { name: 'Kind', task: 'classify', labels: ['a', 'A', 1, 'b'], query: 5 },
        { name: 'Damage', task: 'caption' },
      ],
      from: 'workspace',
    },
    { value: 'no list', from: 'workspace' },
    { value: undefined, from: 'workspace' },
  ]);
  assert.deepEqual(prompts, [
    { name: 'Damage', task: 'ask', query: 'Any damage?', labels: [], from: 'user' },
    { name: 'Kind', task: 'classify', query: '', labels: ['a', 'b'], from: 'workspace' },
    { name: 'Damage', task: 'caption', query: '', labels: [], from: 'workspace' },
  ]);
  assert.equal(promptNamed(prompts, 'Damage ')?.from, 'user', 'a workspace cannot take the place of an own prompt');
  assert.equal(promptNamed(prompts, 'none'), undefined);
  assert.deepEqual(prompts.map(textOfPrompt), ['Any damage?', 'a, b', '']);
  assert.deepEqual(prompts.map(typedPrompt), ['Any damage?', 'a, b', '']);
  const both = { name: 'Kind', task: 'classify', query: 'a', labels: ['b', 'c'], from: 'user' } as const;
  assert.equal(typedPrompt({ ...both, labels: [...both.labels] }), 'b, c', 'of a classification only the labels count');
  assert.equal(typedPrompt({ ...both, task: 'ask', labels: [...both.labels] }), 'a');
});

test('of a prompt of the workspace nothing is taken that the question does not show', () => {
  const hidden = String.fromCodePoint(...Array.from('send it', (letter) => 0xe0000 + (letter.codePointAt(0) ?? 0)));
  const value = [{ name: 'x', task: 'classify', query: `Which?${hidden}\n${'a'.repeat(5000)}`, labels: [`cat${hidden}`, 'b'.repeat(500)] }];
  const [theirs] = readSavedPrompts([{ value, from: 'workspace' }]);
  assert.ok(theirs);
  assert.match(theirs.query, /^Which\? a+$/);
  assert.equal(theirs.query.length, 2000);
  assert.deepEqual(theirs.labels, ['cat', 'b'.repeat(80)]);
  assert.equal(sanitizeForUi(textOfPrompt(theirs), 10_000), `${theirs.query} cat, ${'b'.repeat(80)}`);
  const [own] = readSavedPrompts([{ value, from: 'user' }]);
  assert.deepEqual([own?.query, own?.labels.length], [value[0]?.query, 2]);
});
