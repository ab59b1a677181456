import { nameOfAddress } from '../../core/base/addresses.ts';
import { changed, type FailureReason, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Detection, Inspection, MaskEngineUse } from '../../core/inspection/inspection.ts';
import { modelInfo } from '../../core/models/models.ts';
import { MOST_SEGMENTED, SEGMENTATION_MODEL, segmentationRequest } from '../../core/request/segmentation.ts';
import { estimateImageTokens, estimateTextTokens } from '../../core/usage/tokens.ts';
import type { MaskPart } from '../../imaging/pixels/maskPart.ts';
import { memorySource } from '../../imaging/reading/byteSource.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import { boxIn } from '../checking/places.ts';
import type { Job } from '../sending/job.ts';
import type { UnroutedRequest } from '../sending/outgoing.ts';
import type { Sender } from '../sending/sender.ts';
import { type ImagePreparer, inspectedImage, type PreparedImage } from '../task/imagePreparer.ts';
import type { Refine } from '../task/taskRunner.ts';
import { cropOf, largest } from './crop.ts';

/** What asking for masks takes from outside. */
export interface SegmentParts {
  preparer: Pick<ImagePreparer, 'prepare'>;
  worker: Pick<ImageWorker, 'maskPart'>;
  sender: Pick<Sender, 'segment'>;
}

/** What meets every further object as well, so that it is not asked about. */
const ENDS: readonly FailureReason[] = [
  'cancelled',
  'notConfirmed',
  'excluded',
  'overBudget',
  'noApiKey',
  'invalidApiKey',
  'permissionDenied',
  'modelNotFound',
  'quotaExhausted',
  'unsupported',
  'unreadableImage',
  'notFound',
  // Other attempts have been made by then.
  'network',
  'rateLimited',
];

/** An object as it is after the engine was asked about it. */
interface Segmented {
  object: Detection;
  isAnswered: boolean;
  /** Why it has no mask of the engine. */
  reason?: string;
}

/** Asks the mask engine for each object of a result, one after the other: its box, enlarged, and its label. An object without an answer stays as it is. */
export function segmentObjects(parts: SegmentParts): Refine {
  return async (run, images, job, told) => {
    const objects = run.detections ?? [];
    const { chosen, others } = largest(objects, MOST_SEGMENTED);
    if (chosen.length === 0) return run;
    const found = new Map<string, Detection>();
    const use: MaskEngineUse = { model: SEGMENTATION_MODEL, calls: 0, without: [] };
    let end: InspectorError | undefined;
    for (const [index, object] of chosen.entries()) {
      if (end === undefined) {
        told(index, chosen.length);
        try {
          const segmented = await segmentObject(parts, { run, image: images[object.imageIndex], object, job, calls: chosen.length });
          found.set(object.id, segmented.object);
          if (segmented.isAnswered) use.calls += 1;
          if (segmented.reason !== undefined) use.without.push({ id: object.id, reason: segmented.reason });
          continue;
        } catch (error) {
          if (!(error instanceof InspectorError)) throw error;
          if (!ENDS.includes(error.reason)) {
            use.without.push({ id: object.id, reason: error.message });
            continue;
          }
          end = error;
        }
      }
      use.without.push({ id: object.id, reason: end.message });
    }
    // Nobody has to be told what he has said himself.
    if (end?.reason === 'notConfirmed' && use.calls === 0) return run;
    const tooMany = t('Only the {0} largest objects get a mask by a call of their own.', MOST_SEGMENTED);
    use.without.push(...others.map(({ id }) => ({ id, reason: tooMany })));
    return { ...run, detections: objects.map((object) => found.get(object.id) ?? object), maskEngine: use };
  };
}

interface Asked {
  run: Inspection;
  image: PreparedImage | undefined;
  object: Detection;
  job: Job;
  /** Of the whole result. */
  calls: number;
}

async function segmentObject(parts: SegmentParts, { run, image, object, job, calls }: Asked): Promise<Segmented> {
  const crop = image && cropOf(object, image);
  if (image === undefined || crop === undefined) return { object, isAnswered: false, reason: t('Nothing of it was sent.') };
  const prepared = await parts.preparer.prepare(image.address, { ...crop, redactions: [...image.redactions] }, job);
  if (prepared.image.sha256 !== run.images[object.imageIndex]?.sha256) throw changed();
  const box = boxIn(inPixels(object, prepared), prepared.image.toImage);
  if (box === undefined) return { object, isAnswered: false, reason: t('Nothing of it was sent.') };
  const answer = await parts.sender.segment(outgoing(prepared, object, job, calls));
  if (answer.mask === undefined) return { object, isAnswered: true, reason: t('The mask engine found nothing there.') };
  const part = await parts.worker
    .maskPart(memorySource(answer.mask), { box, picture: prepared.image.stored }, job.signal)
    .catch((): MaskPart | undefined => {
      job.throwIfCancelled();
      return undefined;
    });
  const reason = problemOf(part);
  if (part === undefined || typeof part === 'string') return { object, isAnswered: true, ...(reason === undefined ? {} : { reason }) };
  const { maskProblem: _, ...kept } = object;
  const png = Buffer.from(part.png).toString('base64');
  return {
    object: {
      ...kept,
      mask: { kind: 'bitmap', width: part.width, height: part.height, png },
      ...(answer.confidence === undefined ? {} : { confidence: answer.confidence }),
    },
    isAnswered: true,
  };
}

/** The object with its box exactly where a mask of it is drawn. */
function inPixels({ pixelBox: { x, y, width, height } }: Detection, { image: { upright } }: PreparedImage): Pick<Detection, 'box'> {
  return { box: { x: x / upright.width, y: y / upright.height, width: width / upright.width, height: height / upright.height } };
}

function problemOf(part: MaskPart | undefined): string | undefined {
  if (part === undefined) return t('The mask could not be read.');
  if (part === 'otherShape') return t('The mask has another shape than the picture.');
  return part === 'empty' ? t('The mask shows nothing inside the box.') : undefined;
}

function outgoing(prepared: PreparedImage, { label }: Detection, job: Job, calls: number): UnroutedRequest {
  const { image, address, body, metadata } = prepared;
  const picture = estimateImageTokens(image.stored, modelInfo(SEGMENTATION_MODEL, new Date()), 'default');
  return {
    job,
    request: segmentationRequest(label, { mimeType: image.mimeType, bytes: image.body.size }),
    images: [
      {
        uri: address,
        name: nameOfAddress(address),
        body,
        sha256: image.bodySha256,
        about: { ...inspectedImage(prepared, 'inline'), metadata },
      },
    ],
    // Nobody knows what it is billed by: for a limit of the user it counts as any other picture would.
    inputTokens: picture.tokens + estimateTextTokens(label),
    series: { calls },
  };
}
