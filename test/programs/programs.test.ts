/**
 * `npm run test:programs`: what Copy as Code writes, run with the real libraries against the stand-in, in each language and for every task and way. What
 * arrives is what the extension itself sends, and what is printed is what the extension finds. Not part of `npm test`: the libraries are fetched once.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import { makeSnippet } from '../../src/core/snippets/makeSnippet.ts';
import { boxFrame, SNIPPET_LANGUAGES, type SnippetLanguage } from '../../src/core/snippets/snippet.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { FEDERATED, startVertexLogin, VERTEX_TOKEN } from '../fakes/vertexLogin.ts';
import { encoded, portrait, storedWith } from '../fixtures/pictures.ts';
import { leaveGemini } from '../tools/project.ts';
import { ensureTempFolder } from '../tools/tempFolder.ts';
import { CASES, type PictureName, type ProgramCase } from './cases.ts';
import { boxesOf, generateRequests, masksOf, normalBody, pixelsOf, printedBoxes } from './compare.ts';
import { carryOut, type Done } from './extension.ts';
import { TOOLCHAINS } from './toolchains.ts';

leaveGemini();
ensureTempFolder();

/** Two processors are as many as a machine of tests has. */
const AT_ONCE = 2;
/** Of 255: what two encoders of JPEG, or two ways of scaling, may differ by in the mean. */
const MEAN_DIFFERENCE = 3;

const home = mkdtempSync(join(tmpdir(), 'programs-'));
const worker = new ImageWorker({ entry: new URL('../../src/imaging/worker/worker.ts', import.meta.url) });
const login = await startVertexLogin();
after(async () => {
  await login.close();
  worker.dispose();
  rmSync(home, { recursive: true });
});

const PICTURES: Readonly<Record<PictureName, Buffer>> = {
  'cat.png': Buffer.from(await encoded(portrait(97, 145), { format: 'png' })),
  'dog.jpg': Buffer.from(await encoded(portrait(120, 80), { format: 'jpeg' })),
  'photo.jpg': Buffer.from(await encoded(storedWith(6, portrait(96, 144)), { format: 'jpeg', orientation: 6 })),
};
const names = Object.keys(PICTURES) as PictureName[];
const webAddress = (name: PictureName) => `https://example.com/a%20${name}?x="1"&y=$2'`;
for (const name of names) writeFileSync(join(home, name), PICTURES[name]);

const VERTEX = { project: 'my-project', location: 'us-central1' };
writeFileSync(join(home, 'token.txt'), FEDERATED);
writeFileSync(join(home, 'credentials.json'), JSON.stringify(login.federated(join(home, 'token.txt'))));
mkdirSync(join(home, 'bin'));
writeFileSync(join(home, 'bin/gcloud'), `#!/bin/sh\n[ "$*" = 'auth application-default print-access-token' ] && echo ${VERTEX_TOKEN}\n`);
chmodSync(join(home, 'bin/gcloud'), 0o755);
/** The libraries sign in by a file of credentials, the shell by gcloud. */
const VERTEX_SIGN_IN = {
  GOOGLE_APPLICATION_CREDENTIALS: join(home, 'credentials.json'),
  // the library for Python would ask Google for its name; the program's own project counts
  GOOGLE_CLOUD_PROJECT: 'other-project',
  PATH: `${join(home, 'bin')}:${process.env.PATH}`,
};

async function serverFor({ answer }: ProgramCase): Promise<GeminiServer> {
  const server = await startGeminiServer({ answer: () => answer });
  for (const name of names) server.web.set(new URL(webAddress(name)).href, PICTURES[name]);
  return server;
}

/** What the extension did in a case, and the stand-in to which it came. */
interface Reference extends Done {
  case: ProgramCase;
  server: GeminiServer;
}

const references: Reference[] = [];
for (const one of CASES) {
  const server = await serverFor(one);
  const address = (name: PictureName) => pathToFileURL(join(home, name)).href;
  const [first, ...others] = one.images;
  const calls = one.calls.map((call) => ({ ...call, images: [address(first), ...others.map(address)] as const }));
  const done = await carryOut(calls as unknown as Parameters<typeof carryOut>[0], {
    url: server.url,
    worker,
    settings: one.settings,
    ...(one.onWeb ? { origins: new Map(names.map((name) => [address(name), new URL(webAddress(name)).href])) } : {}),
  });
  assert.deepEqual(server.violations, [], one.name);
  references.push({ case: one, server, ...done });
  await server.close();
}

