import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExcluded } from '../../../../src/core/base/exclusions.ts';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { vertexDestination } from '../../../../src/core/models/vertex.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import { type ConsentPolicy, consentPermit, excludePermit, sizePermit } from '../../../../src/engine/sending/permits.ts';
import { UploadCache } from '../../../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../../../src/engine/sending/uploads.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const sending = (changes: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  job: new Job(),
  request: {
    task: 'caption',
    model: 'm',
    turns: [{ role: 'user', parts: [{ kind: 'image', image: 0, mimeType: 'image/png', bytes: 3000, source: { kind: 'inline' } }] }],
    config: {},
  },
  images: [{ uri: 'file:///w/cat.png', name: 'cat.png', body: memorySource(new Uint8Array(3000)), sha256: '' }],
  uploads: [],
  inputTokens: 1089,
  destination: 'https://example.com',
  ...changes,
});

const byAddress = (): OutgoingRequest['request'] => ({
  task: 'caption',
  model: 'm',
  turns: [
    {
      role: 'user',
      parts: [{ kind: 'image', image: 0, mimeType: 'image/png', bytes: 3000, source: { kind: 'url', url: 'https://example.com/cat.png' } }],
    },
  ],
  config: {},
});

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'allowed',
    (error) => (error instanceof InspectorError ? error.reason : String(error)),
  );

test('globs exclude by name at any depth, by folder, and whatever the case', () => {
  assert.ok(isExcluded('a/b/secret.png', ['secret.png']));
  assert.ok(isExcluded('private/deep/x.png', ['private/**']));
  assert.ok(isExcluded('a/Scan.PNG', ['*.png']));
  assert.ok(isExcluded('a/.hidden/x.png', ['**/*.png']));
  assert.ok(isExcluded('/home/u/x.png', ['**/u/*']));
  assert.ok(!isExcluded('public/x.png', ['private/**']));
  assert.ok(!isExcluded('x.png', []));
});

test('an excluded image is not sent, nor any other in the same request', async () => {
  const permit = excludePermit(async (uri) => uri.includes('secret'));
  assert.equal(await reasonOf(permit(sending())), 'allowed');
  const images = [
    ...sending().images,
    { uri: 'file:///w/secret.png', name: 'secret.png', body: memorySource(new Uint8Array()), sha256: '' },
  ];
  assert.equal(await reasonOf(permit(sending({ images }))), 'excluded');
});

test('the whole request counts against the limit: base64 and words too', async () => {
  assert.equal(
    await reasonOf(sizePermit(() => 4000)(sending())),
    'tooLarge',
    '3,000 bytes are 4,000 in base64, and there is JSON around them',
  );
  assert.equal(await reasonOf(sizePermit(() => 4500)(sending())), 'allowed');
});

test('Vertex AI has no upload: what is too large is refused in words of its own', async () => {
  const destination = vertexDestination({ project: 'my-project', location: 'global' });
  const request = sending().request;
  const way = { destination, key: '' };
  const { uploads } = await new Uploads(new UploadCache({ get: () => undefined, update: async () => undefined }), () => 4000).plan(
    request,
    sending().images,
    way,
  );
  assert.deepEqual(uploads, []);
  const failure = await sizePermit(() => 4000)(sending({ destination, uploads })).catch((error: InspectorError) => error);
  assert.ok(failure instanceof InspectorError && failure.reason === 'tooLarge');
  assert.match(failure.detail, /Vertex AI takes images inside the request only/);
});

test('too many images are told with their number, and a file that is too large with its size', async () => {
  const permit = sizePermit(() => 20e6);
  const many = Array.from({ length: 3601 }, (_, image) => ({
    kind: 'image' as const,
    image,
    mimeType: 'image/png',
    bytes: 1,
    source: { kind: 'file' as const, uri: 'https://example.com/files/1' },
  }));
  const messageOf = (one: OutgoingRequest) =>
    permit(one).then(
      () => 'allowed',
      ({ message, detail }: InspectorError) => `${message} ${detail}`,
    );
  const request = { ...sending().request, model: 'gemini-2.5-flash-lite', turns: [{ role: 'user' as const, parts: many }] };
  assert.match(await messageOf(sending({ request })), /3,601 images are too many.*3,600/);
  assert.equal(await messageOf(sending({ request: { ...request, turns: [{ role: 'user', parts: many.slice(1) }] } })), 'allowed');
  assert.match(await messageOf(sending({ request: { ...request, model: 'gemini-3.8-flash' } })), /gemini-3.8-flash takes at most 3,000/);
  const images = [
    { ...sending().images[0], body: { size: 2e9 + 1, read: async () => new Uint8Array() } } as OutgoingRequest['images'][number],
  ];
  assert.match(await messageOf(sending({ images, uploads: [0] })), /2,000 MB/);
});

function consentWorld(when: ReturnType<ConsentPolicy['when']>, answer: () => Promise<boolean | 'once'>) {
  const remembered = new Set<string>();
  const asked: string[] = [];
  const world: ConsentPolicy = {
    when: () => when,
    remembered: (destination) => remembered.has(destination),
    remember: async (destination) => void remembered.add(destination),
    ask: ({ destination }) => {
      asked.push(destination);
      return answer();
    },
  };
  return { permit: consentPermit(world), asked };
}

test('the first time asks once for an address, and again for another', async () => {
  const { permit, asked } = consentWorld('firstTime', async () => true);
  await permit(sending());
  await permit(sending());
  await permit(sending({ destination: 'https://elsewhere.example' }));
  assert.deepEqual(asked, ['https://example.com', 'https://elsewhere.example']);
});

