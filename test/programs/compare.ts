import { createHash } from 'node:crypto';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { wasmSharp } from '../../src/imaging/pixels/sharpWasm.ts';
import { maskPngs } from '../../src/imaging/png/maskPngs.ts';
import { objectSpans } from '../../src/imaging/png/objectSpans.ts';
import type { GeminiServer } from '../fakes/geminiServer.ts';

/** A line that a program prints of an object. */
export interface PrintedBox {
  label: string;
  /** x, y, width and height in pixels. */
  pixels: number[];
}

/** The request for an answer that has come to a stand-in. */
export function generateRequests(server: GeminiServer) {
  return server.requests.filter(({ endpoint }) => endpoint === 'generateContent' || endpoint === 'streamGenerateContent');
}

/**
 * A body in one form, whoever sent it. What may differ:
 * - the order of fields, and `mime_type` for `mimeType`: the API takes both;
 * - settings without content, which libraries leave out;
 * - base64, which may be that of URLs: the digest of the bytes stands for it;
 * - the address of an uploaded file, which is another each time: the digest of its bytes stands for it;
 * - `withPixels`: how an image was compressed, where a program makes the pixels itself: those are compared on their own.
 */
export function normalBody(server: GeminiServer, { withPixels = false } = {}): unknown {
  const [request] = generateRequests(server).slice(-1);
  const { generationConfig = {}, ...body } = request?.body ?? {};
  const digest = (bytes: Buffer) => (withPixels ? 'pixels' : createHash('sha256').update(bytes).digest('hex'));
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        if (name === 'data' && typeof inner === 'string') return [name, digest(Buffer.from(inner, 'base64'))];
        const file = name === 'fileUri' ? server.files.get(/files\/[^/]+$/.exec(String(inner))?.[0] ?? '', 'test-key') : undefined;
        return [name, file === undefined ? walk(inner) : digest(file.bytes)];
      }),
    );
  };
  return walk({ ...body, generationConfig });
}

/** The images that came, as pixels: what is seen of them, whatever their compression. */
export async function pixelsOf(server: GeminiServer): Promise<{ width: number; height: number; rgba: Buffer }[]> {
  const sharp = await wasmSharp();
  const [request] = generateRequests(server).slice(-1);
  return Promise.all(
    (request?.images ?? []).map(async ({ bytes }) => {
      const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, rgba: data };
    }),
  );
}

/** The boxes in what a program prints: `cat: x 1, y 2, width 3, height 4`, or as JavaScript shows an object. */
export function printedBoxes(text: string): PrintedBox[] {
  return [...text.matchAll(/^(.*?):? (?:\{ )?x:? (-?\d+), y:? (-?\d+), width:? (-?\d+), height:? (-?\d+)/gm)].map(
    ([, label = '', ...numbers]) => ({
      label,
      pixels: numbers.map(Number),
    }),
  );
}

export function boxesOf({ detections = [] }: Inspection): PrintedBox[] {
  return detections.map(({ label, pixelBox: { x, y, width, height } }) => ({ label, pixels: [x, y, width, height] }));
}

/** Half of 0..255: what is above belongs to an object. */
const THRESHOLD = 127;

/** The masks of an inspection as PNGs of the size of its picture. */
export async function masksOf({ detections = [], images: [image] }: Inspection): Promise<Uint8Array[]> {
  if (image === undefined) return [];
  const { width, height } = image;
  const size = { width, height };
  const made = await Promise.all(
    detections.map((detection) => {
      const spans = objectSpans({ detection, threshold: THRESHOLD }, size);
      return spans && maskPngs(spans, detection.pixelBox, size);
    }),
  );
  return made.flatMap((pngs) => pngs?.image ?? []);
}
