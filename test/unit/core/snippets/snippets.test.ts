import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { buildRequest, type RequestFacts, requestBody } from '../../../../src/core/request/buildRequest.ts';
import { type GeminiRequest, type ImageSource, partsOf } from '../../../../src/core/request/request.ts';
import { makeSnippet } from '../../../../src/core/snippets/makeSnippet.ts';
import { SNIPPET_LANGUAGES, type SnippetFacts, type SnippetImage, type SnippetLanguage } from '../../../../src/core/snippets/snippet.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { FEDERATED, startVertexLogin, VERTEX_TOKEN } from '../../../fakes/vertexLogin.ts';
import { png } from '../../../fixtures/images.ts';
import { PROJECT, withoutGemini } from '../../../tools/project.ts';

const KEY = 'test-key';
const HOSTILE = [
  'plain',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is for the shell
  'it\'s "quoted" \\ back\\slash \\n not a break $HOME ${HOME} $(id) `id` %s {0} {x}',
  'first\nsecond\r\nthird\ttab\u0000nul\u0007bell\u007fdel',
  "JSON\nEOF\n'EOF'\nJSON\n\"\"\"\n'''\n*/ // # --",
  '日本語 Ünïcödé 🐈‍⬛ \u202eright to left\u2066 \u2028separator\u2029 \ufeff',
  'IMAGE0 "IMAGE0" IMAGE_0',
  '!history !! *.png ~ & | ; < > \\',
].join('\n');

const run = promisify(execFile);
const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const skipWithout = (has: boolean, what: string) => (has ? false : `${what} is not here`);
/** Why a program in Python cannot be run here, if so. */
const skipPython = (what: Pick<SnippetFacts, 'request' | 'images'>) =>
  skipWithout(hasPython, 'python3') || skipWithout(hasPillow || !/\bPIL\b/.test(makeSnippet('python', what)), 'Pillow');
/** Why boxes cannot be printed here, if so. */
const skipBoxes = (language: SnippetLanguage, what: Pick<SnippetFacts, 'request' | 'images'>) =>
  (language === 'python' && skipPython(what)) || (language === 'shell' && skipWithout(hasShell && hasJq, 'bash with curl and jq'));
const python = ['python3', '/usr/bin/python3'].find((command) => works(command, '-c', 'import PIL')) ?? 'python3';
/** The oldest Python that google-genai runs on, and all that the programs and the stand-in import of it: a minimal installation lacks some. */
const hasPython = works(python, '-c', 'import sys, base64, io, json, os, re, urllib.request; sys.exit(sys.version_info < (3, 9))');
const hasPillow = works(python, '-c', 'import PIL');
const hasGenai = works(python, '-c', 'import google.genai');
const hasGofmt = works('gofmt', '-h') || spawnSync('gofmt', ['-h']).status === 2;
const hasShell = works('bash', '-c', 'command -v curl base64 sed tr') && works('bash', '-c', 'curl --help all | grep -q fail-with-body');
const hasJq = works('jq', '--version');

const image = (changes: Partial<SnippetImage> = {}): SnippetImage => ({
  path: 'cat.png',
  fileType: 'image/png',
  width: 8,
  height: 6,
  turned: false,
  redactions: [],
  stripped: false,
  ...changes,
});

function requestFor(changes: Partial<RequestFacts> = {}, source?: ImageSource): GeminiRequest {
  const request = buildRequest({
    task: 'caption',
    query: '',
    model: 'gemini-3.8-flash',
    date: new Date(TABLE_DATE),
    mediaResolution: 'default',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: 'image/png', bytes: png().length }],
    ...changes,
  });
  for (const part of partsOf(request)) if (part.kind === 'image' && source !== undefined) part.source = source;
  return request;
}

/** Requests of every shape, by name. */
const REQUESTS: Record<string, GeminiRequest> = {
  caption: requestFor(),
  detect: requestFor({ task: 'detect', query: 'cats', mediaResolution: 'ultraHigh' }),
  segment: requestFor({ task: 'segment', model: 'gemini-2.5-flash', mediaResolution: 'low' }),
  outlines: requestFor({ task: 'segment', query: 'cats' }),
  flex: requestFor({ task: 'detect', speed: 'flex' }),
  hostile: requestFor({
    query: HOSTILE,
    systemInstruction: HOSTILE,
    outputLanguage: 'Español',
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  }),
  conversation: withTurns(requestFor({ images: [png(8, 6), png(30, 20)].map(({ length }) => ({ mimeType: 'image/png', bytes: length })) })),
};

