import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Box } from '../../../../src/core/inspection/inspection.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { decoded, type Encoding, encoded, portrait, storedWith } from '../../../fixtures/pictures.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';
import { ToolWorld } from './toolWorld.ts';

let world: ToolWorld;
before(async () => {
  world = await ToolWorld.start();
});
after(() => world.stop());

const FORMATS: readonly Encoding['format'][] = ['jpeg', 'png', 'webp', 'tiff', 'webpLossless'];
const random = pseudoRandom(17);

/** Twenty pictures of all formats, sizes and ways to be stored, each with what is in it: rectangles in pixels of the upright picture. */
const PICTURES = Array.from({ length: 20 }, (_, index) => {
  const width = 120 + Math.floor(random() * 1100);
  const height = 120 + Math.floor(random() * 1100);
  const annotations = Array.from({ length: 3 }, (_, place) => {
    const x = Math.floor(random() * width * 0.6);
    const y = Math.floor(random() * height * 0.6);
    const box = {
      x,
      y,
      width: 20 + Math.floor(random() * (width * 0.9 - x - 20)),
      height: 20 + Math.floor(random() * (height * 0.9 - y - 20)),
    };
    return { label: `thing ${place}`, box };
  });
  const orientation = (index % 8) + 1;
  const maxTokens = [64, 300, 1600, 700][index % 4] as number;
  return { name: `${index}.image`, width, height, annotations, orientation, maxTokens, format: FORMATS[index % FORMATS.length] ?? 'png' };
});

/** As a model says it: thousandths, from top and left. */
function replyOf({ width, height, annotations }: (typeof PICTURES)[number]): string {
  const thousandths = (pixels: number, whole: number) => Math.round((pixels * 1000) / whole);
  return JSON.stringify(
    annotations.map(({ label, box }) => ({
      label,
      box_2d: [
        thousandths(box.y, height),
        thousandths(box.x, width),
        thousandths(box.y + box.height, height),
        thousandths(box.x + box.width, width),
      ],
    })),
  );
}

suite('twenty annotated pictures', () => {
  for (const picture of PICTURES) {
    const { name, width, height, annotations, orientation, maxTokens, format } = picture;
    test(`${width} × ${height}, ${format}, stored with orientation ${orientation}: places are the inspector's, and the picture costs at most ${maxTokens} tokens`, async () => {
      await writeFile(join(world.folder, name), await encoded(storedWith(orientation, portrait(width, height)), { format, orientation }));
      const { runner, tools } = world.make();
      world.server.respondWith({ text: replyOf(picture) }, { text: replyOf(picture) });
      const call = { task: 'detect', images: [world.addressOf(name)], query: 'things', options: {} } as const;
      const { detections = [] } = await runner.inspect(call, new Job(), () => undefined);
      const { answer, picture: drawn } = await tools.call('locate', { path: name, query: 'things', maxTokens });
      assert.deepEqual(answer.image, { path: name, width, height });
      const objects = answer.objects as { label: string; box: Box }[];
      assert.deepEqual(
        objects,
        detections.map(({ label, pixelBox }) => ({ label, box: pixelBox })),
      );
      assert.deepEqual(
        objects.map(({ label }) => label),
        annotations.map(({ label }) => label),
      );
      // A thousandth is the model's own unit: half of one at each edge, and half a pixel.
      for (const [index, { box }] of annotations.entries())
        for (const [side, whole] of [
          ['x', width],
          ['y', height],
          ['width', width],
          ['height', height],
        ] as const)
          assert.ok(Math.abs(box[side] - (objects[index]?.box[side] ?? Number.NaN)) <= whole / 1000 + 1, `${side} of ${index}`);
      assert.ok(drawn !== undefined);
      const seen = await decoded(drawn.data);
      assert.deepEqual([seen.width, seen.height], [drawn.width, drawn.height]);
      assert.ok(seen.width * seen.height <= maxTokens * 750, `${seen.width} × ${seen.height}`);
      const cropped = await tools.call('crop', { path: name, region: { x: 0, y: 0, width, height }, maxTokens });
      const plain = await decoded(cropped.picture?.data ?? new Uint8Array());
      assert.deepEqual([plain.width, plain.height], [seen.width, seen.height]);
      for (const { box } of objects) assert.ok(hasLineAt(box, seen, plain, seen.width / width), JSON.stringify(box));
    });
  }
});

type Pixels = Awaited<ReturnType<typeof decoded>>;

/** True where the drawn picture differs from the plain one along most of the right edge of a box; the tags of labels stand at the left. */
function hasLineAt({ x, y, width, height }: Box, drawn: Pixels, plain: Pixels, scale: number): boolean {
  const right = Math.round((x + width) * scale);
  let found = 0;
  let rows = 0;
  for (let row = Math.ceil((y + height * 0.2) * scale); row < (y + height * 0.8) * scale; row++) {
    rows += 1;
    const differs = [right - 2, right - 1, right, right + 1].some((column) => {
      const at = (row * drawn.width + column) * 3;
      return [0, 1, 2].some((channel) => Math.abs((drawn.rgb[at + channel] ?? 0) - (plain.rgb[at + channel] ?? 0)) > 40);
    });
    if (differs) found += 1;
  }
  return rows > 0 && found > rows / 2;
}
