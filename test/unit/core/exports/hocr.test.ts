import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import type { ExportImage } from '../../../../src/core/exports/exportImage.ts';
import type { Detection } from '../../../../src/core/inspection/inspection.ts';
import { makeInspection } from '../../../../src/core/reply/makeInspection.ts';
import { exportedFiles } from '../../../fixtures/exportedFiles.ts';

const NAME = 'a "b" <c>.png';
const REPLY = JSON.stringify([
  { box_2d: [0, 0, 100, 500], label: 'Fish & <b>Chips</b> "5"' },
  {
    box_2d: [200, 100, 800, 150],
    label: 'up',
    mask: [
      [100, 800],
      [100, 200],
      [150, 200],
      [150, 800],
    ],
  },
]);

function image(): ExportImage {
  const size = { width: 400, height: 200 };
  const inspection = makeInspection(
    {
      id: 'a',
      task: 'readText',
      createdAt: '2026-11-28T12:00:00.000Z',
      prompt: '',
      model: 'gemini-3.8-flash',
      images: [],
      contexts: [{ imageIndex: 0, ...size, toImage: IDENTITY }],
      estimatedImageTokens: 0,
    },
    { text: REPLY, finishReason: 'STOP', blockedCategories: [], cut: false },
  );
  const detections = inspection.detections as Detection[];
  return {
    ...size,
    name: NAME,
    listedAs: NAME,
    path: NAME,
    stem: 'abc',
    inspection,
    detections,
    maskThreshold: 127,
    labelOrder: new Map(),
  };
}

test('hOCR has a page with its lines, boxes in upright pixels, words that stay words', () => {
  const [file] = exportedFiles('hocr', [image()]);
  assert.equal(file?.path, 'abc.hocr');
  const elements = all(parseXml(file?.text ?? '').root as XmlElement);
  const [page, ...pages] = elements.filter(({ attributes }) => attributes.class === 'ocr_page');
  assert.equal(pages.length, 0);
  assert.equal(page?.attributes.title, 'image "a \\"b\\" <c>.png"; bbox 0 0 400 200; ppageno 0');
  assert.deepEqual(
    elements.filter(({ attributes }) => attributes.class === 'ocr_line').map(({ attributes, text }) => [attributes.title, text]),
    [
      ['bbox 0 0 200 20', 'Fish & <b>Chips</b> "5"'],
      ['bbox 40 40 60 160; textangle 90', 'up'],
    ],
  );
});

function all(element: XmlElement): XmlElement[] {
  return [element, ...element.children.filter((child) => child instanceof XmlElement).flatMap(all)];
}
