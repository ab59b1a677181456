import type { Inspection, SentBody } from '../inspection/inspection.ts';
import { modelInfo } from '../models/models.ts';
import { DECISION_MODEL } from '../models/modelTable.ts';
import { estimateImageTokens, estimateTextTokens } from '../usage/tokens.ts';
import { CHECKED_SIDE, checkRequest, enlarged, MOST_QUESTIONS, NUMBERED, objectsToEnlarge } from './decision.ts';
import { sentSize } from './sentSize.ts';

/** Input tokens of a check of an inspection's objects, by what the inspection says of its images: they are not read, so this is about right at best. */
export function estimateCheck({ images, detections = [] }: Pick<Inspection, 'images' | 'detections'>): number {
  const info = modelInfo(DECISION_MODEL, new Date());
  const asked = detections.filter(({ point }) => point === undefined).slice(0, MOST_QUESTIONS);
  let tokens = estimateTextTokens(JSON.stringify(checkRequest(asked, []).questions));
  for (const [index, image] of images.entries()) {
    const objects = asked.filter(({ imageIndex }) => imageIndex === index);
    if (objects.length === 0) continue;
    const { region = { x: 0, y: 0, width: 1, height: 1 } }: Partial<SentBody> = image.sent ?? {};
    const size = sentSize({ mimeType: image.mimeType, upright: image }, { maxDimension: CHECKED_SIDE, region });
    const inSent = objects.map(({ box }) => ({ box: { ...box, width: box.width / region.width, height: box.height / region.height } }));
    // The tokens of a part depend on its form alone; that of a whole is near enough.
    const pictures = [NUMBERED, ...objectsToEnlarge(inSent).map(() => enlarged('1'))];
    for (const words of pictures) tokens += estimateImageTokens(size, info, 'default').tokens + estimateTextTokens(words);
  }
  return tokens;
}
