/**
 * Has pycocotools compare the sets of test/fixtures/scoredImages.ts, and stores its figures, so that the tests need no Python:
 * `node test/tools/cocoFigures.ts PYTHON`, a Python with pycocotools installed from its registry.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { labelKey } from '../../src/core/base/labelKey.ts';
import type { ScoredImage } from '../../src/core/scoring/evaluation.ts';
import { countedObjects } from '../../src/core/scoring/matchImage.ts';
import { scoredImages } from '../fixtures/scoredImages.ts';

const SETS = 150;
const FIGURES = new URL('../fixtures/cocoFigures.json', import.meta.url);
const PROGRAM = `
import contextlib, io, json, sys
from importlib.metadata import version
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

def figures(data):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = data['truth']
        truth.createIndex()
        found = truth.loadRes(data['found']) if data['found'] else COCO()
        if not data['found']:
            found.dataset = dict(data['truth'], annotations=[])
            found.createIndex()
        run = COCOeval(truth, found, 'bbox')
        run.evaluate()
        run.accumulate()
    mean = lambda values: float(values[values > -1].mean()) if (values > -1).any() else 0.0
    precision = run.eval['precision'][:, :, :, 0, 2]
    right = wrong = 0
    for one in run.evalImgs:
        if one is None or one['aRng'] != run.params.areaRng[0]:
            continue
        hits, ignored = one['dtMatches'][0] > 0, one['dtIgnore'][0] > 0
        right += int((hits & ~ignored).sum())
        wrong += int((~hits & ~ignored).sum())
    return {'ap': mean(precision), 'ap50': mean(precision[0]), 'right': right, 'wrong': wrong,
            'labels': {c['name']: [mean(precision[:, :, k]), mean(precision[0, :, k])] for k, c in enumerate(data['truth']['categories'])}}

sets = json.load(sys.stdin)
print(json.dumps({'by': 'pycocotools ' + version('pycocotools'), 'sets': [figures(one) for one in sets]}))
`;

/** As pycocotools takes it. An id of 0 is taken for none there; of an image only what counts, since it counts 100 objects of each label. */
function cocoOf(all: readonly ScoredImage[]) {
  const images = all.map((image) => ({ ...image, found: countedObjects(image.found).counted }));
  const names = [...new Set(images.flatMap(({ truth, found }) => [...truth, ...found].map(({ label }) => labelKey(label))))].toSorted();
  const bbox = ({ x, y, width, height }: ScoredImage['truth'][number]['box']) => [x, y, width, height];
  const objects = (which: 'truth' | 'found') =>
    images.flatMap((image, index) =>
      image[which].map(({ label, box, confidence, crowd }) => ({
        image_id: index + 1,
        category_id: names.indexOf(labelKey(label)) + 1,
        bbox: bbox(box),
        ...(which === 'found' ? { score: confidence ?? 0 } : { area: box.width * box.height, iscrowd: crowd ? 1 : 0 }),
      })),
    );
  return {
    truth: {
      info: {},
      images: images.map((_, index) => ({ id: index + 1 })),
      categories: names.map((name, index) => ({ id: index + 1, name })),
      annotations: objects('truth').map((object, index) => ({ id: index + 1, ...object })),
    },
    found: objects('found'),
  };
}

const python = process.argv[2] ?? 'python3';
const sets = Array.from({ length: SETS }, (_, seed) => cocoOf(scoredImages(seed)));
const figures = execFileSync(python, ['-c', PROGRAM], { input: JSON.stringify(sets), maxBuffer: 1e9 });
writeFileSync(FIGURES, `${JSON.stringify(JSON.parse(figures.toString()))}\n`);
