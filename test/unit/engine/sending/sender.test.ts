import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { partsOf } from '../../../../src/core/request/request.ts';
import type { GeminiReply } from '../../../../src/core/usage/geminiReply.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest, Permit, SendOutcome } from '../../../../src/engine/sending/outgoing.ts';
import { Retries, type RetryWait } from '../../../../src/engine/sending/retry.ts';
import { Sender } from '../../../../src/engine/sending/sender.ts';
import type { SenderOptions } from '../../../../src/engine/sending/senderOptions.ts';
import { UploadCache } from '../../../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../../../src/engine/sending/uploads.ts';
import type { Gemini } from '../../../../src/gemini/api/api.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const REPLY: GeminiReply = { text: 'A cat.', blockedCategories: [], finishReason: 'STOP', cut: false };

/** A client that answers at once, or waits for its signal; it records what reached it. */
function fakeGemini(behaviour: 'answers' | 'hangs') {
  const sent: Uint8Array[] = [];
  const gemini: Pick<Gemini, 'generate' | 'countTokens'> = {
    async countTokens(request, bytes) {
      for (const part of partsOf(request)) if (part.kind === 'image') sent.push(await bytes(part.image));
      return 1089;
    },
    async generate(request, bytes, { signal }) {
      for (const part of partsOf(request)) if (part.kind === 'image') sent.push(await bytes(part.image));
      if (behaviour === 'answers') return REPLY;
      signal.throwIfAborted();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  return { gemini: gemini as Gemini, sent };
}

/** VS Code's memory, with nothing in it. */
function emptyMemory() {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}

function createSender(changes: Partial<SenderOptions> & { gemini: Gemini }): Sender {
  const { gemini, ...rest } = changes;
  const world = {
    permits: [],
    destination: () => 'https://example.com',
    key: async () => 'a key',
    connect: async () => gemini,
    uploads: async () => new Uploads(new UploadCache(emptyMemory()), () => 20e6),
    timeout: () => 60_000,
    begin: async () => undefined,
    recordUsage: async () => undefined,
    log: () => undefined,
    ...rest,
  };
  return new Sender(world, new Retries({ now: Date.now, random: () => 0 }));
}

const outgoing = (job = new Job()): Omit<OutgoingRequest, 'destination' | 'uploads'> => ({
  job,
  request: {
    task: 'caption',
    model: 'm',
    turns: [{ role: 'user', parts: [{ kind: 'image', image: 0, mimeType: 'image/png', bytes: 2, source: { kind: 'inline' } }] }],
    config: {},
  },
  images: [
    {
      uri: 'file:///cat.png',
      name: 'cat.png',
      body: memorySource(new Uint8Array([1, 2])),
      sha256: createHash('sha256')
        .update(new Uint8Array([1, 2]))
        .digest('hex'),
    },
  ],
  inputTokens: 1,
});
const follow = { uploading: () => undefined, sent: () => undefined, waiting: () => undefined, progress: () => undefined };
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'sent',
    (error) => (error as InspectorError).reason,
  );

test('a request goes out with the bytes of its images', async () => {
  const { gemini, sent } = fakeGemini('answers');
  assert.equal(await createSender({ gemini }).generate(outgoing(), follow), REPLY);
  assert.deepEqual(sent, [new Uint8Array([1, 2])]);
});

test('nothing goes out without a key, without a permit, or after a cancel', async () => {
  const { gemini, sent } = fakeGemini('answers');
  assert.equal(await reasonOf(createSender({ gemini, key: async () => undefined }).generate(outgoing(), follow)), 'noApiKey');
  const refuse: Permit = async () => {
    throw new InspectorError('excluded', 'no');
  };
  assert.equal(await reasonOf(createSender({ gemini, permits: [refuse] }).generate(outgoing(), follow)), 'excluded');
  const job = new Job();
  const cancelWhileAsked: Permit = async () => job.cancel();
  assert.equal(await reasonOf(createSender({ gemini, permits: [cancelWhileAsked] }).generate(outgoing(job), follow)), 'cancelled');
  assert.equal(sent.length, 0);
});

test('every permit is asked, in turn, with the destination', async () => {
  const { gemini } = fakeGemini('answers');
  const asked: string[] = [];
  const permits = ['first', 'second'].map(
    (name): Permit =>
      async ({ destination }) =>
        void asked.push(`${name} ${destination}`),
  );
  await createSender({ gemini, permits }).generate(outgoing(), follow);
  assert.deepEqual(asked, ['first https://example.com', 'second https://example.com']);
});

test('a cancel ends a request that hangs', async () => {
  const job = new Job();
  const pending = reasonOf(
    createSender({ gemini: fakeGemini('hangs').gemini }).generate(outgoing(job), { ...follow, sent: () => job.cancel() }),
  );
  assert.equal(await pending, 'cancelled');
});

test('silence for longer than the time-out ends a request, and says that it was a time-out', async () => {
  const pending = createSender({ gemini: fakeGemini('hangs').gemini, timeout: () => 20 }).generate(outgoing(), follow);
  assert.equal(await reasonOf(pending), 'timeout');
});

test('a count passes every permit as a sending that is free', async () => {
  const { gemini, sent } = fakeGemini('answers');
  const asked: (boolean | undefined)[] = [];
  const permit: Permit = async ({ isFree }) => void asked.push(isFree);
  assert.equal(await createSender({ gemini, permits: [permit] }).countTokens(outgoing()), 1089);
  assert.deepEqual(asked, [true]);
  assert.equal(sent.length, 1);
  const refuse: Permit = async () => {
    throw new InspectorError('excluded', 'no');
  };
  assert.equal(await reasonOf(createSender({ gemini, permits: [refuse] }).countTokens(outgoing())), 'excluded');
  assert.equal(sent.length, 1);
});

test('the end of each sending is told, with what may have been billed', async () => {
  const outcomes: SendOutcome[] = [];
  const recordUsage: SenderOptions['recordUsage'] = async (_, outcome) => void outcomes.push(outcome);
  await createSender({ gemini: fakeGemini('answers').gemini, recordUsage }).generate(outgoing(), follow);
  const refuse: Permit = async () => {
    throw new InspectorError('excluded', 'no');
  };
  await reasonOf(createSender({ gemini: fakeGemini('answers').gemini, recordUsage, permits: [refuse] }).generate(outgoing(), follow));
  const job = new Job();
  const cancelled = createSender({ gemini: fakeGemini('hangs').gemini, recordUsage });
  await reasonOf(cancelled.generate(outgoing(job), { ...follow, sent: () => job.cancel() }));
  const refused = {
    generate: async () => Promise.reject(new InspectorError('overloaded', 'busy', { retryAfterSeconds: 0 })),
  } as unknown as Gemini;
  await reasonOf(createSender({ gemini: refused, recordUsage }).generate(outgoing(), follow));
  assert.deepEqual(outcomes, [{ reply: REPLY }, undefined, { text: '' }, undefined]);
});

/** A client that fails with the given failures in turn, and then answers. */
function failing(...failures: InspectorError[]) {
  const left = [...failures];
  const attempts: number[] = [];
  const attempt = async () => {
    attempts.push(Date.now());
    const failure = left.shift();
    if (failure !== undefined) throw failure;
  };
  const gemini = {
    generate: async () => attempt().then(() => REPLY),
    countTokens: async () => attempt().then(() => 1089),
  } as unknown as Gemini;
  return { gemini, attempts };
}
const busy = (retryAfterSeconds = 0) => new InspectorError('overloaded', 'busy', { retryAfterSeconds });

test('what may pass is tried again after a wait that is told, whoever sends; a count too', async () => {
  const { gemini, attempts } = failing(busy(), new InspectorError('network', 'reset', { isTransient: true, retryAfterSeconds: 0 }));
  const waits: RetryWait[] = [];
  assert.equal(await createSender({ gemini }).generate(outgoing(), { ...follow, waiting: (wait) => void waits.push(wait) }), REPLY);
  assert.deepEqual(
    waits.map(({ attempt, attempts: of, failure }) => [attempt, of, failure.reason]),
    [
      [2, 5, 'overloaded'],
      [3, 5, 'network'],
    ],
  );
  assert.equal(attempts.length, 3);
  assert.equal(await createSender({ gemini: failing(busy()).gemini }).countTokens(outgoing()), 1089);
});

test('a cancel ends a wait at once, and nothing more is sent or billed', async () => {
  const { gemini, attempts } = failing(busy(100));
  const job = new Job();
  const outcomes: SendOutcome[] = [];
  const sender = createSender({ gemini, recordUsage: async (_, outcome) => void outcomes.push(outcome) });
  assert.equal(await reasonOf(sender.generate(outgoing(job), { ...follow, waiting: () => setImmediate(() => job.cancel()) })), 'cancelled');
  assert.equal(attempts.length, 1);
  assert.deepEqual(outcomes, [undefined]);
});

test('the user can end a wait', async () => {
  const { gemini, attempts } = failing(busy(100));
  const job = new Job();
  await createSender({ gemini }).generate(outgoing(job), { ...follow, waiting: () => setImmediate(() => job.skipWait()) });
  assert.equal(attempts.length, 2);
});

test('a wait is longer than the time-out without being one, and a time-out is not tried again', async () => {
  const { gemini, attempts } = failing(busy(0.08));
  assert.equal(await createSender({ gemini, timeout: () => 30 }).generate(outgoing(), follow), REPLY);
  assert.equal(attempts.length, 2);
  const hanging = fakeGemini('hangs');
  assert.equal(await reasonOf(createSender({ gemini: hanging.gemini, timeout: () => 20 }).generate(outgoing(), follow)), 'timeout');
  assert.equal(hanging.sent.length, 1);
});

test('requests at the same time wait together where fewer are wanted', async () => {
  const { gemini, attempts } = failing(new InspectorError('rateLimited', 'slow', { retryAfterSeconds: 0.15 }));
  const sender = createSender({ gemini });
  const waits: number[] = [];
  const first = sender.generate(outgoing(), { ...follow, waiting: ({ seconds }) => void waits.push(seconds) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  // It comes later, and is not sent to be refused as well.
  await Promise.all([first, sender.generate(outgoing(), { ...follow, waiting: ({ seconds }) => void waits.push(seconds) })]);
  assert.equal(attempts.length, 3);
  assert.ok((attempts[1] ?? 0) - (attempts[0] ?? 0) >= 140);
  assert.ok((attempts[2] ?? 0) - (attempts[0] ?? 0) >= 140);
  assert.equal(waits.length, 2);
  assert.ok((waits[1] ?? 1) < (waits[0] ?? 0));
});

test('what goes out is told of before it does, and only what is permitted', async () => {
  const told: string[] = [];
  const { gemini } = fakeGemini('answers');
  const begin: SenderOptions['begin'] = async () => void told.push('begins');
  const recordUsage: SenderOptions['recordUsage'] = async () => void told.push('ends');
  const permit: Permit = async () => void told.push('permitted');
  const sent = { ...follow, sent: () => void told.push('sent') };
  await createSender({ gemini, begin, recordUsage, permits: [permit] }).generate(outgoing(), sent);
  assert.deepEqual(told.splice(0), ['permitted', 'begins', 'sent', 'ends']);
  const refuse: Permit = async () => {
    throw new InspectorError('notConfirmed', 'no');
  };
  await reasonOf(createSender({ gemini, begin, recordUsage, permits: [refuse] }).generate(outgoing(), sent));
  assert.deepEqual(told, ['ends']);
});
