import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { InspectedImage, Inspection } from '../../core/inspection/inspection.ts';
import { labeledInspection } from '../../core/labels/labeledInspection.ts';
import { Scorer } from '../../core/scoring/evaluate.ts';
import { type ConfusionCell, cellEntries, cellKey } from '../../core/scoring/objectCells.ts';
import { scoredImage } from '../../core/scoring/scoredImage.ts';
import { type SetEvaluation, SetScorer } from '../../core/scoring/setScorer.ts';
import type { SetLine, SetRow } from '../../core/sets/inspectionSet.ts';
import { inTurns } from '../../engine/files/inTurns.ts';
import type { Reading } from '../../engine/labels/readLabels.ts';
import type { ImageLabels } from './labelFiles.ts';
import { type FindLabels, labelsOfMany } from './manyLabels.ts';

/** What of a set is compared: an `OpenSet`. */
export interface ScorableSet {
  rows(): readonly SetRow[];
  lines(isWanted: (row: SetRow) => boolean, options: { asAnswered: true }): AsyncIterable<SetLine>;
}

/** An image that is shown against its labels. */
export interface ScoredOpening {
  labels: Inspection;
  /** Ids of the objects that are asked for; unset: all. */
  objects?: { found: string[]; truth: string[] };
}

/** A set that was compared with its labels. */
export interface SetScore extends SetEvaluation {
  /** Images with a result that were not compared: without labels, and with labels that cannot be read. */
  without: number;
  unreadable: number;
  /** An image of it against its labels; `cell`: only the objects of that one. */
  open(uri: string, result: Inspection, cell: ConfusionCell | undefined): Promise<ScoredOpening | undefined>;
}

/**
 * Compares all results of a set that have objects with the labels of their images. `file`: of the labels; without one they are looked for. Rejects with `notFound`
 * where no image has labels, and as the first file that cannot be read where none can.
 */
export async function scoreSet(set: ScorableSet, file: vscode.Uri | undefined, iou: number, reading: Reading): Promise<SetScore> {
  const half = (share: number) => reading.progress?.(share / 2);
  const labelsOf = await labelsOfMany(file, { ...reading, progress: half });
  const places = new Map(set.rows().map(({ key }, place) => [key, place]));
  const scorer = new SetScorer(iou);
  const counts = { without: 0, unreadable: 0 };
  let failure: unknown;
  let done = 0;
  for await (const { key, uri, inspection } of set.lines(({ state }) => state === 'done', { asAnswered: true })) {
    reading.signal?.throwIfAborted();
    reading.progress?.(0.5 + (0.5 * ++done) / places.size);
    const image = inspection?.detections === undefined ? undefined : inspection.images[0];
    if (inspection === undefined || image === undefined) continue;
    try {
      const labels = await labelsOf(vscode.Uri.parse(uri));
      if (labels === undefined) counts.without += 1;
      else scorer.add(places.get(key) ?? 0, scoredImage(key, labelsAs(labels, image), inspection));
    } catch (error) {
      reading.signal?.throwIfAborted();
      counts.unreadable += 1;
      failure ??= error;
    }
  }
  if (scorer.images === 0) throw failure ?? noLabels(t('No image of the set has labels.'));
  const id = randomUUID();
  return {
    ...(await inTurns(scorer.ending(), reading.signal)),
    ...counts,
    open: (uri, result, cell) => opening(labelsOf, { id, uri, iou, result, cell }),
  };
}

async function opening(
  labelsOf: FindLabels,
  { id, uri, iou, result, cell }: { id: string; uri: string; iou: number; result: Inspection; cell: ConfusionCell | undefined },
): Promise<ScoredOpening | undefined> {
  const image = result.images[0];
  const read = image && (await labelsOf(vscode.Uri.parse(uri)));
  if (image === undefined || read === undefined) return undefined;
  // The same each time: an image that is opened again has its labels once.
  const labels = labelsAs(read, image, `${id} ${image.sha256}`);
  if (cell === undefined) return { labels };
  const scored = scoredImage('', labels, result);
  const wanted = cellEntries(scored, new Scorer(iou).add(scored)).filter((entry) => cellKey(entry) === cellKey(cell));
  return { labels, objects: { found: wanted.flatMap(({ found }) => found ?? []), truth: wanted.flatMap(({ truth }) => truth ?? []) } };
}

/** The labels of an image as a result of it. */
export function labelsAs(
  { image: labels, read }: ImageLabels,
  { uri, sha256, mimeType, width, height }: InspectedImage,
  id: string = randomUUID(),
): Inspection {
  const image = { uri, sha256, mimeType, width, height };
  return labeledInspection(labels, read, { id, createdAt: new Date().toISOString(), image });
}

/** The failure for images without labels. */
export function noLabels(detail: string): InspectorError {
  return new InspectorError('notFound', t('No labels were found.'), { detail });
}