function withTurns(request: GeminiRequest): GeminiRequest {
  const more: GeminiRequest['turns'] = [
    { role: 'model', parts: [{ kind: 'text', text: HOSTILE }] },
    { role: 'user', parts: [{ kind: 'text', text: 'And the colour?' }] },
  ];
  return { ...request, turns: [...request.turns, ...more] };
}

const IMAGES = [image(), image({ path: "späti's & co/-dog $1.png", width: 30, height: 20 })];
const imagesOf = (request: GeminiRequest) => IMAGES.slice(0, partsOf(request).filter(({ kind }) => kind === 'image').length);

suite('programs', () => {
  let server: GeminiServer;
  let folder: string;

  before(async () => {
    server = await startGeminiServer();
    folder = mkdtempSync(join(tmpdir(), 'snippets-'));
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
    write('cat.png', png(8, 6));
    write("späti's & co/-dog $1.png", png(30, 20));
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => server.reset());

  function write(name: string, content: string | Uint8Array): string {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  const facts = (request: GeminiRequest, images: readonly SnippetImage[] = imagesOf(request)): SnippetFacts => ({
    request,
    images,
    baseUrl: server.url,
  });

  async function runSnippet(language: SnippetLanguage, what: SnippetFacts, more: Record<string, string> = {}): Promise<string> {
    const text = makeSnippet(language, what);
    const options = {
      cwd: folder,
      env: {
        ...withoutGemini(),
        GEMINI_API_KEY: KEY,
        PYTHONUTF8: '1',
        PYTHONPATH: hasGenai ? '' : join(PROJECT, 'test/fakes/python'),
        ...more,
      },
    };
    switch (language) {
      case 'javascript':
        return (await run(process.execPath, [write('snippet.mjs', text)], options)).stdout;
      case 'shell':
        return (await run('bash', [write('snippet.sh', text)], options)).stdout;
      default:
        return (await run(python, [write('snippet.py', text)], options)).stdout;
    }
  }

  const RUNNABLE = [
    ['javascript', false],
    ['shell', skipWithout(hasShell, 'bash with curl')],
    ['python', skipWithout(hasPython, 'python3')],
  ] as const;

  for (const [language, skip] of RUNNABLE) {
    for (const [name, request] of Object.entries(REQUESTS)) {
      const skipThis = language === 'python' ? skipPython({ request, images: imagesOf(request) }) : skip;
      test(`${language} sends the very request: ${name}`, { skip: skipThis }, async () => {
        await runSnippet(language, facts(request));
        const data = ['cat.png', "späti's & co/-dog $1.png"].map((path) => readFileSync(join(folder, path), 'base64'));
        const [received, ...others] = server.requests;
        assert.equal(others.length, 0);
        assert.deepEqual(normal(received?.body), normal(requestBody(request, (place) => data[place] ?? '')));
        assert.equal(received?.model, request.model);
        assert.deepEqual(server.violations, []);
      });
    }

    test(`${language} prints the answer`, { skip }, async () => {
      server.respondWith({ text: 'Zwei Kätzchen: "a" & `b`' });
      assert.equal(await runSnippet(language, facts(REQUESTS.caption as GeminiRequest)), 'Zwei Kätzchen: "a" & `b`\n');
    });

    test(`${language} names an image by its address`, { skip }, async () => {
      const url = 'https://example.com/a%20cat.png?x="1"&y=$2\'';
      server.respondWhen(() => true, { status: 200, body: { candidates: [{ content: { parts: [{ text: 'ok' }] } }] } });
      await runSnippet(language, facts(requestFor({}, { kind: 'url', url }), [image({ path: '' })])).catch(() => undefined);
      assert.deepEqual((server.requests[0]?.body?.contents?.[0]?.parts ?? [])[0], { fileData: { fileUri: url, mimeType: 'image/png' } });
    });
  }

  for (const [language, skip] of RUNNABLE) {
    test(`${language} asks Vertex AI, signed in and without a key`, {
      skip: skip || (language === 'python' && hasGenai && 'needs the stand-in for google-genai'),
    }, async (t) => {
      const login = await startVertexLogin();
      t.after(() => login.close());
      // Node by a file of credentials, the shell by gcloud, Python by its stand-in.
      const credentials = JSON.stringify(login.federated(write('token.txt', FEDERATED)));
      write('bin/gcloud', `#!/bin/sh\n[ "$*" = 'auth application-default print-access-token' ] && echo ${VERTEX_TOKEN}\n`);
      chmodSync(join(folder, 'bin/gcloud'), 0o755);
      const environment = {
        GOOGLE_APPLICATION_CREDENTIALS: write('credentials.json', credentials),
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        GEMINI_API_KEY: '',
        GOOGLE_CLOUD_PROJECT: 'other-project',
        TEST_TOKEN: VERTEX_TOKEN,
      };
      const vertex = { project: 'my-project', location: 'us-central1' };
      server.respondWith({ text: 'A cat.' });
      const printed = await runSnippet(language, { ...facts(requestFor()), vertex }, environment);
      assert.equal(printed, 'A cat.\n');
      assert.equal(server.requests[0]?.vertex, 'projects/my-project/locations/us-central1');
    });
  }

  test('programs for Vertex AI go to the host of the location and name no key', () => {
    for (const language of SNIPPET_LANGUAGES) {
      const vertex = { project: 'my-project', location: 'europe-west4' };
      const text = makeSnippet(language, { request: requestFor(), images: [image()], vertex });
      assert.match(text, /my-project/);
      assert.match(text, /europe-west4/);
      assert.doesNotMatch(text, /GEMINI_API_KEY|api_?key/i);
      if (language === 'shell')
        assert.match(text, /^base_url=\$\{GOOGLE_VERTEX_BASE_URL:-'https:\/\/europe-west4-aiplatform\.googleapis\.com'\}$/m);
    }
  });

  test('go for Vertex AI is Go, formatted', { skip: skipWithout(hasGofmt, 'gofmt') }, async () => {
    const vertex = { project: 'my-project', location: 'global' };
    for (const source of [undefined, { kind: 'url' as const, url: 'https://example.com/cat.png' }]) {
      const text = makeSnippet('go', { request: requestFor({}, source), images: [image()], vertex });
      assert.equal((await run('gofmt', ['-d', write('main.go', text)])).stdout, '');
      assert.equal(/"os"/.test(text), /\bos\./.test(text), 'an import that is not used is an error');
    }
  });

  for (const language of ['javascript', 'shell'] as const) {
    test(`${language} uploads what is too large for a request`, {
      skip: language === 'shell' && skipWithout(hasShell, 'bash with curl'),
    }, async () => {
      const request = requestFor({ images: IMAGES.map(() => ({ mimeType: 'image/png', bytes: 1 })) }, { kind: 'file', uri: '' });
      server.respondWith({ text: 'Both came.' });
      assert.equal(await runSnippet(language, facts(request)), 'Both came.\n');
      const asked = server.requests.find(({ endpoint }) => endpoint === 'generateContent');
      const named = asked?.body?.contents?.[0]?.parts?.flatMap(({ fileData }) => fileData ?? []);
      assert.deepEqual(
        named?.map((file) => file?.mimeType),
        ['image/png', 'image/png'],
      );
      assert.notEqual(named?.[0]?.fileUri, named?.[1]?.fileUri);
      assert.deepEqual(
        server.files.all(KEY).map(({ sha256 }) => sha256),
        [png(30, 20), png(8, 6)].map((bytes) => createHash('sha256').update(bytes).digest('hex')),
      );
      assert.deepEqual(server.violations, []);
    });
  }

  for (const language of ['javascript', 'python', 'shell'] as const) {
    const request = REQUESTS.detect as GeminiRequest;
    const answer = JSON.stringify([
      { box_2d: [100, 999, 333, 50], label: 'cat' },
      { box_2d: [-5, 20, 1007, 1001], label: 'far' },
      { point: [1, 2], label: 'ear' },
    ]);
    const picture = image({ width: 620, height: 411 });
    const whole = { request, images: [picture] };
    const part = { request, images: [{ ...picture, crop: { x: 100, y: 50, width: 200, height: 100 } }] };

    test(`${language} prints boxes in pixels of the picture`, { skip: skipBoxes(language, whole) }, async () => {
      server.respondWith({ text: `\`\`\`json\n${answer}\n\`\`\`` });
      const printed = await runSnippet(language, { ...whole, baseUrl: server.url });
      // trunc(value / 1000 * size)
      assert.deepEqual(numbers(printed.split('\n')[0]), [31, 41, 588, 95]);
      assert.deepEqual(numbers(printed.split('\n')[1]), [12, 0, 608, 411], 'it ends at the edges of the picture');
      assert.match(printed, /ear/);
    });

    test(`${language} prints boxes of a part in pixels of the whole picture`, {
      skip: skipBoxes(language, part),
    }, async () => {
      server.respondWith({ text: answer });
      // What the reader of the program is told to make.
      write('cat.png.sent.png', png(8, 6));
      const printed = await runSnippet(language, { ...part, baseUrl: server.url });
      assert.deepEqual(numbers(printed.split('\n')[0]), [110, 60, 189, 23]);
    });
  }

  test('python saves masks and overlays, by names that lead nowhere else', { skip: skipWithout(hasPillow, 'Pillow') }, async () => {
    write('wide.png', png(100, 50));
    const items = [
      { box_2d: [0, 0, 1000, 500], label: '../../a b/c', mask: `data:image/png;base64,${maskPng()}` },
      {
        box_2d: [0, 500, 1000, 1000],
        label: 'cat',
        mask: [
          [500, 0],
          [1000, 0],
          [1000, 1000],
          [500, 1000],
        ],
      },
      { box_2d: [0, 0, 10, 10], label: 'lost', mask: '<start_of_mask><seg_1>' },
    ];
    server.respondWith({ text: JSON.stringify(items) });
    const request = REQUESTS.segment as GeminiRequest;
    const printed = await runSnippet('python', facts(request, [image({ path: 'wide.png', width: 100, height: 50 })]));
    assert.match(printed, /cannot be read/);
    const mask = PNG.sync.read(readFileSync(join(folder, 'a_b_c_0_mask.png')));
    assert.deepEqual([mask.width, mask.height], [100, 50]);
    // The mask is white on its left half, and lies over the left half of the picture.
    assert.deepEqual([red(mask, 10, 25), red(mask, 40, 25), red(mask, 90, 25)], [255, 0, 0]);
    const polygon = PNG.sync.read(readFileSync(join(folder, 'cat_1_mask.png')));
    assert.deepEqual([red(polygon, 10, 25), red(polygon, 90, 25)], [0, 255]);
    const overlay = PNG.sync.read(readFileSync(join(folder, 'a_b_c_0_overlay.png')));
    assert.notEqual(red(overlay, 10, 25), red(overlay, 90, 25));
  });

  test('python does to the pixels what was done before sending', { skip: skipWithout(hasPillow, 'Pillow') }, async () => {
    write('large.png', png(100, 50));
    const crop = { x: 20, y: 10, width: 60, height: 30 };
    const redactions = [{ x: 0, y: 0, width: 50, height: 50 }];
    const sent = image({ path: 'large.png', width: 100, height: 50, turned: true, redactions, crop, scaled: { width: 30, height: 15 } });
    await runSnippet('python', facts(requestFor({ images: [{ mimeType: 'image/png', bytes: 1 }] }), [sent]));
    const picture = PNG.sync.read(server.requests[0]?.images[0]?.bytes ?? Buffer.alloc(0));
    assert.deepEqual([picture.width, picture.height], [30, 15]);
    // Black up to the middle of the whole picture.
    assert.deepEqual([red(picture, 5, 7), red(picture, 25, 7)], [0, 128]);
  });

  for (const [name, request] of Object.entries(REQUESTS)) {
    for (const source of [undefined, { kind: 'file', uri: '' }, { kind: 'url', url: 'https://example.com/a.png' }] as const) {
      const what = { request: withSource(request, source), images: imagesOf(request), baseUrl: HOSTILE };
      test(`python is Python: ${name}, ${source?.kind ?? 'inline'}`, { skip: skipWithout(hasPython, 'python3') }, async () => {
        await run(python, [
          '-c',
          'import ast, sys; ast.parse(open(sys.argv[1], "rb").read())',
          write('compiled.py', makeSnippet('python', what)),
        ]);
      });

      test(`go is Go, formatted: ${name}, ${source?.kind ?? 'inline'}`, { skip: skipWithout(hasGofmt, 'gofmt') }, async () => {
        const { stdout } = await run('gofmt', ['-d', write('main.go', makeSnippet('go', what))]);
        assert.equal(stdout, '');
      });
    }
  }
});

test('a comment stays a comment, whatever a file is called', () => {
  const path = 'a\nimport shutil\r\n*/\u2028\u202e.bmp';
  for (const language of SNIPPET_LANGUAGES) {
    const text = makeSnippet(language, { request: REQUESTS.caption as GeminiRequest, images: [image({ path, fileType: 'image/bmp' })] });
    const sign = { python: '#', shell: '#', javascript: '//', go: '//' }[language];
    // Within its quotes the shell takes a line break as it is.
    if (language !== 'shell') assert.ok(!/^import shutil$/m.test(text), language);
    assert.ok(
      text.split('\n').some((line) => line.trim().startsWith(sign) && line.includes('as PNG')),
      language,
    );
    if (language !== 'shell') assert.ok(!/[\u2028\u202e]/.test(text), language);
  }
});

test('what is not done to the pixels is said, and what Gemini does not take is to be converted first', () => {
  const text = (language: SnippetLanguage, changes: Partial<SnippetImage>, mimeType = 'image/jpeg') =>
    makeSnippet(language, { request: requestFor({ images: [{ mimeType, bytes: 1 }] }), images: [image(changes)] });
  const photo = { path: 'photo.jpg', fileType: 'image/jpeg', turned: true, scaled: { width: 4, height: 3 } };
  assert.match(text('go', photo), /turned upright, scaled to 4 x 3; this program sends the file as it is/);
  assert.match(text('python', photo), /render\("photo.jpg", "JPEG", size=\(4, 3\)\)/);
  assert.match(
    text('shell', { path: 'drawing.svg', fileType: 'image/svg+xml' }, 'image/png'),
    /Make drawing\.svg\.sent\.png from drawing\.svg first/,
  );
  assert.match(text('python', { path: 'photo.heic', fileType: 'image/heic', turned: true }), /mime_type="image\/heic"/);
  for (const hidden of [{ crop: { x: 0, y: 0, width: 2, height: 2 } }, { redactions: [{ x: 0, y: 0, width: 2, height: 2 }] }]) {
    assert.match(text('javascript', { ...photo, ...hidden }), /readFile\("photo\.jpg\.sent\.jpeg"/, 'the whole file is not sent');
  }
  assert.match(text('javascript', { stripped: true }, 'image/png'), /metadata .* goes along here/);
});

test('an image of the web that was not sent whole is to be fetched first', () => {
  const sent = image({ origin: 'https://example.com/cat.png', redactions: [{ x: 0, y: 0, width: 2, height: 2 }] });
  for (const language of SNIPPET_LANGUAGES) {
    const text = makeSnippet(language, { request: REQUESTS.caption as GeminiRequest, images: [sent] });
    assert.match(text, /^(#|\/\/|\t\/\/) ?Fetch cat\.png from https:\/\/example\.com\/cat\.png first\.$/m, language);
    assert.doesNotMatch(text, /file_?uri/i, language);
  }
});

test('flex is asked for, and waited for as long as it may take', () => {
  const { request, images } = { request: REQUESTS.flex as GeminiRequest, images: [image()] };
  const text = (language: SnippetLanguage) => makeSnippet(language, { request, images });
  assert.match(text('python'), /http_options=types\.HttpOptions\(api_version="v1beta", timeout=900000\),/);
  assert.match(text('python'), /service_tier="flex",/);
  assert.match(text('javascript'), /httpOptions: \{ timeout: 900000 \},[\s\S]*serviceTier: "flex",/);
  assert.match(text('go'), /Timeout: genai\.Ptr\(900 \* time\.Second\)\},[\s\S]*config\.ServiceTier = genai\.ServiceTier\("flex"\)/);
  assert.match(text('shell'), /--max-time 900 [\s\S]*/);
  for (const language of SNIPPET_LANGUAGES) {
    const standard = makeSnippet(language, { request: REQUESTS.detect as GeminiRequest, images });
    assert.doesNotMatch(standard, /time-?out|max-time|"time"|flex/i, language);
  }
});

test('the key is read from the environment, and addresses name the version that the extension uses', () => {
  for (const language of SNIPPET_LANGUAGES) {
    const text = makeSnippet(language, { request: REQUESTS.caption as GeminiRequest, images: [image()] });
    assert.match(text, /GEMINI_API_KEY/);
    assert.match(text, /v1beta/);
    assert.ok(!text.includes('undefined'), language);
  }
});

function withSource(request: GeminiRequest, source: ImageSource | undefined): GeminiRequest {
  if (source === undefined) return request;
  const turns = request.turns.map((turn) => ({
    ...turn,
    parts: turn.parts.map((part) => (part.kind === 'image' ? { ...part, source } : part)),
  }));
  return { ...request, turns };
}

/** 4 by 4, white on its left half. */
function maskPng(): string {
  const mask = new PNG({ width: 4, height: 4 });
  for (let at = 0; at < 16; at++) mask.data.fill(at % 4 < 2 ? 255 : 0, at * 4, at * 4 + 3).fill(255, at * 4 + 3, at * 4 + 4);
  return PNG.sync.write(mask).toString('base64');
}

function red(picture: PNG, x: number, y: number): number | undefined {
  return picture.data[(y * picture.width + x) * 4];
}

function numbers(line = ''): number[] {
  return [...line.matchAll(/-?\d+/g)].map(([number]) => Number(number));
}

/** A body without what a client may leave out: empty objects. */
function normal(body: unknown): unknown {
  const { generationConfig, ...rest } = body as { generationConfig?: object };
  return { ...rest, generationConfig: generationConfig ?? {} };
}
