import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import type { Inspection } from '../../../src/core/inspection/inspection.ts';
import type { GeminiServer } from '../../fakes/geminiServer.ts';
import { CliWorld } from './cliWorld.ts';

let world: CliWorld;
let server: GeminiServer;
let folder: string;
let cli: CliWorld['run'];

before(async () => {
  world = await CliWorld.start();
  ({ server, folder } = world);
  cli = (args, run) => world.run(args, run);
});
after(() => world.stop());
beforeEach(() => server.reset());

const BOXES = JSON.stringify([{ box_2d: [100, 200, 500, 600], label: 'car' }]);

suite('tasks by the command line', () => {
  test('one image gives one inspection on the standard output, and nothing else', async () => {
    server.respondWith({ text: BOXES });
    const { code, out } = await cli(['detect', join(folder, 'street.png'), '--yes']);
    const found = JSON.parse(out) as Inspection;
    assert.equal(code, 0);
    assert.deepEqual(
      found.detections?.map(({ label }) => label),
      ['car'],
    );
  });

  test('a folder is all images in it; the files of a format go to a folder, and replace nothing unasked', async () => {
    server.respondWith({ text: BOXES }, { text: BOXES });
    const out = join(folder, 'out');
    const first = await cli(['detect', folder, '--format', 'coco', '--out', out, '--yes']);
    assert.equal(first.code, 0, first.err);
    assert.equal(first.out, '');
    const [name] = await readdir(out);
    const coco = JSON.parse(await readFile(join(out, name ?? ''), 'utf8')) as { images: unknown[] };
    assert.equal(coco.images.length, 2);
  });

  test('without --yes and without a terminal the sum is said, and nothing is sent', async () => {
    const { code, err } = await cli(['caption', join(folder, 'street.png')]);
    assert.equal(code, 3);
    assert.match(err, /1 image, about 1,289 tokens, ≈ \$0\.0010 \+ output/);
    assert.deepEqual(server.requests, []);
  });

  test('at a terminal it is asked: a no sends nothing, a yes does', async () => {
    const no = await cli(['caption', join(folder, 'street.png')], { typed: 'n\n' });
    assert.equal(no.code, 3);
    assert.deepEqual(server.requests, []);
    const yes = await cli(['caption', join(folder, 'street.png')], { typed: 'y\n' });
    assert.equal(yes.code, 0, yes.err);
    assert.match(yes.err, /\[y\/N\]/);
  });

  test('Ctrl+C at the question is an interruption, and sends nothing', async () => {
    const { code, err } = await cli(['caption', join(folder, 'street.png')], { typed: '\u0003' });
    assert.equal(code, 130, err);
    assert.match(err, /\[y\/N\]/);
    assert.doesNotMatch(err, /Abort/);
    assert.deepEqual(server.requests, []);
  });

  test('progress says how many images are found, then how many of them are read', async () => {
    const { err } = await cli(['caption', folder], { typed: 'n\n' });
    assert.match(err, /1 found.*1 of 2 read/s);
    assert.doesNotMatch(err, /of 0/);
  });

  test('no key, and a limit that is reached, send nothing', async () => {
    assert.equal((await cli(['caption', join(folder, 'street.png'), '--yes'], { env: {} })).code, 3);
    const limited = await cli(['caption', join(folder, 'street.png'), '--yes', '--max-usd', '0.0001']);
    assert.equal(limited.code, 3);
    assert.match(limited.err, /overBudget.*--max-usd/);
    const unpriced = await cli(['caption', join(folder, 'street.png'), '--yes', '--model', 'gemini-9-new']);
    assert.equal(unpriced.code, 3);
    assert.deepEqual(server.requests, []);
  });

  test('excluded files are not sent', async () => {
    const { code, err } = await cli(['caption', join(folder, 'street.png'), '--yes', '--exclude', '*.png']);
    assert.equal(code, 3);
    assert.match(err, /excluded/);
    assert.deepEqual(server.requests, []);
  });

  test('a key that is refused is said, in words for one image', async () => {
    const { code, err } = await cli(['caption', join(folder, 'street.png'), '--yes'], { env: { GEMINI_API_KEY: 'wrong' } });
    assert.equal(code, 1);
    assert.match(err, /^invalidApiKey: .*\n0 of 1 image is done; the same command goes on\.\n$/);
    await rm(join(folder, 'state', 'sets'), { recursive: true });
  });

  test('a failure is said with its file, the others go on', async () => {
    await writeFile(join(folder, 'broken.png'), 'no image');
    server.respondWith({ text: BOXES }, { text: BOXES });
    const { code, out, err } = await cli(['detect', folder, '--yes']);
    await rm(join(folder, 'broken.png'));
    assert.equal(code, 1);
    assert.match(err, /broken\.png: /);
    assert.equal((JSON.parse(out) as unknown[]).length, 2);
  });

  test('words of a model cannot steer the terminal', async () => {
    server.respondWith({ status: 400, body: { error: { code: 400, message: 'bad \u001b[31mred\u0007', status: 'INVALID_ARGUMENT' } } });
    const { err } = await cli(['caption', join(folder, 'street.png'), '--yes']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    assert.doesNotMatch(err, /[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  test('an interruption ends with 130', async () => {
    const controller = new AbortController();
    controller.abort();
    assert.equal((await cli(['caption', join(folder, 'street.png'), '--yes'], { interrupted: controller.signal })).code, 130);
    assert.deepEqual(server.requests, []);
  });

  test('wrong usage, help and version', async () => {
    const wrong = await cli(['paint', 'a.png']);
    assert.deepEqual([wrong.code, wrong.out], [2, '']);
    assert.match(wrong.err, /no command "paint"/);
    assert.equal((await cli(['detect', 'none.png', '--yes'])).code, 2);
    const unknown = await cli(['detect', join(folder, 'street.png'), '--sped', 'flex']);
    assert.deepEqual([unknown.code, unknown.err], [2, "Unknown option '--sped'.\nSee --help.\n"]);
    assert.equal((await cli(['caption', join(folder, 'street.png'), '--yes', '--model', '../x'])).code, 2);
    assert.equal((await cli(['mcp', '--root', join(folder, 'none')])).code, 2);
    assert.match((await cli(['--help'])).out, /Usage/);
    assert.equal((await cli(['--version'])).out, '1.2.3\n');
  });

  test('a key in no case stands in the state', async () => {
    for (const name of await readdir(join(folder, 'state'), { recursive: true, withFileTypes: true }))
      if (name.isFile()) assert.ok(!(await readFile(join(name.parentPath, name.name), 'utf8')).includes('test-key'));
  });
});
