import { isRecord } from '../base/shape.ts';
import { decodeBase64 } from '../masks/base64.ts';

/** The answer of the mask engine about one thing. */
export interface MaskAnswer {
  /** A picture of any type in which the thing is white; undefined where none was found. */
  mask?: Uint8Array;
  /** From 0 to 1. */
  confidence?: number;
}

/**
 * The best of the masks that an answer holds, as the SDK gives it: by its score, else the first.
 * @throws Error if a mask is no base64.
 */
export function readMaskAnswer(answer: unknown): MaskAnswer {
  const masks = isRecord(answer) && Array.isArray(answer.generatedMasks) ? answer.generatedMasks.filter(isRecord) : [];
  const found = masks.flatMap(({ mask, labels }) => {
    const bytes = isRecord(mask) ? mask.imageBytes : undefined;
    return typeof bytes === 'string' && bytes !== '' ? [{ bytes, confidence: scoreIn(labels) }] : [];
  });
  const [best] = found.toSorted((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1));
  if (best === undefined) return {};
  const { bytes, confidence } = best;
  return { mask: decodeBase64(bytes), ...(confidence === undefined ? {} : { confidence }) };
}

/** The highest score of the labels of a mask. */
function scoreIn(labels: unknown): number | undefined {
  const scores = (Array.isArray(labels) ? labels : []).flatMap((label) => {
    const score = isRecord(label) ? label.score : undefined;
    return typeof score === 'number' && score >= 0 && score <= 1 ? [score] : [];
  });
  return scores.length === 0 ? undefined : Math.max(...scores);
}
