import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import type { TaskCall } from '../../../../src/engine/task/taskCall.ts';
import { type ReviewDetails, type SendReviews, SessionReview } from '../../../../src/host/session/sessionReview.ts';
import { inspection } from '../../../webview/support/sessions.ts';

const PIXELS = { path: '/pictures/made.png' };

function facts(pictures = 1): ReviewDetails {
  const sent = { mimeType: 'image/png', width: 1, height: 1, bytes: 1, via: 'inline' as const };
  const picture = { name: 'a.png', width: 1, height: 1, sent, pixels: PIXELS } as unknown as ReviewDetails['pictures'][number];
  return { pictures: Array.from({ length: pictures }, () => picture), task: 'detect', prompt: '', model: 'm' };
}

function reviewWith(more: Partial<SendReviews> = {}) {
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
  const review = new SessionReview(
    async () => reviews,
    () => changes.wait?.(),
  );
  /** Resolves when the review is as wanted. */
  const until = (wanted: () => boolean) =>
    new Promise<void>((resolve) => {
      changes.wait = () => wanted() && resolve();
      changes.wait();
    });
  return { review, forgotten, until };
}

const sending = (job = new Job()) =>
  ({ job, request: { task: 'detect', model: 'm', turns: [], config: {} } }) as unknown as OutgoingRequest;
const call = { task: 'detect', images: ['u'], query: 'cups', options: {} } as unknown as TaskCall;
const once = { canRemember: true };

test('only an answer to the very question that is asked counts', async () => {
  const { review, until, forgotten } = reviewWith();
  const answer = review.ask(sending(), once);
  await until(() => review.shown?.pictures.length === 1);
  const { id = '' } = review.shown ?? {};
  review.answer('another', true);
  assert.equal(review.isAsking, true);
  review.answer(id, 'once');
  assert.equal(await answer, 'once');
  assert.equal(review.shown, undefined);
  assert.deepEqual(forgotten, [], 'a page may still be loading the picture that was made for it');
  const next = review.ask(sending(), once);
  await until(() => review.shown?.pictures.length === 1);
  review.answer(id, true);
  assert.equal(review.isAsking, true, 'an old answer is none');
  review.close();
  assert.equal(await next, false);
  review.dispose();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(forgotten, [PIXELS, PIXELS], 'no page is there any more');
});

test('pictures do not pile up while an editor stays open', async () => {
  const { review, until, forgotten } = reviewWith();
  for (let look = 0; look < 6; look++) {
    review.look(call, 'm');
    await until(() => review.shown?.pictures.length === 1);
  }
  assert.equal(forgotten.length, 2, 'the latest are kept for a page that is slow');
  review.dispose();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(forgotten.length, 6);
});

test('nobody agrees to what could not be seen yet', async () => {
  const { review } = reviewWith({ ofSending: () => new Promise(() => undefined) });
  const answer = review.ask(sending(), once);
  review.answer(review.shown?.id ?? '', true);
  assert.equal(await answer, false);
});

test('nor to what cannot be shown', async () => {
  const { review, until } = reviewWith({
    ofSending: async () => {
      throw new InspectorError('unreadableImage', 'Gone.');
    },
  });
  const answer = review.ask(sending(), once);
  await until(() => review.shown?.failure !== undefined);
  review.answer(review.shown?.id ?? '', true);
  assert.equal(await answer, false);
});

test('a cancelled job, a closed editor and another question mean no', async () => {
  const { review } = reviewWith();
  const job = new Job();
  const cancelled = review.ask(sending(job), once);
  job.cancel();
  assert.equal(await cancelled, false);
  assert.equal(await review.ask(sending(job), once), false, 'cancelled before it was asked');
  assert.equal(review.shown, undefined);
  const first = review.ask(sending(), once);
  const second = review.ask(sending(), once);
  assert.equal(await first, false);
  review.dispose();
  assert.equal(await second, false);
});

test('who only looks leaves a question alone, and agrees to nothing', async () => {
  const { review, until } = reviewWith();
  const answer = review.ask(sending(), once);
  review.look(call, 'm');
  review.past(inspection('caption'));
  assert.equal(review.shown?.kind, 'ask');
  review.close();
  assert.equal(await answer, false);
  review.look(call, 'm');
  await until(() => review.shown?.sizes?.length === 1);
  assert.deepEqual([review.shown?.kind, review.shown?.prompt, review.isAsking], ['look', 'cups', false]);
  review.answer(review.shown?.id ?? '', true);
  assert.equal(review.shown, undefined);
});

test('why something cannot be sent is shown; where it is too large, so are the sizes that can', async () => {
  const fail = (reason: 'excluded' | 'tooLarge') => async () => {
    throw new InspectorError(reason, reason);
  };
  const excluded = reviewWith({ ofCall: fail('excluded') });
  excluded.review.look(call, 'm');
  await excluded.until(() => excluded.review.shown?.failure !== undefined);
  assert.deepEqual(
    [excluded.review.shown?.failure?.reason, excluded.review.shown?.pictures, excluded.review.shown?.sizes],
    ['excluded', [], undefined],
  );
  const large = reviewWith({ ofCall: fail('tooLarge') });
  large.review.look(call, 'm');
  await large.until(() => large.review.shown?.sizes !== undefined);
  assert.equal(large.review.shown?.failure?.reason, 'tooLarge');
});

test('a picture that comes when its review is closed is taken away', async () => {
  let give = (_: ReviewDetails) => {};
  const { review, forgotten } = reviewWith({ ofCall: () => new Promise((resolve) => (give = resolve)) });
  review.look(call, 'm');
  // What tells what is sent is loaded first.
  await new Promise((resolve) => setImmediate(resolve));
  review.close();
  give(facts());
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(forgotten, [PIXELS]);
});