/** A folder of its own with the pictures, and those that a reader of the program is told to make. */
function folderFor(language: SnippetLanguage, { case: one, program, server }: Reference, index: number): { folder: string; text: string } {
  const folder = join(home, language, String(index));
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), PICTURES[name]);
  const text = makeSnippet(language, { ...program, ...(one.onVertex ? { vertex: VERTEX } : {}) });
  const [sent] = generateRequests(server).slice(-1);
  for (const [place, { path }] of program.images.entries()) {
    const image = sent?.images[place];
    const made = image && `${path}.sent.${image.mimeType.replace('image/', '')}`;
    if (image && made && text.includes(made)) writeFileSync(join(folder, made), image.bytes);
  }
  return { folder, text };
}

for (const language of SNIPPET_LANGUAGES) {
  const toolchain = await TOOLCHAINS[language]();
  const skip = typeof toolchain === 'string' ? toolchain : false;
  const programs = new Map(references.map((reference, index) => [reference.case.name, folderFor(language, reference, index)]));
  const start = typeof toolchain === 'string' ? undefined : toolchain.prepare(programs);
  start?.catch(() => undefined);

  suite(language, { concurrency: AT_ONCE }, () => {
    test('all programs are well formed', { skip }, async () => {
      await start;
    });
    for (const reference of references) {
      test(reference.case.name, { skip }, async () => {
        const run = await start;
        const { folder, text } = programs.get(reference.case.name) as { folder: string; text: string };
        const server = await serverFor(reference.case);
        try {
          const env = reference.case.onVertex
            ? { ...VERTEX_SIGN_IN, GOOGLE_VERTEX_BASE_URL: server.url }
            : { GEMINI_API_KEY: 'test-key', GOOGLE_GEMINI_BASE_URL: server.url };
          const printed = (await run?.(reference.case.name, env)) ?? '';
          await assertSame(server, text, reference);
          assertPrinted(printed, reference);
          if (language === 'python') await assertMasks(folder, reference);
        } catch (error) {
          console.log(`The program, in ${language}:\n${text}`);
          throw error;
        } finally {
          await server.close();
        }
      });
    }
  });
}

/** What has arrived is the extension's own request: once, to the same model. */
async function assertSame(server: GeminiServer, text: string, { case: one, server: own, program }: Reference): Promise<void> {
  assert.deepEqual(server.violations, []);
  const [arrived, ...others] = generateRequests(server);
  assert.equal(others.length, 0, 'one request is made');
  const [sent] = generateRequests(own).slice(-1);
  assert.equal(arrived?.model, sent?.model);
  assert.equal(arrived?.vertex, one.onVertex ? `projects/${VERTEX.project}/locations/${VERTEX.location}` : undefined);
  // by Python with Pillow; or as the file is, which the program says
  const touchesPixels = /\brender\(|this program sends the file as it is/.test(text);
  assert.deepEqual(normalBody(server, { withPixels: touchesPixels }), normalBody(own, { withPixels: touchesPixels }));
  if (/this program sends the file as it is/.test(text)) return;
  const [pixels, expected] = await Promise.all([pixelsOf(server), pixelsOf(own)]);
  for (const [place, image] of expected.entries()) {
    const { width, height, rgba = Buffer.alloc(0) } = pixels[place] ?? {};
    assert.deepEqual([width, height], [image.width, image.height]);
    const isExact = sent?.images[place]?.mimeType === 'image/png' && program.images[place]?.scaled === undefined;
    const difference = rgba.reduce((sum, value, at) => sum + Math.abs(value - (image.rgba[at] ?? 0)), 0) / rgba.length;
    assert.ok(difference <= (isExact ? 0 : MEAN_DIFFERENCE), `image ${place} differs by ${difference}`);
  }
}

/** Boxes in pixels where there are any to be placed, else the answer. */
function assertPrinted(printed: string, { program, inspection }: Reference): void {
  if (boxFrame(program) === undefined) assert.equal(printed, `${inspection.raw}\n`);
  else assert.deepEqual(printedBoxes(printed), boxesOf(inspection));
}

/** The masks that a program has saved are those of the inspection, pixel by pixel. */
async function assertMasks(folder: string, { inspection, program }: Reference): Promise<void> {
  const saved = readdirSync(folder).filter((name) => name.endsWith('_mask.png'));
  const expected = boxFrame(program) === undefined ? [] : await masksOf(inspection);
  assert.equal(saved.length, expected.length);
  for (const [index, bytes] of expected.entries()) {
    const name = saved.find((one) => one.endsWith(`_${index}_mask.png`)) ?? '';
    const [mask, own] = [PNG.sync.read(readFileSync(join(folder, name))), PNG.sync.read(Buffer.from(bytes))];
    assert.deepEqual([mask.width, mask.height], [own.width, own.height]);
    let different = 0;
    for (let at = 0; at < own.data.length; at += 4) if (mask.data[at] !== own.data[at]) different += 1;
    assert.equal(different, 0, `pixels of ${name} that differ`);
  }
}
