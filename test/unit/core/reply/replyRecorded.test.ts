import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { readText } from '../../../../src/core/reply/text.ts';
import { fenced, read, readInChunks } from '../../../fixtures/replies/make.ts';

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
const folder = corpus === undefined ? '' : join(corpus, 'replies');
const skip = existsSync(folder) ? false : 'IMAGE_INSPECTOR_CORPUS is not set: recorded replies are not tested';

/** Found by something simpler than the parser: one object a line. */
function linesWithItems(text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter((line) => line.trimStart().startsWith('{"'));
  return lines.map((line) => JSON.parse(line.trim().replace(/,$/, '')) as Record<string, unknown>);
}

function recordings(): { name: string; text: string; items: Record<string, unknown>[] }[] {
  return readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return { name, text, items: linesWithItems(text) };
  });
}

test('every recorded reply gives all its objects, and drops nothing', { skip }, () => {
  let objects = 0;
  for (const { name, text, items } of recordings()) {
    const found = read(text);
    assert.deepEqual(found.dropped, [], name);
    assert.equal(found.jsonComplete, true, name);
    assert.deepEqual(
      found.detections.map((detection) => detection.label),
      items.map((recorded) => recorded.label),
      name,
    );
    for (const [index, recorded] of items.entries()) {
      const detection = found.detections[index];
      const { x = 0, y = 0, width = 0, height = 0 } = detection?.pixelBox ?? {};
      const box = recorded.box_2d ?? [...(recorded.point as number[]), ...(recorded.point as number[])];
      assert.deepEqual([y, x, y + height, x + width], box, `${name}: ${detection?.label}`);
    }
    objects += items.length;
  }
  assert.ok(objects >= 50, `${objects} objects`);
});

test('recorded masks are the bytes that came, decoded like an independent reader does', { skip }, () => {
  let masks = 0;
  for (const { items, text } of recordings()) {
    for (const [index, detection] of read(text).detections.entries()) {
      const sent = items[index]?.mask;
      if (typeof sent !== 'string') {
        assert.equal(detection.mask, undefined);
        continue;
      }
      assert.ok(detection.mask?.kind === 'bitmap');
      assert.equal(`data:image/png;base64,${detection.mask.png}`, sent);
      const independent = PNG.sync.read(Buffer.from(detection.mask.png, 'base64'));
      const { width, height, data } = decodeMask(detection.mask.png);
      assert.deepEqual([width, height], [independent.width, independent.height]);
      assert.deepEqual([detection.mask.width, detection.mask.height], [width, height]);
      assert.deepEqual(
        data,
        Uint8Array.from({ length: width * height }, (_, pixel) => independent.data[pixel * 4] ?? 0),
      );
      masks++;
    }
  }
  assert.ok(masks >= 15, `${masks} masks`);
});

test('recorded replies cut anywhere keep every complete object', { skip }, () => {
  for (const { name, text } of recordings().filter((recording) => recording.text.length < 5000)) {
    const whole = read(text).detections;
    for (let end = 0; end < text.length; end++) {
      const complete = linesWithItems(text.slice(0, text.lastIndexOf('}', end - 1) + 1)).length;
      assert.deepEqual(read(text.slice(0, end)).detections, whole.slice(0, complete), `${name} cut at ${end}`);
    }
  }
});

test('recorded replies say the same in pieces, with a thought before and with a fence around', { skip }, () => {
  for (const { name, text } of recordings()) {
    const whole = read(text);
    assert.deepEqual(readInChunks(text, [1024]).found, whole, name);
    assert.deepEqual(readInChunks(text, [3, 50]).found, whole, name);
    assert.deepEqual(read(`thought\nLet's see [boxes].\n${text}`), whole, name);
    if (!text.includes('```')) {
      assert.deepEqual(read(fenced(text)), whole, name);
    }
  }
});

test('recorded answers in words give words, and as detections they are never a silent nothing', { skip }, () => {
  const words = readdirSync(join(corpus ?? '', 'firebase')).filter((name) => name.endsWith('.json'));
  let answers = 0;
  for (const name of words) {
    const reply = JSON.parse(readFileSync(join(corpus ?? '', 'firebase', name), 'utf8')) as Reply;
    const text = (reply.candidates?.[0]?.content?.parts ?? []).map((part) => part.text ?? '').join('');
    assert.ok(text.includes(readText(text)));
    const found = read(text);
    assert.deepEqual(found.detections, [], name);
    assert.ok(found.dropped.length >= 1 && !found.empty, name);
    answers += text === '' ? 0 : 1;
  }
  assert.ok(answers >= 5, `${answers} answers`);
});

interface Reply {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}
