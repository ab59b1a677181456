import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentModels } from '../../../../src/core/models/models.ts';
import { sentRequest, thinkingOf } from '../../../../src/core/request/sentWords.ts';

test('what is kept of a request are its words and where it went, without credentials and addresses of uploads', () => {
  const kept = sentRequest(
    {
      turns: [
        {
          role: 'user',
          parts: [
            {
              kind: 'image',
              image: 0,
              mimeType: 'image/png',
              bytes: 3,
              source: { kind: 'file', uri: 'https://files.example/secret-upload' },
            },
            { kind: 'text', text: 'Find cats.' },
          ],
        },
        { role: 'model', parts: [{ kind: 'text', text: 'Two.' }] },
      ],
      config: { systemInstruction: 'Be brief.' },
    },
    'https://someone:secret@gateway.example/v1?key=secret',
  );
  assert.deepEqual(kept, {
    destination: 'https://gateway.example/v1',
    texts: [
      { from: 'system', text: 'Be brief.' },
      { from: 'user', text: 'Find cats.' },
      { from: 'model', text: 'Two.' },
    ],
  });
  assert.doesNotMatch(JSON.stringify(kept), /secret/);
});

test('long words are cut, and that is said', () => {
  const text = 'x'.repeat(50_000);
  const parts = Array.from({ length: 8 }, () => ({ kind: 'text' as const, text }));
  const kept = sentRequest({ turns: [{ role: 'user', parts }], config: {} }, 'https://gateway.example');
  assert.equal(kept.cut, true);
  assert.ok(JSON.stringify(kept).length < 61_000);
});

test('how far a model is to think: as the request says, else by its default where that is known', () => {
  const date = new Date('2026-11-28');
  const of = (model: string, config: Parameters<typeof thinkingOf>[0]['config'] = {}) => thinkingOf({ model, config }, date);
  const withDefault = currentModels(date).find(({ thinking }) => thinking.kind === 'level' && thinking.default !== undefined);
  assert.ok(withDefault?.thinking.kind === 'level');
  assert.deepEqual(of(withDefault.id), { level: withDefault.thinking.default, isDefault: true });
  assert.deepEqual(of(withDefault.id, { thinkingConfig: { thinkingLevel: 'LOW' } }), { level: 'LOW' });
  assert.deepEqual(of('gemini-2.5-flash', { thinkingConfig: { thinkingBudget: 0 } }), { budget: 0 });
  assert.equal(of('gemini-2.5-flash'), undefined);
  assert.deepEqual(sentRequest({ turns: [], config: {} }, 'https://gateway.example', { level: 'LOW' }).thinking, { level: 'LOW' });
});
