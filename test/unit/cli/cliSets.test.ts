import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Inspection } from '../../../src/core/inspection/inspection.ts';
import type { GeminiServer } from '../../fakes/geminiServer.ts';
import { CliWorld } from './cliWorld.ts';

const BOXES = JSON.stringify([{ box_2d: [100, 200, 500, 600], label: 'car' }]);
let world: CliWorld;
let server: GeminiServer;
let folders = 0;

before(async () => {
  world = await CliWorld.start();
  server = world.server;
});
after(() => world.stop());
beforeEach(() => server.reset());

/** A new folder with the two images, a copy of the first one, and others as wanted. */
async function images(others = 0): Promise<string> {
  const folder = join(world.folder, `images ${++folders}`);
  await mkdir(folder);
  for (const [from, to] of [
    ['street.png', 'a.png'],
    ['sign.png', 'b.png'],
    ['street.png', 'c.png'],
  ] as const)
    await cp(join(world.folder, from), join(folder, to));
  const png = await readFile(join(folder, 'a.png'));
  for (let index = 0; index < others; index++)
    await writeFile(join(folder, `other ${index}.png`), Buffer.concat([png, Buffer.alloc(index + 1)]));
  return folder;
}

const namesIn = (out: string) => (JSON.parse(out) as Inspection[]).map(({ images: [image] }) => basename(fileURLToPath(image?.uri ?? '')));
const asked = () => server.requests.filter(({ endpoint }) => endpoint === 'generateContent' || endpoint === 'streamGenerateContent').length;
const setsLeft = () => readdir(join(world.folder, 'state', 'sets')).then((names) => names.filter((name) => /^\d{4}-/.test(name)));
const nowait = async () => undefined;

