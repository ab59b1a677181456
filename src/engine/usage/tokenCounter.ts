import type * as vscode from 'vscode';
import { modelInfo } from '../../core/models/models.ts';
import { buildRequest, justImages } from '../../core/request/buildRequest.ts';
import { estimateImageTokens, type MediaResolution, type TokenEstimate } from '../../core/usage/tokens.ts';
import { readImageFacts } from '../../host/base/imageFacts.ts';
import { nameOf } from '../../host/base/imageFile.ts';
import type { Job } from '../sending/job.ts';
import { resolutionOf } from '../task/planTask.ts';
import { prepareImage } from '../task/prepareImages.ts';
import type { InspectWorld, TaskCall } from '../task/taskCall.ts';

/** What counting needs. */
export type CountWorld = Pick<InspectWorld, 'settings' | 'isExcluded' | 'images' | 'wishOf' | 'originOf' | 'sender' | 'tokenBasis'>;

/** The tokens of an image by the API's own count, and for what that holds. */
export interface CountedImage {
  tokens: number;
  model: string;
  resolution: MediaResolution;
  /** By rule, for the image as it was counted. */
  estimate: TokenEstimate;
}

/** Counts that are remembered: as long as the window is open. */
const MOST_COUNTS = 500;

/** Asks the API for the tokens of images: once for the same content, model and settings. */
export class TokenCounter {
  readonly #counts = new Map<string, CountedImage>();

  /** Counts a request with just the image. Passes all permits like a task; rejects with an InspectorError. */
  async count(world: CountWorld, call: Pick<TaskCall, 'options'> & { uri: vscode.Uri }, job: Job): Promise<CountedImage> {
    const settings = world.settings(call.uri);
    const model = call.options.model ?? settings.model;
    const resolution = resolutionOf(call, settings);
    const { sha256 } = await readImageFacts(call.uri, job.signal);
    const key = JSON.stringify([sha256, model, resolution, settings.maxDimension, call.options, world.wishOf(call.uri)]);
    const known = this.#counts.get(key);
    // What has been excluded since is not looked up either: preparing says so.
    if (known !== undefined && !(await world.isExcluded(call.uri.toString()))) return known;
    const { image, body } = await prepareImage(world, call.uri, call.options, job);
    const { date } = world.tokenBasis();
    const estimate = estimateImageTokens(image.stored, modelInfo(model, date), resolution);
    const images = [{ mimeType: image.mimeType, bytes: image.body.size }];
    const words = { query: '', outputLanguage: '', systemInstruction: '', safetySettings: [] };
    const tokens = await world.sender.countTokens({
      job,
      request: justImages(buildRequest({ task: 'caption', model, date, mediaResolution: resolution, images, ...words })),
      images: [{ uri: call.uri.toString(), name: nameOf(call.uri), body, sha256: image.bodySha256, estimate }],
      inputTokens: estimate.tokens,
    });
    const counted = { tokens, model, resolution, estimate };
    this.#counts.set(key, counted);
    for (const [oldest] of this.#counts) if (this.#counts.size > MOST_COUNTS) this.#counts.delete(oldest);
    return counted;
  }
}

/** Counts images some at a time and tells of each; rejects with the first failure, since a sum of some would mislead. */
export async function countAll(
  uris: readonly vscode.Uri[],
  concurrency: number,
  count: (uri: vscode.Uri) => Promise<CountedImage>,
): Promise<number> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency });
  const counted = await Promise.all(uris.map((uri) => queue.add(() => count(uri))));
  return counted.reduce((sum, { tokens }) => sum + tokens, 0);
}
