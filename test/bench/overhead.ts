/** What a request costs besides the network and the server: the way of an image through the extension against the bare script of the documentation. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GoogleGenAI } from '@google/genai';
import { replyFailure } from '../../src/core/failures/geminiFailure.ts';
import { makeInspection } from '../../src/core/reply/makeInspection.ts';
import { buildRequest } from '../../src/core/request/buildRequest.ts';
import { LOCAL_FILES } from '../../src/engine/files/localFiles.ts';
import { Job } from '../../src/engine/sending/job.ts';
import { sizePermit } from '../../src/engine/sending/permits.ts';
import { Sender } from '../../src/engine/sending/sender.ts';
import { UploadCache } from '../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../src/engine/sending/uploads.ts';
import { ImagePreparer } from '../../src/engine/task/imagePreparer.ts';
import { createGemini } from '../../src/gemini/api/gemini.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { taskRules } from '../fakes/plainNode.ts';
import { DelayWatch } from './delays.ts';
import { median, printGoal, printTable } from './report.ts';

const MODEL = 'gemini-3.8-flash';
const PROMPT = 'Caption this image.';
const ROUNDS = Number(process.argv[2] ?? 15);
/** `isKnown`: the file was sent before, as it stands; else each round is the first. */
const CASES = [
  { title: '1 MB, inside the request, first time', megabytes: 1, limit: 100e6, most: 1.1, isKnown: false },
  { title: '1 MB, inside the request, known file', megabytes: 1, limit: 100e6, most: 1.1, isKnown: true },
  { title: '18 MB, inside the request, first time', megabytes: 18, limit: 100e6, most: 1.1, isKnown: false },
  { title: '18 MB, uploaded, first time', megabytes: 18, limit: 1e6, most: 1.2, isKnown: false },
  { title: '18 MB, uploaded, known file', megabytes: 18, limit: 1e6, most: 1.2, isKnown: true },
] as const;

