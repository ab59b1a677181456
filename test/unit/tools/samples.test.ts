import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { PROJECT } from '../../tools/project.ts';
import type { SampleFacts } from '../../tools/sampleAnswers.ts';

const fixtures = join(PROJECT, 'test/fixtures');
const facts = JSON.parse(readFileSync(join(fixtures, 'samples.json'), 'utf8')) as Record<string, SampleFacts>;

test('what is known of the samples is about the pictures as they are', () => {
  const hashes = readdirSync(join(fixtures, 'samples')).map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(fixtures, 'samples', name)))
      .digest('hex'),
  ]);
  assert.deepEqual(
    hashes.sort(),
    Object.entries(facts)
      .map(([hash, { file }]) => [file, hash])
      .sort(),
  );
});

test('samples are small', () => {
  for (const { file } of Object.values(facts)) assert.ok(statSync(join(fixtures, 'samples', file)).size < 150_000, file);
});

test('every object of the samples has a box and a mask that fills it from edge to edge', () => {
  for (const { file, detections } of Object.values(facts)) {
    for (const { label, box_2d, mask } of detections) {
      const [top = -1, left = -1, bottom = -1, right = -1] = box_2d;
      assert.ok(0 <= top && top < bottom && bottom <= 1000 && 0 <= left && left < right && right <= 1000, `${file}: ${label}`);
      const { width, height, data } = PNG.sync.read(Buffer.from(mask, 'base64'));
      assert.deepEqual([width, height], [256, 256]);
      const isWhite = (x: number, y: number): boolean => data[(y * 256 + x) * 4] === 255;
      const places = Array.from({ length: 256 }, (_, at) => at);
      for (const edge of [0, 255]) {
        assert.ok(
          places.some((at) => isWhite(at, edge)) && places.some((at) => isWhite(edge, at)),
          `${file}: ${label} does not reach its box`,
        );
      }
    }
  }
});
