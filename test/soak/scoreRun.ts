import { evaluate } from '../../src/core/scoring/evaluate.ts';
import { scoredImages } from '../fixtures/scoredImages.ts';
import { comparable, differences, naiveScore } from './naiveScore.ts';

const IOUS = [0.5, 0.5, 0.75, 0.3];

/** Where the two ways to compare a made-up set differ, by its number. */
export function scoreDifferences(seed: number): string[] {
  const images = scoredImages(seed);
  const iou = IOUS[seed % IOUS.length] ?? 0.5;
  // In which order images come makes no difference.
  const shuffled = seed % 2 === 0 ? images : images.toReversed();
  return differences(comparable(evaluate(shuffled, { iou })), naiveScore(images, iou));
}
