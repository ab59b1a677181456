import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { SetCall } from '../../../../src/core/sets/inspectionSet.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';
import { SetWorld, setCall } from './setWorld.ts';

suite('a set of alternative texts', () => {
  let world: SetWorld;
  before(async () => {
    world = await SetWorld.start();
    const png = Buffer.from(await encoded(portrait(), { format: 'png' }));
    await world.write('a.png', png);
    await world.write('copy of a.png', png);
    await world.write('b.png', Buffer.concat([png, Buffer.alloc(7)]));
    await world.write('not asked for.png', Buffer.concat([png, Buffer.alloc(9)]));
  });
  after(() => world.stop());

  const place = (before: string, language = '') => ({ before, behind: '', language });
  const call = (): SetCall => ({
    uris: [world.uri('docs')],
    task: 'caption',
    query: 'Alt text',
    onlyNew: false,
    altTexts: [
      { uri: world.uri('b.png'), altText: place('Words of b') },
      { uri: world.uri('a.png'), altText: place('Words of a') },
      { uri: world.uri('copy of a.png'), altText: place('Other words') },
      { uri: world.uri('a.png'), altText: place('Worte von a', 'German') },
    ],
  });

  test('asks for each image with its words, once for each content and language, and says afterwards for what', async () => {
    const sets = world.sets();
    const planned = await sets.plan(call(), new Job());
    assert.deepEqual(
      planned.items.map(({ key, kind }) => `${key}: ${kind}`),
      ['a.png: new', 'a.png (German): new', 'b.png: new', 'copy of a.png: duplicate'],
    );
    const set = await sets.start(planned, 'standard');
    assert.deepEqual(await set.run(), { isEnded: true });
    const asked = world.server.requests.map((request) => JSON.stringify(request));
    assert.equal(asked.length, 3);
    for (const words of ['Words of b', 'Words of a', 'Worte von a'])
      assert.equal(asked.filter((request) => request.includes(words)).length, 1, words);
    assert.equal(asked.filter((request) => request.includes('German')).length, 1);
    // Another process finds all of it in the journal.
    const again = await world.sets().open(set.id);
    assert.deepEqual(again.documents, [world.uri('docs')]);
    const lines: string[] = [];
    for await (const { key, altText, inspection } of again.lines())
      lines.push(`${key}: ${altText?.before} ${altText?.language} ${inspection?.text !== undefined}`);
    assert.deepEqual(lines, [
      'a.png: Words of a  true',
      'a.png (German): Worte von a German true',
      'b.png: Words of b  true',
      'copy of a.png: Other words  true',
    ]);
  });

  test('looks at each of many images a few times, not at each for each other one', async () => {
    let looks = 0;
    const altTexts = Array.from({ length: 500 }, (_, index) => ({
      get uri() {
        looks += 1;
        return world.uri(`missing ${index >> 1}.png`);
      },
      altText: place('Words', index % 2 === 0 ? 'German' : 'Spanish'),
    }));
    const { items } = await world.sets().plan({ ...call(), altTexts }, new Job());
    assert.equal(new Set(items.map(({ key }) => key)).size, 500);
    assert.ok(looks < 10 * 500, `${looks} looks at 500 images`);
  });

  test('is found again by the same call, and not by other words or the same task without any', async () => {
    const sets = world.sets();
    const same = await sets.sameAs(await sets.plan(call(), new Job()), 'standard');
    assert.notEqual(same, undefined);
    const [first, ...others] = call().altTexts ?? [];
    assert.ok(first);
    const changed = { ...call(), altTexts: [{ ...first, altText: place('Changed') }, ...others] };
    assert.equal(await sets.sameAs(await sets.plan(changed, new Job()), 'standard'), undefined);
    const described = await sets.plan({ ...setCall(world.uri('a.png')), task: 'caption', query: '', onlyNew: true }, new Job());
    assert.equal(described.plan.done, 0);
  });

  test('is asked for as a batch too, with the words of each image', async () => {
    world.server.reset();
    const sets = world.sets({ wait: async () => undefined });
    const set = await sets.start(await sets.plan(call(), new Job()), 'batch');
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 4);
    const [requests] = world.server.requests.filter(({ endpoint }) => endpoint === 'createBatch');
    assert.ok(requests);
    const lines: string[] = [];
    for await (const { inspection } of set.lines()) lines.push(JSON.stringify(inspection?.request ?? ''));
    assert.equal(lines.filter((line) => line.includes('Worte von a')).length, 1);
  });
});
