import type { Size } from '../../core/base/geometry.ts';
import { labelOrder } from '../../core/drawing/palette.ts';
import type { Box, Detection, Inspection } from '../../core/inspection/inspection.ts';
import { memorySource, readWhole } from '../../imaging/reading/byteSource.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import { boxIn } from '../checking/places.ts';
import type { Job } from '../sending/job.ts';
import type { ImagePreparer } from '../task/imagePreparer.ts';

/** A picture that goes back to an agent: upright, without metadata, with covered areas black. */
export interface ToolPicture extends Size {
  data: Uint8Array;
  mimeType: 'image/png' | 'image/jpeg' | 'image/webp';
}

/**
 * Pixels of a picture that cost an agent one token. Agents count differently; none of the common rules takes more for a picture of some size.
 * Source: platform.claude.com/docs/en/build-with-claude/vision, tokens = width * height / 750.
 */
const PIXELS_A_TOKEN = 750;

/** What making such pictures takes. */
export interface PictureParts {
  preparer: Pick<ImagePreparer, 'prepare'>;
  worker: Pick<ImageWorker, 'draw'>;
}

/** A part of an image, or all of it, so large that it costs at most so many tokens. `region`: fractions of the upright image. Rejects like `ImagePreparer.prepare`. */
export async function croppedPicture(
  { preparer, worker }: PictureParts,
  address: string,
  { region, upright, maxTokens }: { region?: Box | undefined; upright: Size; maxTokens: number },
  job: Job,
): Promise<ToolPicture> {
  const maxDimension = longestSide(shownSize(upright, region), maxTokens);
  const { image, body } = await preparer.prepare(address, { maxDimension, ...(region === undefined ? {} : { region }) }, job);
  const { width, height } = image.stored;
  if (image.mimeType === 'image/png' || image.mimeType === 'image/jpeg' || image.mimeType === 'image/webp')
    return { data: await readWhole(body), mimeType: image.mimeType, width, height };
  // No agent is known to see HEIC.
  return { data: await worker.draw(body, { kind: 'whole' }, job.signal), mimeType: 'image/png', width, height };
}

/** An image with the objects of a result drawn over it; of an image of which a part was looked at, that part. */
export async function annotatedPicture(
  { preparer, worker }: PictureParts,
  address: string,
  { inspection, region, upright, maxTokens }: { inspection: Inspection; region?: Box | undefined; upright: Size; maxTokens: number },
  job: Job,
): Promise<ToolPicture> {
  const maxDimension = longestSide(shownSize(upright, region), maxTokens);
  const { image, body } = await preparer.prepare(address, { maxDimension, ...(region === undefined ? {} : { region }) }, job);
  const { width, height } = image.stored;
  const detections = (inspection.detections ?? []).flatMap((object): Detection[] => {
    const box = boxIn(object, image.toImage);
    if (box === undefined) return [];
    const pixelBox = { x: box.x * width, y: box.y * height, width: box.width * width, height: box.height * height };
    const { id, label, imageIndex } = object;
    return [{ id, label, imageIndex, box, pixelBox }];
  });
  const drawn = {
    width,
    height,
    name: '',
    listedAs: '',
    path: '',
    stem: '',
    inspection,
    detections,
    maskThreshold: 127,
    labelOrder: labelOrder([inspection], inspection),
  };
  const whole = memorySource(await readWhole(body));
  return { data: await worker.draw(whole, { kind: 'overlay', image: drawn }, job.signal), mimeType: 'image/png', width, height };
}

/** Pixels of the longer side of a picture of that form which costs at most so many tokens; never more than it has. */
export function longestSide({ width, height }: Size, maxTokens: number): number {
  const scale = Math.min(1, Math.sqrt((maxTokens * PIXELS_A_TOKEN) / (width * height)));
  return Math.max(1, Math.floor(scale * Math.max(width, height)));
}

function shownSize({ width, height }: Size, region: Box | undefined): Size {
  return region === undefined ? { width, height } : { width: region.width * width, height: region.height * height };
}