const watch = new DelayWatch();
/** What the machine and the SDK do to the event loop by themselves. */
const bareWatch = new DelayWatch();
const folder = await mkdtemp(join(tmpdir(), 'overhead-'));
const server = spawn(process.execPath, [join(import.meta.dirname, 'plainServer.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
const [port] = await once(server.stdout, 'data');
const url = `http://127.0.0.1:${String(port).trim()}`;
const images = new ImageWorker({ entry: new URL('../../src/imaging/worker/worker.ts', import.meta.url), idle: 600_000 });
try {
  const rows: string[][] = [['', 'bare script, ms', 'ours, ms', 'ratio', 'of it preparing', 'bare, CPU ms', 'ours, CPU ms', 'ratio']];
  const ratios: [string, number, number][] = [];
  for (const { title, megabytes, limit, most, isKnown } of CASES) {
    let preparer = newPreparer();
    const path = join(folder, `${megabytes}.jpg`);
    await writeFile(path, jpegOf(megabytes * 1e6));
    const bare: Cost[] = [];
    const own: Cost[] = [];
    const preparing: number[] = [];
    // In turns, so that what else the machine does meets both.
    for (let round = -3; round < ROUNDS; round++) {
      bareWatch.start();
      const bareCost = await costOf(() => (limit < megabytes * 1e6 ? bareUpload(path) : bareInline(path)));
      bareWatch.stop();
      let prepared = 0;
      if (!isKnown) preparer = newPreparer();
      watch.start();
      const ownCost = await costOf(async () => {
        prepared = await ours(preparer, path, limit);
      });
      watch.stop();
      if (round < 0) continue;
      bare.push(bareCost);
      own.push(ownCost);
      preparing.push(prepared);
    }
    const middle = (costs: readonly Cost[]) => median(costs.map(({ wall }) => wall));
    const cpu = (costs: readonly Cost[]) => median(costs.map((cost) => cost.cpu));
    const ratio = middle(own) / middle(bare);
    ratios.push([title, ratio, most]);
    rows.push([
      title,
      middle(bare).toFixed(1),
      middle(own).toFixed(1),
      `${ratio.toFixed(2)}x`,
      median(preparing).toFixed(1),
      cpu(bare).toFixed(1),
      cpu(own).toFixed(1),
      `${(cpu(own) / cpu(bare)).toFixed(2)}x`,
    ]);
  }
  printTable(rows);
  for (const [title, ratio, most] of ratios) printGoal(`A request against the bare script, ${title}`, ratio, most, 'x');
  watch.print('requests');
  console.log(`  of the bare script: ${bareWatch}`);
} finally {
  images.dispose();
  server.stdin.end();
  await rm(folder, { recursive: true });
}

function newPreparer(): ImagePreparer {
  return new ImagePreparer(LOCAL_FILES, images, taskRules({ maxDimension: 0 }));
}

/** Milliseconds, by the clock and of all threads of this process. */
interface Cost {
  wall: number;
  cpu: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

/** As the documentation shows it. */
async function bareInline(path: string): Promise<string> {
  const ai = new GoogleGenAI({ apiKey: 'a-key', httpOptions: { baseUrl: url } });
  const data = readFileSync(path, { encoding: 'base64' });
  const contents = [{ inlineData: { mimeType: 'image/jpeg', data } }, { text: PROMPT }];
  return (await ai.models.generateContent({ model: MODEL, contents })).text ?? '';
}

async function bareUpload(path: string): Promise<string> {
  const ai = new GoogleGenAI({ apiKey: 'a-key', httpOptions: { baseUrl: url } });
  const { uri = '', mimeType = '' } = await ai.files.upload({ file: path, config: { mimeType: 'image/jpeg' } });
  const contents = [{ role: 'user', parts: [{ fileData: { fileUri: uri, mimeType } }, { text: PROMPT }] }];
  return (await ai.models.generateContent({ model: MODEL, contents })).text ?? '';
}

/** From a file to an inspection, as the extension goes, with a memory of uploads that knows nothing yet. Resolves to the milliseconds of preparing. */
async function ours(preparer: ImagePreparer, path: string, limit: number): Promise<number> {
  const start = performance.now();
  const { image: prepared, body } = await preparer.prepare(pathToFileURL(path).href, {}, new Job());
  const preparing = performance.now() - start;
  const known = new Map<string, unknown>();
  const memory = new UploadCache({
    get: <T>(key: string) => known.get(key) as T | undefined,
    update: async (key, value) => void known.set(key, value),
  });
  const sender = new Sender({
    permits: [sizePermit(() => limit)],
    destination: () => url,
    key: async () => 'a-key',
    connect: async (apiKey, baseUrl) => createGemini({ apiKey, baseUrl, fetch: globalThis.fetch }),
    uploads: async () => new Uploads(memory, () => limit),
    timeout: () => 60_000,
    begin: async () => undefined,
    recordUsage: async () => undefined,
    log: () => undefined,
  });
  const request = buildRequest({
    task: 'caption',
    query: '',
    labels: [],
    model: MODEL,
    date: new Date(),
    mediaResolution: 'default',
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    images: [{ mimeType: prepared.mimeType, bytes: prepared.body.size }],
  });
  const image = { uri: `file://${path}`, name: 'a.jpg', body, sha256: prepared.bodySha256 };
  const nothing = () => undefined;
  const reply = await sender.generate(
    { job: new Job(), request, images: [image], inputTokens: 1 },
    { uploading: nothing, sent: nothing, waiting: nothing, progress: nothing },
  );
  const failure = replyFailure(reply);
  if (failure !== undefined) throw failure;
  makeInspection(
    {
      id: 'a',
      task: 'caption',
      createdAt: new Date().toISOString(),
      prompt: '',
      labels: [],
      model: MODEL,
      images: [],
      contexts: [{ imageIndex: 0, ...prepared.upright, toImage: prepared.toImage }],
      estimatedImageTokens: 1089,
      prices: {},
    },
    reply,
  );
  return preparing;
}

/** A JPEG of so many bytes: a header and noise, in which a 0xff is followed by a zero, as in the data of a photo. */
function jpegOf(size: number): Uint8Array {
  const head = Buffer.from('ffd8ffc0000b080bb80fa001011100ffda0008010100003f00', 'hex');
  const noise = new Uint8Array(size - head.length - 2);
  let state = 1;
  for (let at = 0; at < noise.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise[at] = noise[at - 1] === 0xff || at === noise.length - 1 ? 0 : state >>> 24;
  }
  return Buffer.concat([head, noise, Buffer.from('ffd9', 'hex')]);
}
