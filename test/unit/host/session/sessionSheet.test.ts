import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { Sending } from '../../../../src/engine/sending/outgoing.ts';
import type { TaskCall } from '../../../../src/engine/task/taskCall.ts';
import { type SendReviews, SessionSheet, type SheetFacts } from '../../../../src/host/session/sessionSheet.ts';
import { inspection } from '../../../webview/support/sessions.ts';

const PIXELS = { path: '/pictures/made.png' };

function facts(pictures = 1): SheetFacts {
  const sent = { mimeType: 'image/png', width: 1, height: 1, bytes: 1, via: 'inline' as const };
  const picture = { name: 'a.png', width: 1, height: 1, sent, pixels: PIXELS } as unknown as SheetFacts['pictures'][number];
  return { pictures: Array.from({ length: pictures }, () => picture), task: 'detect', prompt: '', model: 'm' };
}

function sheetWith(more: Partial<SendReviews> = {}) {
  const forgotten: unknown[] = [];
  const changes: { wait?: () => void } = {};
  const reviews: SendReviews = {
    ofSending: async () => facts(),
    ofCall: async () => facts(),
    ofRun: async () => facts(),
    async *sizes() {
      yield { maxDimension: 0, width: 10, height: 10, tokens: 1, bytes: 1 };
    },
    forget: async (pixels) => void forgotten.push(pixels),
    ...more,
  };
  const sheet = new SessionSheet(
    async () => reviews,
    () => changes.wait?.(),
  );
  /** Resolves when the sheet is as wanted. */
  const until = (wanted: () => boolean) =>
    new Promise<void>((resolve) => {
      changes.wait = () => wanted() && resolve();
      changes.wait();
    });
  return { sheet, forgotten, until };
}

const sending = (job = new Job()) => ({ job, request: { task: 'detect', model: 'm', turns: [], config: {} } }) as unknown as Sending;
const call = { task: 'detect', images: ['u'], query: 'cups', options: {} } as unknown as TaskCall;
const once = { canRemember: true };

test('only an answer to the very question that is asked counts', async () => {
  const { sheet, until, forgotten } = sheetWith();
  const answer = sheet.ask(sending(), once);
  await until(() => sheet.shown?.pictures.length === 1);
  const { id = '' } = sheet.shown ?? {};
  sheet.answer('another', true);
  assert.equal(sheet.isAsking, true);
  sheet.answer(id, 'once');
  assert.equal(await answer, 'once');
  assert.equal(sheet.shown, undefined);
  assert.deepEqual(forgotten, [PIXELS], 'the picture that was made for it is taken away');
  const next = sheet.ask(sending(), once);
  await until(() => sheet.shown?.pictures.length === 1);
  sheet.answer(id, true);
  assert.equal(sheet.isAsking, true, 'an old answer is none');
  sheet.close();
  assert.equal(await next, false);
});

test('nobody agrees to what could not be seen yet', async () => {
  const { sheet } = sheetWith({ ofSending: () => new Promise(() => undefined) });
  const answer = sheet.ask(sending(), once);
  sheet.answer(sheet.shown?.id ?? '', true);
  assert.equal(await answer, false);
});

test('nor to what cannot be shown', async () => {
  const { sheet, until } = sheetWith({
    ofSending: async () => {
      throw new InspectorError('unreadableImage', 'Gone.');
    },
  });
  const answer = sheet.ask(sending(), once);
  await until(() => sheet.shown?.failure !== undefined);
  sheet.answer(sheet.shown?.id ?? '', true);
  assert.equal(await answer, false);
});

test('a cancelled job, a closed editor and another question mean no', async () => {
  const { sheet } = sheetWith();
  const job = new Job();
  const cancelled = sheet.ask(sending(job), once);
  job.cancel();
  assert.equal(await cancelled, false);
  assert.equal(await sheet.ask(sending(job), once), false, 'cancelled before it was asked');
  assert.equal(sheet.shown, undefined);
  const first = sheet.ask(sending(), once);
  const second = sheet.ask(sending(), once);
  assert.equal(await first, false);
  sheet.dispose();
  assert.equal(await second, false);
});

test('who only looks leaves a question alone, and agrees to nothing', async () => {
  const { sheet, until } = sheetWith();
  const answer = sheet.ask(sending(), once);
  sheet.look(call, 'm');
  sheet.past(inspection('caption'));
  assert.equal(sheet.shown?.kind, 'ask');
  sheet.close();
  assert.equal(await answer, false);
  sheet.look(call, 'm');
  await until(() => sheet.shown?.sizes?.length === 1);
  assert.deepEqual([sheet.shown?.kind, sheet.shown?.prompt, sheet.isAsking], ['look', 'cups', false]);
  sheet.answer(sheet.shown?.id ?? '', true);
  assert.equal(sheet.shown, undefined);
});

test('why something cannot be sent is shown; where it is too large, so are the sizes that can', async () => {
  const fail = (reason: 'excluded' | 'tooLarge') => async () => {
    throw new InspectorError(reason, reason);
  };
  const excluded = sheetWith({ ofCall: fail('excluded') });
  excluded.sheet.look(call, 'm');
  await excluded.until(() => excluded.sheet.shown?.failure !== undefined);
  assert.deepEqual(
    [excluded.sheet.shown?.failure?.reason, excluded.sheet.shown?.pictures, excluded.sheet.shown?.sizes],
    ['excluded', [], undefined],
  );
  const large = sheetWith({ ofCall: fail('tooLarge') });
  large.sheet.look(call, 'm');
  await large.until(() => large.sheet.shown?.sizes !== undefined);
  assert.equal(large.sheet.shown?.failure?.reason, 'tooLarge');
});

test('a picture that comes when its sheet is closed is taken away', async () => {
  let give = (_: SheetFacts) => {};
  const { sheet, forgotten } = sheetWith({ ofCall: () => new Promise((resolve) => (give = resolve)) });
  sheet.look(call, 'm');
  // What tells what is sent is loaded first.
  await new Promise((resolve) => setImmediate(resolve));
  sheet.close();
  give(facts());
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(forgotten, [PIXELS]);
});
