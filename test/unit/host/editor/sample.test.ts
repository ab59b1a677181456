import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { PROJECT } from '../../../tools/project.ts';
import { sampleInspections } from '../../../tools/sampleInspections.ts';

const read = async (path: string) => readFile(join(PROJECT, path));
const json = async (path: string) => JSON.parse((await read(path)).toString());
const written = (await json('media/sample/inspections.json')) as Inspection[];

test('the sample that is shipped is made of what is true of its picture', async () => {
  assert.deepEqual(written, JSON.parse(JSON.stringify(sampleInspections())), 'run test/tools/writeSample.ts');
  const picture = await read('media/sample/Sample.png');
  for (const { images } of written) {
    assert.equal(images.length, 1);
    assert.equal(images[0]?.sha256, createHash('sha256').update(picture).digest('hex'));
  }
});

test('the sample has a caption, boxes and, shown first, masks', () => {
  assert.deepEqual(
    written.map(({ task }) => task),
    ['caption', 'detect', 'segment'],
  );
  const [caption, detected, segmented] = written;
  assert.match(caption?.text ?? '', /street/);
  assert.ok((detected?.detections?.length ?? 0) >= 10);
  assert.equal(segmented?.detections?.length, detected?.detections?.length);
  for (const { label, mask } of segmented?.detections ?? []) {
    assert.ok(mask?.kind === 'bitmap', label);
    const { width, height, data } = decodeMask(mask.png);
    const filled = data.filter((value) => value > 127).length;
    assert.ok(filled > 0 && filled < width * height, `${label} is neither empty nor the whole box`);
  }
});

test('the sample does not pass for an answer of Gemini', () => {
  for (const { model, modelVersion, images, tokens, complete, dropped } of written) {
    assert.equal(model, 'sample');
    assert.equal(modelVersion, undefined);
    assert.equal(images[0]?.sent?.bytes, 0);
    assert.deepEqual(Object.keys(tokens), ['estimated']);
    assert.equal(complete, true);
    assert.deepEqual(dropped, []);
  }
});

test('the walkthrough has pictures that are shipped, and its buttons and ends are commands of ours', async () => {
  const { contributes } = await json('package.json');
  const words = await json('package.nls.json');
  const commands = contributes.commands.map(({ command }: { command: string }) => command);
  const shipped = (await read('.vscodeignore')).toString();
  const [{ id, steps }] = contributes.walkthroughs;
  assert.equal(id, 'imageInspector.start');
  assert.equal(steps.length, 3);
  for (const { description, media, completionEvents } of steps) {
    assert.match((await read(media.svg)).toString(), /^<svg /);
    assert.ok(shipped.includes('!media/walkthrough/*'));
    assert.ok(words[media.altText.replaceAll('%', '')].length > 20);
    const links = [...words[description.replaceAll('%', '')].matchAll(/\(command:([^)]+)\)/g)].map((match) => match[1]);
    const ends = completionEvents.filter((event: string) => event.startsWith('onCommand:')).map((event: string) => event.slice(10));
    assert.ok(links.length > 0);
    for (const command of [...links, ...ends]) assert.ok(commands.includes(command), command);
  }
});
