import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readToolInput } from '../../../../src/core/tools/toolInput.ts';
import { TOOL_NAMES, TOOL_SPECS, toolSpec } from '../../../../src/core/tools/toolSpecs.ts';

suite('what agents give to tools', () => {
  test('is read as the schema says', () => {
    const region = { x: 1, y: 2, width: 3, height: 4 };
    assert.deepEqual(readToolInput('locate', { path: 'a.png', query: 'door', region, maxTokens: 800.5 }), {
      paths: ['a.png'],
      query: 'door',
      region,
      maxTokens: 800,
    });
    assert.deepEqual(readToolInput('compare', { paths: ['a.png', 'b.png'] }).paths, ['a.png', 'b.png']);
    assert.deepEqual(readToolInput('tokens', { path: 'a.png', paths: ['b.png'] }).paths, ['a.png', 'b.png']);
  });

  for (const [name, given, message] of [
    ['describe', undefined, /must be an object/],
    ['describe', {}, /"path" is missing/],
    ['describe', { path: '' }, /path/],
    ['describe', { path: 'a\0.png' }, /path/],
    ['describe', { path: 'a.png', target: 'b' }, /no input "target"/],
    ['ask', { path: 'a.png', query: ' ' }, /question/],
    ['ask', { path: 'a.png', query: 7 }, /query/],
    ['compare', { paths: ['a.png'] }, /two or more/],
    ['compare', { paths: Array.from({ length: 17 }, () => 'a.png') }, /At most 16/],
    ['crop', { path: 'a.png' }, /"region" is missing/],
    ['crop', { path: 'a.png', region: { x: 0, y: 0, width: 0, height: 5 } }, /region/],
    ['crop', { path: 'a.png', region: { x: -1, y: 0, width: 5, height: 5 } }, /region/],
    ['locate', { path: 'a.png', maxTokens: 1 }, /maxTokens/],
    ['tokens', {}, /path/],
  ] as const) {
    test(`${name} ${JSON.stringify(given)?.replace('\\u0000', 'NUL')} is refused, and the message says why`, () => {
      assert.throws(() => readToolInput(name, given), { reason: 'unsupported', message });
    });
  }

  test('every tool has a schema that takes nothing else, and says what comes back', () => {
    assert.deepEqual(
      TOOL_SPECS.map(({ name }) => name),
      [...TOOL_NAMES],
    );
    for (const { name, input, output, description } of TOOL_SPECS) {
      assert.equal(input.additionalProperties, false, name);
      assert.equal(output.additionalProperties, false, name);
      assert.ok(description.length > 80, name);
    }
    assert.throws(() => toolSpec('export'), RangeError);
  });
});
