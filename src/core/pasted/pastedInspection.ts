import { InspectorError } from '../base/failure.ts';
import { formatBytes } from '../base/format.ts';
import { IDENTITY } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import type { InspectedImage, Inspection } from '../inspection/inspection.ts';
import { unaskedInspection } from '../inspection/unaskedInspection.ts';
import { replyInWords } from '../reply/answerInWords.ts';
import { type ReadDetections, readDetections } from '../reply/detections.ts';
import { type Answer, answersIn } from './answersIn.ts';
import { holdsPlaces } from './replyKeys.ts';

/** In characters: a reply with many masks has a tenth of it. */
export const LONGEST_PASTED = 16_000_000;

/** What is known of a pasted reply besides its text. */
export interface PastedFacts {
  id: string;
  /** ISO 8601 */
  createdAt: string;
  /** Nothing of it was sent. */
  image: Omit<InspectedImage, 'sent'>;
}

/**
 * The inspection of a reply that was not asked for here: what its text has of boxes, points and outlines. Its places are taken as relative to the whole image,
 * 0 to 1000, unless the form of the text says otherwise. Throws `unreadableFile`, saying why, where there is nothing to draw.
 */
export function pastedInspection(text: string, { id, createdAt, image }: PastedFacts): Inspection {
  const { answer, read } = bestAnswer(text, image);
  const { detections, dropped, jsonComplete } = read;
  const { finishReason = 'STOP' } = answer;
  return unaskedInspection({
    id,
    createdAt,
    source: 'pasted',
    images: [image],
    detections,
    dropped,
    ...(answer.finishReason === undefined ? {} : { finishReason }),
    complete: jsonComplete && finishReason === 'STOP',
    raw: answer.text,
  });
}

/** Throws as {@link pastedInspection} does, before an image is chosen. */
export function assertHasPlaces(text: string): void {
  bestAnswer(text, { width: 1000, height: 1000 });
}

interface ReadAnswer {
  answer: Answer;
  read: ReadDetections;
}

/** The first that was read without loss, else the one with the most objects. */
function bestAnswer(text: string, { width, height }: { width: number; height: number }): ReadAnswer {
  if (text.trim() === '') throw nothingToDraw(t('The text is empty.'));
  if (text.length > LONGEST_PASTED) throw nothingToDraw(t('It is longer than {0}.', formatBytes(LONGEST_PASTED)));
  let best: ReadAnswer | undefined;
  let first: ReadAnswer | undefined;
  for (const answer of answersIn(text)) {
    const read = readDetections(answer.text, { imageIndex: 0, width, height, toImage: IDENTITY });
    first ??= { answer, read };
    if (read.detections.length > (best?.read.detections.length ?? 0)) best = { answer, read };
    if (read.detections.length > 0 && read.dropped.length === 0) break;
  }
  if (best !== undefined) return best;
  if (first !== undefined && !holdsPlaces(first.answer.text) && replyInWords(first.answer.text) !== undefined)
    throw nothingToDraw(t('It has words, and no list of objects.'));
  throw nothingToDraw(first?.read.dropped[0]?.reason ?? t('It is an empty list: nothing was found in the image.'));
}

function nothingToDraw(why: string): InspectorError {
  return new InspectorError('unreadableFile', t('There is nothing to draw in this text.'), {
    detail: `${why} ${t('A reply to draw has "box_2d", "point", "mask" or "polygon".')}`,
  });
}
