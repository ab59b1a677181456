import { createHash, randomUUID } from 'node:crypto';
import { nameOfAddress } from '../../core/base/addresses.ts';
import { changed, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { addedWords, refusalInWords, shownWord } from '../../core/failures/endings.ts';
import type { Box, Detection, ImageAsSent, InspectedImage, Inspection, SentBody } from '../../core/inspection/inspection.ts';
import { DECISION_MODEL } from '../../core/models/modelTable.ts';
import { judged, notJudged } from '../../core/reply/decisionAnswers.ts';
import { CHECKED_SIDE, checkRequest, enlarged, MOST_QUESTIONS, NUMBERED, objectsToEnlarge } from '../../core/request/decision.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import { partsOf } from '../../core/request/request.ts';
import { costUsd } from '../../core/usage/cost.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { estimateTextTokens } from '../../core/usage/tokens.ts';
import { memorySource } from '../../imaging/reading/byteSource.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import type { Job } from '../sending/job.ts';
import type { OutgoingImage, UnroutedRequest } from '../sending/outgoing.ts';
import type { Sender } from '../sending/sender.ts';
import { type ImagePreparer, inspectedImage, type PreparedImage } from '../task/imagePreparer.ts';
import type { TaskRules } from '../task/settings.ts';
import { boxIn, enlargedPart } from './places.ts';

/** What a check takes from outside. */
export interface CheckParts {
  preparer: Pick<ImagePreparer, 'prepare'>;
  rules: Pick<TaskRules, 'tokenBasis'>;
  /** The file of an image by the address that its inspection has. */
  fileOf: (address: string) => string;
  worker: Pick<ImageWorker, 'draw'>;
  sender: Pick<Sender, 'decide'>;
  results: { add(inspection: Inspection): Promise<void> };
}

/** A check that is ready to be sent. */
export interface PlannedCheck {
  outgoing: UnroutedRequest;
  /** Of the images of the inspection that have objects: as they are sent. */
  images: Map<number, InspectedImage>;
  /** In the order of their questions. */
  asked: Detection[];
  estimatedImageTokens: number;
  costUsd?: number;
}

/** Has the objects of an inspection judged: is each what its label says, and does its box fit? */
export class ObjectChecker {
  readonly #parts: CheckParts;

  constructor(parts: CheckParts) {
    this.#parts = parts;
  }

  /** Makes the pictures and the request, from what was sent for the inspection and no more of it. Sends nothing. */
  async plan(run: Inspection, job: Job): Promise<PlannedCheck> {
    const basis = this.#parts.rules.tokenBasis();
    const pictures: { words: string; outgoing: OutgoingImage }[] = [];
    const images = new Map<number, InspectedImage>();
    const asked: Detection[] = [];
    for (const [index, image] of run.images.entries()) {
      const objects = (run.detections ?? []).filter(({ imageIndex }) => imageIndex === index);
      if (objects.length === 0) continue;
      const { region, redactions }: Partial<SentBody> = image.sent ?? {};
      const options = { redactions: redactions ?? [], maxDimension: CHECKED_SIDE, ...(region === undefined ? {} : { region }) };
      const prepared = await this.#parts.preparer.prepare(this.#parts.fileOf(image.uri), options, job);
      if (prepared.image.sha256 !== image.sha256) throw changed();
      const { width, height } = prepared.image.stored;
      const placed = objects.flatMap((object) => {
        const box = boxIn(object, prepared.image.toImage);
        return box === undefined ? [] : [{ object, box }];
      });
      const seen = placed.slice(0, MOST_QUESTIONS - asked.length);
      if (seen.length === 0) continue;
      asked.push(...seen.map(({ object }) => object));
      const numbered = await this.#parts.worker.draw(
        prepared.body,
        { kind: 'overlay', image: drawnImage(run, prepared, seen) },
        job.signal,
      );
      pictures.push({ words: NUMBERED, outgoing: outgoing(prepared, numbered, basis) });
      images.set(index, sentImage(prepared, numbered));
      for (const { object, box } of objectsToEnlarge(seen)) {
        const crop = await this.#parts.worker.draw(prepared.body, { kind: 'crop', box: enlargedPart(box, { width, height }) }, job.signal);
        pictures.push({ words: enlarged(object.id), outgoing: outgoing(prepared, crop, basis) });
      }
    }
    const request = checkRequest(
      asked,
      pictures.map(({ words, outgoing: { body } }) => ({ words, mimeType: 'image/png', bytes: body.size })),
    );
    const estimatedImageTokens = pictures.reduce((sum, { outgoing: { estimate } }) => sum + (estimate?.tokens ?? 0), 0);
    const words = [...partsOf(request).flatMap((part) => (part.kind === 'text' ? [part.text] : [])), JSON.stringify(request.questions)];
    const inputTokens = estimatedImageTokens + words.reduce((sum, text) => sum + estimateTextTokens(text), 0);
    const cost = costUsd(DECISION_MODEL, basis.date, { prompt: inputTokens, output: 0 }, basis.prices);
    return {
      outgoing: { job, request, images: pictures.map((picture) => picture.outgoing), inputTokens },
      images,
      asked,
      estimatedImageTokens,
      ...(cost === undefined ? {} : { costUsd: cost }),
    };
  }

  /** Resolves to an inspection of its own: the same objects, with a confidence where one was answered. Rejects with an InspectorError. */
  async check(run: Inspection, planned: PlannedCheck): Promise<Inspection> {
    const reply = await this.#parts.sender.decide(planned.outgoing);
    if (reply.blockReason !== undefined) {
      const detail = [refusalInWords(reply.blockReason), addedWords(reply.blockMessage)].filter(Boolean).join(' ');
      throw new InspectorError('blocked', t('Gemini refused to check the objects ({0}).', shownWord(reply.blockReason)), { detail });
    }
    const answered = judged(planned.asked, reply);
    const byId = new Map(answered.detections.map((detection) => [detection.id, detection]));
    const all = run.detections ?? [];
    const missed = all.flatMap((object, index) => (byId.has(object.id) ? [] : [notJudged(object, index, undefined)]));
    const { date, prices } = this.#parts.rules.tokenBasis();
    const cost = reply.usage.prompt === undefined ? undefined : costUsd(DECISION_MODEL, date, reply.usage, prices);
    const inspection: Inspection = {
      version: 1,
      id: randomUUID(),
      task: run.task,
      createdAt: new Date().toISOString(),
      prompt: run.prompt,
      model: DECISION_MODEL,
      images: run.images.map((image, index) => planned.images.get(index) ?? image),
      basedOn: [run.id],
      detections: all.map(({ confidence: _, ...object }) => byId.get(object.id) ?? object),
      dropped: [...answered.dropped, ...missed],
      tokens: { estimated: planned.estimatedImageTokens, ...reply.usage, ...(cost === undefined ? {} : { costUsd: cost }) },
      complete: true,
      raw: JSON.stringify(reply.answers, undefined, 2),
    };
    await this.#parts.results.add(inspection);
    return inspection;
  }
}

