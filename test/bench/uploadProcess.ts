/**
 * Prepares and uploads an image in a process of its own and prints by how many megabytes that made the process grow.
 * Usage: uploadProcess.ts ADDRESS IMAGE SMALL_IMAGE
 */
import { createGemini } from '../../src/gemini/api/gemini.ts';
import { prepare } from '../../src/imaging/pixels/prepare.ts';
import { bodySource } from '../../src/imaging/reading/body.ts';
import { fileSource } from '../../src/imaging/reading/byteSource.ts';

const [baseUrl = '', image = '', small = ''] = process.argv.slice(2);
const gemini = createGemini({ apiKey: 'test-key', baseUrl, fetch: globalThis.fetch });

// What is loaded once for all uploads does not count.
await upload(small);
const before = process.memoryUsage.rss();
const started = performance.now();
const bytes = await upload(image);
const seconds = (performance.now() - started) / 1000;
const most = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ grown: Math.max(0, most - before) / 1e6, bytes, seconds }));

async function upload(path: string): Promise<number> {
  const source = await fileSource(path);
  const { body, bodySha256, mimeType } = await prepare(source, { maxDimension: 0 });
  const content = { body: bodySource(body, source), mimeType, displayName: 'photo.jpg', sha256: bodySha256 };
  const file = await gemini.upload(content, { signal: new AbortController().signal, stall: 30_000, onProgress: () => undefined });
  return file.bytes;
}
