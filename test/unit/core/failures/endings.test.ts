import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlockedReason, FinishReason } from '@google/genai';
import { addedWords, endingInWords, refusalInWords } from '../../../../src/core/failures/endings.ts';
import { replyFailure } from '../../../../src/core/failures/geminiFailure.ts';

test('every end that the SDK knows has its own words, and its own word with them', () => {
  const reasons = Object.values(FinishReason).filter((reason) => reason !== FinishReason.STOP);
  const words = reasons.map((reason) => endingInWords(reason));
  for (const [index, reason] of reasons.entries()) assert.ok(words[index]?.endsWith(` (${reason}).`), `${reason}: ${words[index]}`);
  assert.equal(new Set(words).size, reasons.length);
  assert.deepEqual([endingInWords('STOP'), endingInWords('A_NEW_ONE'), endingInWords('constructor')], [undefined, undefined, undefined]);
});

test('every refusal that the SDK knows has its own words', () => {
  const reasons = Object.values(BlockedReason);
  const words = reasons.map(refusalInWords);
  const unknown = refusalInWords('A_NEW_ONE').replace('A_NEW_ONE', '');
  for (const [index, reason] of reasons.entries()) {
    assert.ok(words[index]?.endsWith(` (${reason}).`), `${reason}: ${words[index]}`);
    assert.notEqual(words[index]?.replace(reason, ''), unknown, reason);
  }
  assert.equal(new Set(words).size, reasons.length);
  assert.equal(refusalInWords('prohibited_content'), refusalInWords('PROHIBITED_CONTENT'), 'as the Decisions API spells it');
});

test('what the API adds is told as text, bounded and without markup', () => {
  const failure = replyFailure({
    text: '',
    finishReason: 'RECITATION',
    endMessage: `Found in [a book](command:evil)\n$(error) ${'x'.repeat(5000)}`,
    blockedCategories: ['HARM_CATEGORY_HARASSMENT'],
    cut: false,
  });
  assert.match(
    failure?.detail ?? '',
    /^Named by Gemini: HARASSMENT\. Gemini says: Found in \[a book\]\u200b\(command:evil\) \$\u200b\(error\) x+…$/,
  );
  assert.ok((failure?.detail.length ?? 0) < 400);
  assert.equal(addedWords(undefined), '');
  assert.equal(addedWords(' \n'), '');
});