/** What is drawn over a picture that was made ready: boxes with numbers, without words. */
function drawnImage(run: Inspection, { image }: PreparedImage, seen: readonly { object: Detection; box: Box }[]) {
  const detections = seen.map(({ object: { id, imageIndex }, box }): Detection => ({ id, label: '', imageIndex, box, pixelBox: box }));
  return {
    ...image.stored,
    name: '',
    listedAs: '',
    path: '',
    stem: '',
    inspection: run,
    detections,
    maskThreshold: 127,
    labelOrder: new Map(),
  };
}

function outgoing(prepared: PreparedImage, png: Uint8Array, basis: TokenBasis): OutgoingImage {
  const about = { ...sentImage(prepared, png), metadata: 'none' as const };
  return {
    uri: prepared.address,
    name: nameOfAddress(prepared.address),
    body: memorySource(png),
    sha256: createHash('sha256').update(png).digest('hex'),
    about,
    estimate: estimateImage(about.sent, { model: DECISION_MODEL, mediaResolution: 'default' }, basis).estimate,
  };
}

/** PNG: its size stands behind signature, length and name of its first chunk. */
function sentImage(prepared: PreparedImage, png: Uint8Array): ImageAsSent {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const image = inspectedImage(prepared, 'inline');
  return {
    ...image,
    sent: { ...image.sent, mimeType: 'image/png', width: view.getUint32(16), height: view.getUint32(20), bytes: png.length },
  };
}
