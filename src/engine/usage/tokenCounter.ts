import { nameOfAddress } from '../../core/base/addresses.ts';
import { buildRequest, justImages } from '../../core/request/buildRequest.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import type { MediaResolution, TokenEstimate } from '../../core/usage/tokens.ts';
import type { FileAccess } from '../files/imageFiles.ts';
import { readImageInfo } from '../files/imageInfo.ts';
import type { Job } from '../sending/job.ts';
import type { Sender } from '../sending/sender.ts';
import type { ImagePreparer } from '../task/imagePreparer.ts';
import type { TaskRules } from '../task/settings.ts';
import type { TaskCall } from '../task/taskCall.ts';
import { requestedResolution } from '../task/taskPlanner.ts';

/** The tokens of an image by the API's own count, and for what that holds. */
export interface CountedImage {
  tokens: number;
  model: string;
  resolution: MediaResolution;
  /** Before, for the image as it was counted. */
  estimate: TokenEstimate;
}

/** Counts that are remembered: as long as the window is open. */
const MOST_COUNTS = 500;

/** Asks the API for the tokens of images: once for the same content, model and settings. */
export class TokenCounter {
  readonly #files: FileAccess;
  readonly #preparer: ImagePreparer;
  readonly #sender: Pick<Sender, 'countTokens'>;
  readonly #rules: TaskRules;
  readonly #counts = new Map<string, CountedImage>();

  constructor(files: FileAccess, preparer: ImagePreparer, sender: Pick<Sender, 'countTokens'>, rules: TaskRules) {
    this.#files = files;
    this.#preparer = preparer;
    this.#sender = sender;
    this.#rules = rules;
  }

  /** Counts a request with just the image. Passes all permits like a task; rejects with an InspectorError. */
  async count(address: string, options: TaskCall['options'], job: Job): Promise<CountedImage> {
    const settings = this.#rules.settingsFor(address);
    const model = options.model ?? settings.model;
    const resolution = requestedResolution({ options }, settings);
    const { sha256 } = await readImageInfo(this.#files, address, job.signal);
    const basis = this.#rules.tokenBasis();
    const sent = [settings.maxDimension, options, this.#rules.sendOptionsFor(address)];
    const key = JSON.stringify([sha256, basis.backend, model, resolution, ...sent]);
    const known = this.#counts.get(key);
    // What has been excluded since is not looked up either: preparing says so.
    if (known !== undefined && !(await this.#rules.isExcluded(address))) return known;
    const { image, body } = await this.#preparer.prepare(address, options, job);
    const { estimate } = estimateImage(image.stored, { model, mediaResolution: resolution }, basis);
    const images = [{ mimeType: image.mimeType, bytes: image.body.size }];
    const words = { query: '', outputLanguage: '', systemInstruction: '', safetySettings: [] };
    const tokens = await this.#sender.countTokens({
      job,
      request: justImages(buildRequest({ task: 'caption', model, date: basis.date, mediaResolution: resolution, images, ...words })),
      images: [{ uri: address, name: nameOfAddress(address), body, sha256: image.bodySha256, estimate }],
      inputTokens: estimate.tokens,
    });
    const counted = { tokens, model, resolution, estimate };
    this.#counts.set(key, counted);
    for (const [oldest] of this.#counts) if (this.#counts.size > MOST_COUNTS) this.#counts.delete(oldest);
    return counted;
  }
}

/** Counts images some at a time and reports each; rejects with the first failure, since a sum of some would mislead. */
export async function countAll(
  addresses: readonly string[],
  concurrency: number,
  count: (address: string) => Promise<CountedImage>,
): Promise<number> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency });
  const counted = await Promise.all(addresses.map((address) => queue.add(() => count(address))));
  return counted.reduce((sum, { tokens }) => sum + tokens, 0);
}
