import type { Detection, Inspection } from '../inspection/inspection.ts';
import type { ScoredImage, ScoredObject } from './evaluation.ts';

/** Labels of an image and a result of it, as they are compared. Points have no area, and do not take part. */
export function scoredImage(key: string, labels: Inspection, result: Inspection): ScoredImage {
  return { key, truth: objectsOf(labels), found: objectsOf(result) };
}

/** In pixels, so that boxes keep their proportions. */
function objectsOf({ images, detections = [] }: Inspection): ScoredObject[] {
  const { width = 1, height = 1 } = images[0] ?? {};
  return detections.map(({ id, label, box, confidence, crowd }: Detection) => {
    const object: ScoredObject = {
      id,
      label,
      box: { x: box.x * width, y: box.y * height, width: box.width * width, height: box.height * height },
    };
    // Sets have many objects, most of them with neither: spreading would take several times as long.
    if (confidence !== undefined) object.confidence = confidence;
    if (crowd !== undefined) object.crowd = crowd;
    return object;
  });
}
