import assert from 'node:assert/strict';
import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { AltCache } from '../../../src/cli/altCache.ts';
import { readCommandLine } from '../../../src/cli/cliArguments.ts';
import type { GeminiServer } from '../../fakes/geminiServer.ts';
import { CliWorld } from './cliWorld.ts';

const PAGE = '# Barns\r\n\r\n![](img/street.png) and <img src="img/sign.png"> and ![b](b.png) <img src="c.png" alt="">\r\n';
const WRITTEN = 'A [red] "barn".';
const PAGE_WRITTEN = PAGE.replace('![]', '![A \\[red\\] "barn".]').replace('sign.png"', 'sign.png" alt="A [red] &quot;barn&quot;."');

let world: CliWorld;
let server: GeminiServer;
before(async () => {
  world = await CliWorld.start();
  server = world.server;
});
after(() => world.stop());
beforeEach(async () => {
  server.reset();
  server.respondWhen(({ endpoint }) => endpoint === 'generateContent' || endpoint === 'streamGenerateContent', { text: WRITTEN });
  await rm(join(world.folder, 'docs'), { recursive: true, force: true });
  await mkdir(join(world.folder, 'docs/img'), { recursive: true });
  for (const name of ['street.png', 'sign.png']) await cp(join(world.folder, name), join(world.folder, 'docs/img', name));
  await write('page.md', PAGE);
});

const path = (name: string) => join(world.folder, 'docs', name);
const write = (name: string, text: string | Uint8Array) => writeFile(path(name), text);
const check = (...args: string[]) => world.run(['check', path(''), '--alt', ...args]);
const checkWithoutKey = (...args: string[]) => world.run(['check', path(''), '--alt', ...args], { env: {} });
const asked = () => server.requests.filter(({ endpoint }) => /generateContent/i.test(endpoint)).length;
/** Without what stands before the folder, which depends on where the tests run. */
const short = (out: string) => out.replaceAll(/^.*docs\//gm, '');

suite('check --alt', () => {
  test('lists what is missing and how much that is, ends with 1, and needs no key', async () => {
    await write('good.html', '<img src="a.png" alt="A barn">');
    const { code, out, err } = await checkWithoutKey();
    assert.equal(code, 1);
    assert.equal(short(out), 'page.md:3:1: no alt text: img/street.png\npage.md:3:25: no alt text: img/sign.png\n');
    assert.equal(err, '2 images without alt text in 1 of 2 documents.\n');
    await rm(path('page.md'));
    assert.deepEqual(await checkWithoutKey(), { code: 0, out: '', err: 'No image without alt text in 1 document.\n' });
    assert.equal(server.requests.length, 0);
  });

  test('SARIF has what the format requires, with places and with what could not be read', async () => {
    await write('long.md', `# Barns\n\n${'![a](a.png) '.repeat(5000)}\n`);
    const { code, out, err } = await checkWithoutKey('--format', 'sarif');
    assert.equal(code, 1);
    const { version, $schema, runs } = JSON.parse(out);
    assert.equal(version, '2.1.0');
    assert.match($schema, /sarif-2\.1\.0/);
    const [{ tool, results, invocations, columnKind }] = runs;
    assert.equal(typeof tool.driver.name, 'string');
    assert.equal(columnKind, 'utf16CodeUnits');
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
      assert.equal(level, 'warning');
      assert.ok(message.text.length > 0);
      const { artifactLocation, region } = locations[0].physicalLocation;
      assert.match(artifactLocation.uri, /docs\/page\.md$/);
      assert.ok(region.startLine >= 1 && region.startColumn >= 1 && region.endLine >= region.startLine);
    }
    assert.deepEqual(results[1].locations[0].physicalLocation.region, { startLine: 3, startColumn: 25, endLine: 3, endColumn: 49 });
    const [{ executionSuccessful, toolExecutionNotifications }] = invocations;
    assert.equal(executionSuccessful, true);
    assert.equal(toolExecutionNotifications.length, 1);
    assert.match(toolExecutionNotifications[0].message.text, /1 part of this document is too long to be read\./);
    assert.match(toolExecutionNotifications[0].locations[0].physicalLocation.artifactLocation.uri, /docs\/long\.md$/);
    assert.match(err, /long\.md: 1 part of this document is too long to be read\./);
  });

  test('a document that was not read whole has not passed, nor one that is not UTF-8', async () => {
    await rm(path('page.md'));
    await write('long.md', `# Barns\n\n${'![a](a.png) '.repeat(5000)}\n`);
    assert.equal((await checkWithoutKey()).code, 1);
    await rm(path('long.md'));
    const latin = Buffer.from('Caf\u00e9 <img src="img/street.png">', 'latin1');
    await write('latin.html', latin);
    const { code, err } = await check('--write', '--yes');
    assert.equal(code, 1);
    assert.match(err, /latin\.html: This document is not UTF-8\./);
    assert.deepEqual(await readFile(path('latin.html')), latin);
    assert.equal(asked(), 0);
  });

  test('what exclude names, or files.exclude hides, is neither listed nor written', async () => {
    await write('secret.md', PAGE);
    await mkdir(join(path(''), '.vscode'));
    await write('.vscode/settings.json', '{ "files.exclude": { "**/hidden": true }, "imageInspector.exclude": ["**/*.html"] }');
    await mkdir(path('hidden'));
    await write('hidden/page.md', PAGE);
    await write('page.html', '<img src="img/street.png">');
    const { out } = await checkWithoutKey('--exclude', '**/secret.md');
    assert.deepEqual(
      short(out)
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
      ['page.md', 'page.md'],
    );
    const { code, err } = await check('--write', '--yes', '--exclude', '**/secret.md');
    assert.equal(code, 0, err);
    assert.equal(await readFile(path('page.md'), 'utf8'), PAGE_WRITTEN);
    assert.equal(await readFile(path('secret.md'), 'utf8'), PAGE);
  });
});

