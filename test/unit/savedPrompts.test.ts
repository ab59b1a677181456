import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptNamed, readSavedPrompts, textOfPrompt } from '../../src/core/savedPrompts.ts';

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
});