suite('sets by the command line', () => {
  for (const speed of ['standard', 'flex'] as const)
    test(`at ${speed} speed what is twice in a folder is sent once, and answered twice`, async () => {
      server.respondWith({ text: BOXES }, { text: BOXES });
      const { code, out, err } = await world.run(['detect', await images(), '--yes', '--speed', speed]);
      assert.equal(code, 0, err);
      assert.deepEqual(namesIn(out), ['a.png', 'b.png', 'c.png']);
      assert.equal(asked(), 2);
      assert.deepEqual(await setsLeft(), []);
    });

  test('a batch is asked about as one job, and leaves nothing with the API', async () => {
    const { code, out, err } = await world.run(['detect', await images(), '--yes', '--speed', 'batch'], { wait: nowait });
    assert.equal(code, 0, err);
    assert.deepEqual(
      (JSON.parse(out) as Inspection[]).map(({ speed }) => speed),
      ['batch', 'batch', 'batch'],
    );
    assert.equal(server.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
    assert.equal(server.files.all('test-key').length, 0);
    assert.deepEqual(await setsLeft(), []);
  });

  test('an interrupted batch goes on, and the same command brings its results without a second job or question', async () => {
    const folder = await images();
    server.batches.plan({ pending: Number.POSITIVE_INFINITY });
    const interrupted = new AbortController();
    const looked = server.waitForRequest(({ endpoint }) => endpoint === 'getBatch');
    const running = world.run(['detect', folder, '--yes', '--speed', 'batch'], { wait: nowait, interrupted: interrupted.signal });
    await looked;
    interrupted.abort();
    const first = await running;
    assert.equal(first.code, 130);
    assert.match(first.err, /The batch goes on; the same command brings its results\./);
    assert.equal(first.out, '');
    const [batch] = server.batches.all('test-key');
    assert.ok(batch);
    batch.course = {};
    const other = await world.run(['detect', folder, '--speed', 'batch'], { wait: nowait });
    assert.equal(other.code, 0, other.err);
    assert.match(other.err, /Going on with what was begun/);
    assert.equal(namesIn(other.out).length, 3);
    assert.equal(server.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
  });

  test('what was interrupted keeps the answer that is under way, and the same command asks for the rest only', async () => {
    const folder = await images(3);
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    server.respondWith(...Array.from({ length: 3 }, () => ({ text: BOXES, hold })));
    const interrupted = new AbortController();
    const three = server.waitForRequest(() => asked() >= 3);
    const running = world.run(['detect', folder, '--yes'], { interrupted: interrupted.signal });
    await three;
    interrupted.abort();
    release();
    const first = await running;
    assert.equal(first.code, 130);
    assert.equal(first.out, '');
    assert.equal(asked(), 3);
    server.respondWith({ text: BOXES }, { text: BOXES });
    const { code, out, err } = await world.run(['detect', folder, '--yes']);
    assert.equal(code, 0, err);
    assert.equal(namesIn(out).length, 6);
    assert.equal(asked(), 5);
  });

  test('results that cannot be written are kept, and need no second request', async () => {
    const folder = await images();
    const out = join(world.folder, 'taken');
    await mkdir(out);
    await writeFile(join(out, 'a.xml'), 'mine');
    server.respondWith({ text: BOXES }, { text: BOXES });
    const typed = 'y\n';
    const first = await world.run(['detect', folder, '--format', 'voc', '--out', out], { typed });
    assert.match(first.err, /1 file is there already/);
    assert.match(first.err, /besides 1 duplicate\)/);
    assert.equal(first.code, 1);
    const before = asked();
    const second = await world.run(['detect', folder, '--format', 'voc', '--out', out, '--yes']);
    assert.equal(second.code, 0, second.err);
    assert.equal(asked(), before);
    assert.ok((await readdir(out)).includes('a.xml'));
  });

  test('what files.exclude hides, and folders of other people, are not looked at; a link that leads out is not followed', async () => {
    const folder = await images();
    await mkdir(join(folder, '.vscode'));
    await writeFile(join(folder, '.vscode', 'settings.json'), '{ "files.exclude": { "**/b.png": true, "**/c.png": false } }');
    await mkdir(join(folder, 'node_modules'));
    await cp(join(folder, 'b.png'), join(folder, 'node_modules', 'd.png'));
    const { out } = await world.run(['tokens', folder]);
    assert.deepEqual(
      (JSON.parse(out) as { images: { path: string }[] }).images.map(({ path }) => basename(path)),
      ['a.png', 'c.png'],
    );
  });

  test("exclusions of the folder's settings hold wherever the command is given, and --exclude adds", async () => {
    const folder = await images();
    await mkdir(join(folder, '.vscode'));
    await writeFile(join(folder, '.vscode', 'settings.json'), '{ "imageInspector.exclude": ["b.png"] }');
    server.respondWith({ text: BOXES });
    const { code, out, err } = await world.run(['detect', folder, '--yes', '--exclude', 'c.*']);
    assert.equal(code, 0, err);
    assert.deepEqual(namesIn(out), ['a.png']);
    assert.match(err, /b\.png: excluded/);
    assert.match(err, /c\.png: excluded/);
    assert.equal(asked(), 1);
  });

  test('a format that is one file goes to the standard output; what is more needs a folder, before anything is sent', async () => {
    const folder = await images();
    server.respondWith({ text: BOXES }, { text: BOXES });
    const csv = await world.run(['detect', folder, '--format', 'csv', '--yes']);
    assert.equal(csv.code, 0, csv.err);
    assert.match(csv.out, /a\.png.*car/);
    server.respondWith({ text: BOXES });
    const voc = await world.run(['detect', join(folder, 'a.png'), '--format', 'voc', '--yes']);
    assert.match(voc.out, /<annotation>/);
    const before = asked();
    for (const [files, format] of [
      [folder, 'voc'],
      [join(folder, 'a.png'), 'yolo'],
      [join(folder, 'a.png'), 'masks'],
    ] as const) {
      const { code, err } = await world.run(['detect', files, '--format', format, '--yes']);
      assert.equal(code, 2);
      assert.match(err, /--out DIR/);
    }
    assert.equal(asked(), before);
  });

  test('a limit that is reached on the way keeps what is done; a higher one goes on', async () => {
    const folder = await images(3);
    const usage = { promptTokenCount: 1200, candidatesTokenCount: 4000, totalTokenCount: 5200 };
    server.respondWith(...Array.from({ length: 5 }, () => ({ text: BOXES, usage })));
    const first = await world.run(['detect', folder, '--yes', '--max-usd', '0.04']);
    assert.equal(first.code, 1, first.err);
    assert.match(first.err, /overBudget: .*\nRaise the limit with --max-usd\./);
    assert.ok(asked() < 5);
    const second = await world.run(['detect', folder, '--yes', '--max-usd', '2']);
    assert.equal(second.code, 0, second.err);
    assert.equal(asked(), 5);
  });

  test('where nobody watches there is no progress', async () => {
    server.respondWith({ text: BOXES }, { text: BOXES });
    const { err } = await world.run(['detect', await images(), '--yes']);
    assert.equal(err, '');
    await rm(join(world.folder, 'state'), { recursive: true });
    server.respondWith({ text: BOXES }, { text: BOXES });
    assert.match((await world.run(['detect', await images()], { typed: 'y\n' })).err, /of 3 images are done/);
  });

  test('images are compared in one request, in the order in which they are named', async () => {
    const folder = await images();
    server.respondWith({ text: 'Another.' });
    const { code, out } = await world.run(['compare', join(folder, 'b.png'), join(folder, 'a.png'), '--yes']);
    assert.equal(code, 0);
    const { images: compared } = JSON.parse(out) as Inspection;
    assert.deepEqual(
      compared.map(({ uri }) => basename(fileURLToPath(uri))),
      ['b.png', 'a.png'],
    );
    assert.equal((await world.run(['compare', folder, '--yes', '--speed', 'batch'])).code, 2);
    assert.equal((await world.run(['compare', join(folder, 'a.png'), '--yes'])).code, 2);
  });
});