suite('check --alt --write', () => {
  test('writes it with the words around each image, changes nothing else, and keeps the mode of the file', async () => {
    await chmod(path('page.md'), 0o750);
    const { code, out, err } = await check('--write', '--yes');
    assert.equal(code, 0, err);
    assert.equal(out, '');
    assert.equal(err, 'Alt text written: 2\nNo image without alt text in 1 document.\n');
    assert.equal(await readFile(path('page.md'), 'utf8'), PAGE_WRITTEN);
    assert.equal((await stat(path('page.md'))).mode & 0o777, 0o750);
    assert.equal(asked(), 2);
    assert.ok(JSON.stringify(server.requests[0]).includes('Barns'));
  });

  test('an image is described once for each language, however often it is used', async () => {
    for (let index = 0; index < 10; index++) await write(`page-${index}.html`, '<p>Words</p><img src="img/street.png">');
    await write('page.md', `---\nlang: de\n---\n\n![](img/street.png)\n`);
    await cp(join(world.folder, 'street.png'), path('same.png'));
    await write('other.html', '<img src="same.png">');
    assert.equal((await check('--write', '--yes')).code, 0);
    assert.equal(asked(), 2);
    assert.equal(server.requests.filter((request) => JSON.stringify(request).includes('German')).length, 1);
    assert.match(await readFile(path('page-9.html'), 'utf8'), /alt="A \[red\]/);
  });

  test('what did not change costs nothing: not when all is written, and with the cache not from the start, even without a key', async () => {
    const cache = join(world.folder, 'alt-text.json');
    assert.equal((await check('--write', '--yes', '--cache', cache)).code, 0);
    assert.equal(asked(), 2);
    assert.equal((await checkWithoutKey('--write', '--yes', '--cache', cache)).code, 0);
    await write('page.md', PAGE);
    assert.equal((await checkWithoutKey('--write', '--yes', '--cache', cache)).code, 0);
    assert.equal(asked(), 2);
    assert.equal(await readFile(path('page.md'), 'utf8'), PAGE_WRITTEN);
    await write('page.md', PAGE.replace('Barns', 'Other words'));
    const { code, err } = await checkWithoutKey('--write', '--yes', '--cache', cache);
    assert.equal(code, 3);
    assert.match(err, /noApiKey/);
    assert.equal((await check('--write', '--yes', '--cache', cache)).code, 0);
    assert.equal(asked(), 4);
  });

  test('an empty text in the cache is none: it is said, and asked for again', async () => {
    const cache = join(world.folder, 'emptied.json');
    assert.equal((await check('--write', '--yes', '--cache', cache)).code, 0);
    const [first, second] = Object.keys(JSON.parse(await readFile(cache, 'utf8')));
    await writeFile(cache, JSON.stringify({ [first as string]: ' ', [second as string]: 'A sign' }));
    await write('page.md', PAGE);
    const withoutKey = await checkWithoutKey('--write', '--yes', '--cache', cache);
    assert.equal(withoutKey.code, 3);
    assert.equal(await readFile(path('page.md'), 'utf8'), PAGE);
    const { code, err } = await check('--write', '--yes', '--cache', cache);
    assert.equal(code, 0, err);
    assert.match(err, /\.png: The text in the cache is empty\. It is asked for again\./);
    assert.equal(asked(), 3);
    assert.equal((await readFile(cache, 'utf8')).includes('" "'), false);
  });

  test('without a cache no image is read for one', async () => {
    const cache = await AltCache.read(undefined);
    assert.equal(await cache.keyOf(path('gone.png'), []), undefined);
    cache.set(undefined, WRITTEN);
    assert.equal(cache.get(undefined), undefined);
    const kept = await AltCache.read(join(world.folder, 'new.json'));
    await assert.rejects(kept.keyOf(path('gone.png'), []), /ENOENT/);
  });

  test('says the sum and sends nothing without a yes, nor over the limit', async () => {
    const { code, err } = await check('--write');
    assert.equal(code, 3);
    assert.match(
      err,
      /Not sent: 2 images, with up to 1,000 characters of the words around each, about [\d,]+ tokens, ≈ \$0\.00\d+ \+ output, to http/,
    );
    const over = await check('--write', '--yes', '--max-usd', '0.000001');
    assert.equal(over.code, 3);
    assert.match(over.err, /overBudget/);
    assert.equal(asked(), 0);
    assert.equal(await readFile(path('page.md'), 'utf8'), PAGE);
  });

  test('goes on with what was interrupted: what is paid is not asked for again', async () => {
    const interrupted = new AbortController();
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    const png = await readFile(join(world.folder, 'street.png'));
    const names = Array.from({ length: 8 }, (_, index) => `img/${index}.png`);
    for (const [index, name] of names.entries()) await write(name, Buffer.concat([png, Buffer.alloc(index + 1)]));
    await write('page.md', names.map((name) => `![](${name})\n`).join('\n'));
    server.respondWhen(({ endpoint }) => /generateContent/i.test(endpoint), { text: WRITTEN, hold });
    const running = world.run(['check', path(''), '--alt', '--write', '--yes'], { interrupted: interrupted.signal });
    await server.waitForRequest(({ endpoint }) => /generateContent/i.test(endpoint));
    interrupted.abort();
    release();
    const first = await running;
    assert.equal(first.code, 130, first.err);
    assert.match(first.err, /The same command goes on\./);
    assert.ok(asked() < names.length);
    const { code, err } = await check('--write', '--yes');
    assert.equal(code, 0, err);
    assert.equal(asked(), names.length);
    assert.equal((await readFile(path('page.md'), 'utf8')).split('barn').length - 1, names.length);
    assert.deepEqual(
      (await readdir(join(world.folder, 'state', 'sets'))).filter((name) => /^\d{4}-/.test(name)),
      [],
    );
  });

  test('paths of sites and of bundlers are those of the folder that is worked in', async () => {
    await mkdir(path('src'));
    await cp(path('img/street.png'), path('src/a.png'));
    await write('page.md', '![](/a.png) ![](~/img/street.png)\n');
    await write('page.vue', '<template><img src="@/a.png"></template>\n');
    const before = process.cwd();
    process.chdir(path(''));
    const { code, err } = await check('--write', '--yes').finally(() => process.chdir(before));
    assert.equal(code, 0, err);
    assert.equal(await readFile(path('page.md'), 'utf8'), '![A \\[red\\] "barn".](/a.png) ![A \\[red\\] "barn".](~/img/street.png)\n');
    assert.match(await readFile(path('page.vue'), 'utf8'), /alt="A \[red\]/);
  });

  test('an image that cannot be had, or lies outside of what is checked, is said and sent nowhere', async () => {
    await write('page.md', '![](gone.png) ![](https://example.com/a.png) ![](../street.png)\n');
    const { code, err } = await check('--write', '--yes');
    assert.equal(code, 1);
    assert.match(err, /page\.md: gone\.png: The file of the image cannot be found\./);
    assert.match(err, /The image is not a file\./);
    assert.match(err, /street\.png: excluded: The image lies outside of the folders that are checked\./);
    assert.equal(asked(), 0);
  });

  test('wrong usage is named', async () => {
    assert.throws(() => readCommandLine(['check', 'a.md']), /--alt/);
    assert.throws(() => readCommandLine(['check', 'a.md', '--alt', '--format', 'coco']), /--format must be one of: text, sarif/);
    assert.throws(() => readCommandLine(['caption', 'a.png', '--write']), /--write belongs to the command "check"/);
    assert.equal((await world.run(['check', join(world.folder, 'sign.png'), '--alt'])).code, 2);
  });
});
