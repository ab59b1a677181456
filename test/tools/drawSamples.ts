/**
 * Draws the sample pictures: `node test/tools/drawSamples.ts`. Each scene is SVG; an element with `data-label` is an object, whose true box goes into
 * `samples.json`, by the hash of the picture's bytes, so that the stand-in of Gemini can answer as if it had seen the picture.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { launchChromium } from './chromium.ts';
import { PROJECT } from './project.ts';
import type { SampleFacts } from './sampleAnswers.ts';
import { breakfast } from './scenes/breakfast.ts';
import type { Scene } from './scenes/scene.ts';
import { shapes } from './scenes/shapes.ts';
import { sign } from './scenes/sign.ts';
import { street } from './scenes/street.ts';

const SAMPLES = join(PROJECT, 'test/fixtures/samples');

const browser = await launchChromium();
try {
  await mkdir(SAMPLES, { recursive: true });
  const facts: Record<string, SampleFacts> = {};
  for (const scene of [breakfast, shapes, sign, street]) {
    const { bytes, detections } = await draw(scene);
    await writeFile(join(SAMPLES, scene.file), bytes);
    console.log(`${scene.file}: ${Math.ceil(bytes.length / 1000)} kB, ${detections.length} objects`);
    facts[createHash('sha256').update(bytes).digest('hex')] = { file: scene.file, caption: scene.caption, text: scene.text, detections };
  }
  await writeFile(join(SAMPLES, '../samples.json'), `${JSON.stringify(facts, null, 2)}\n`);
} finally {
  await browser.close();
}

async function draw(scene: Scene): Promise<{ bytes: Buffer; detections: SampleFacts['detections'] }> {
  const { file, width, height, svg } = scene;
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block}.alone *{visibility:hidden}.alone .shown,.alone .shown *{visibility:visible}</style>
    <svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${svg}</svg>`,
  );
  const bytes = file.endsWith('.jpg')
    ? await page.screenshot({ type: 'jpeg', quality: 88 })
    : await page.screenshot({ omitBackground: true });
  const detections: SampleFacts['detections'] = [];
  for (const thing of await page.locator('[data-label]').all()) {
    const label = (await thing.getAttribute('data-label')) ?? '';
    // drawn alone, its opaque pixels are its mask
    await thing.evaluate((element: SVGGElement) => {
      element.classList.add('shown');
      element.ownerSVGElement?.classList.add('alone');
    });
    const silhouette = PNG.sync.read(await page.screenshot({ omitBackground: true }));
    await thing.evaluate((element: SVGGElement) => {
      element.classList.remove('shown');
      element.ownerSVGElement?.classList.remove('alone');
    });
    const box = boxOf(silhouette);
    detections.push({
      box_2d: box.map((value, at) => Math.round((value / (at % 2 === 0 ? height : width)) * 1000)),
      label,
      mask: maskOf(silhouette, box),
    });
  }
  await page.close();
  return { bytes, detections };
}

type Edges = [top: number, left: number, bottom: number, right: number];

function opaque({ data, width }: PNG, x: number, y: number): boolean {
  return (data[(y * width + x) * 4 + 3] ?? 0) > 100;
}

/** Pixels, in Gemini's order. */
function boxOf(picture: PNG): Edges {
  let [top, left, bottom, right] = [picture.height, picture.width, 0, 0];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      if (!opaque(picture, x, y)) continue;
      [top, left, bottom, right] = [Math.min(top, y), Math.min(left, x), Math.max(bottom, y + 1), Math.max(right, x + 1)];
    }
  }
  return [top, left, bottom, right];
}

/** The part of the picture in the box, stretched to 256 x 256, white where there is something: base64 of a grey PNG. */
function maskOf(picture: PNG, [top, left, bottom, right]: Edges): string {
  const side = 256;
  const mask = new PNG({ width: side, height: side, colorType: 0, inputColorType: 0, bitDepth: 8, inputHasAlpha: false });
  mask.data = Buffer.from(
    Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [at % side, Math.floor(at / side)];
      const columns = pixels(left + (x / side) * (right - left), left + ((x + 1) / side) * (right - left));
      const rows = pixels(top + (y / side) * (bottom - top), top + ((y + 1) / side) * (bottom - top));
      return rows.some((row) => columns.some((column) => opaque(picture, column, row))) ? 255 : 0;
    }),
  );
  return PNG.sync.write(mask, { colorType: 0, inputColorType: 0, inputHasAlpha: false, deflateLevel: 9 }).toString('base64');
}

/** The pixels that lie at least partly between two places. */
function pixels(from: number, to: number): number[] {
  const first = Math.floor(from);
  return Array.from({ length: Math.ceil(to) - first }, (_, at) => first + at);
}