test('before many images of someone at the screen go out is asked once, even where one needs no question any more; a program is not asked', async () => {
  const { permit, asked } = consentWorld('firstTime', async () => true);
  await permit(sending());
  await permit(sending({ request: byAddress() }));
  const job = new Job(3);
  await Promise.all([permit(sending({ job })), permit(sending({ job })), permit(sending({ job, request: byAddress() }))]);
  assert.equal(asked.length, 3);
  await permit(sending({ job: new Job(3, 1, true) }));
  await permit(sending({ job: new Job(3), isFree: true }));
  assert.equal(asked.length, 3);
  const never = consentWorld('never', async () => true);
  await never.permit(sending({ job: new Job(3) }));
  assert.deepEqual(never.asked, []);
});

test('an image of a job that comes after the agreement asks nothing more', async () => {
  const { permit, asked } = consentWorld('firstTime', async () => true);
  const job = new Job(3);
  await permit(sending({ job }));
  await permit(sending({ job }));
  await permit(sending({ job }));
  assert.equal(asked.length, 1);
  // The sum of another one was not said yet.
  await permit(sending({ job: new Job(3) }));
  assert.equal(asked.length, 2);
});

test('an agreement to send images is none to have Google fetch them from where they are', async () => {
  const { permit, asked } = consentWorld('firstTime', async () => true);
  await permit(sending());
  await permit(sending({ request: byAddress() }));
  await permit(sending({ request: byAddress() }));
  assert.equal(asked.length, 2);
  const each = consentWorld('always', async () => true);
  const job = new Job(2);
  await each.permit(sending({ job }));
  await each.permit(sending({ job, request: byAddress() }));
  assert.equal(each.asked.length, 2, 'also within one job');
});

test('an agreement to send images inside a request is none to upload them, for one address or another', async () => {
  const { permit, asked } = consentWorld('firstTime', async () => true);
  const source = { kind: 'file' as const, uri: 'https://example.com/files/1' };
  const part = { kind: 'image' as const, image: 0, mimeType: 'image/png', bytes: 3000, source };
  const byFile = { ...sending().request, turns: [{ role: 'user' as const, parts: [part] }] };
  const both = { ...byFile, turns: [{ role: 'user' as const, parts: [part, { ...part, image: 1, source: { kind: 'inline' as const } }] }] };
  const times = async (one: Partial<OutgoingRequest>) => {
    await permit(sending(one));
    return asked.splice(0).length;
  };
  assert.equal(await times({}), 1);
  assert.equal(await times({ request: byFile, uploads: [0] }), 1);
  assert.equal(await times({ request: byFile, uploads: [0] }), 0);
  assert.equal(await times({ request: both, uploads: [0] }), 0);
  // What is there already is not sent again.
  assert.equal(await times({ request: byFile, uploads: [] }), 0);
  assert.equal(await times({ request: byFile, uploads: [0], destination: 'https://elsewhere.example' }), 1);
  assert.equal(await times({ request: both, uploads: [0], destination: 'https://elsewhere.example' }), 1);
  assert.equal(await times({ destination: 'https://elsewhere.example' }), 0);
  const job = new Job(2);
  const each = consentWorld('always', async () => true);
  await each.permit(sending({ job }));
  await each.permit(sending({ job, request: byFile, uploads: [0] }));
  assert.equal(each.asked.length, 2, 'also within one job');
});

test('always asks for each job, but once for all images of one', async () => {
  const { permit, asked } = consentWorld('always', async () => true);
  const job = new Job(3);
  await Promise.all([permit(sending({ job })), permit(sending({ job })), permit(sending({ job }))]);
  await permit(sending());
  assert.equal(asked.length, 2);
});

test('who wants to be asked again is', async () => {
  const { permit, asked } = consentWorld('firstTime', async () => 'once');
  const job = new Job(2);
  await Promise.all([permit(sending({ job })), permit(sending({ job }))]);
  assert.equal(asked.length, 1, 'within a job once');
  await permit(sending());
  assert.equal(asked.length, 2);
});

test('never asks nothing', async () => {
  const { permit, asked } = consentWorld('never', async () => false);
  assert.equal(await reasonOf(permit(sending())), 'allowed');
  assert.deepEqual(asked, []);
});

test('a refusal, and a dialog that cannot be shown, mean that nothing is sent, and are not remembered', async () => {
  const refused = consentWorld('firstTime', async () => false);
  assert.equal(await reasonOf(refused.permit(sending())), 'notConfirmed');
  assert.equal(await reasonOf(refused.permit(sending())), 'notConfirmed');
  assert.equal(refused.asked.length, 2);
  const broken = consentWorld('firstTime', async () => {
    throw new Error('no window');
  });
  assert.equal(await reasonOf(broken.permit(sending())), 'notConfirmed');
});

test('several calls without a known price are asked about once for a job, whatever was agreed to before, and nothing is remembered of it', async () => {
  for (const [when, questions] of [
    ['firstTime', 1],
    ['always', 1],
    ['never', 0],
  ] as const) {
    let asked = 0;
    const permit = consentPermit({
      when: () => when,
      remembered: () => true,
      remember: async () => assert.fail('remembered'),
      ask: async (_, canRemember) => {
        assert.equal(canRemember, false);
        asked += 1;
        return true;
      },
    });
    const job = new Job();
    for (let call = 0; call < 3; call++) await permit(sending({ job, series: { calls: 3 } }));
    assert.equal(asked, questions, when);
  }
});
