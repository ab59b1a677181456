import { InspectorError } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { Box, Inspection, Task } from '../../core/inspection/inspection.ts';
import type { CommandOptions } from '../../core/request/commandArguments.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import { regionPixels } from '../../core/request/region.ts';
import { cutText, fitted, locateAnswer, type ToolAnswer, type ToolImage, textAnswer, wordsAnswer } from '../../core/tools/toolAnswer.ts';
import { readToolInput, type ToolInput } from '../../core/tools/toolInput.ts';
import type { ToolName } from '../../core/tools/toolSpecs.ts';
import { costUsd } from '../../core/usage/cost.ts';
import { probe } from '../../imaging/formats/probe.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import type { FileAccess } from '../files/imageFiles.ts';
import { fileFailure } from '../files/localFiles.ts';
import { Job } from '../sending/job.ts';
import { excluded } from '../sending/permits.ts';
import type { ImagePreparer } from '../task/imagePreparer.ts';
import type { TaskRules } from '../task/settings.ts';
import type { TaskCall } from '../task/taskCall.ts';
import { annotatedPicture, croppedPicture, type ToolPicture } from './toolPictures.ts';

/** What tools take from outside. */
export interface ToolParts {
  files: FileAccess;
  rules: TaskRules;
  worker: Pick<ImageWorker, 'draw'>;
  preparer: () => Promise<ImagePreparer>;
  run: (call: TaskCall, job: Job) => Promise<Inspection>;
  /** The address of the image that an agent names. Rejects where it may not be looked at. */
  resolve: (path: string) => Promise<string>;
  /** Asks, where that is needed, whether a picture of these images may go to the agent, whose model is not Gemini. Rejects where not. */
  mayShow: (addresses: readonly string[]) => Promise<void>;
  /** Says that a call of a tool is about to cost money. Rejects with `overBudget` where no more may be spent. */
  admit: () => Promise<void>;
}

/** What a tool answers. */
export interface ToolResult {
  answer: ToolAnswer;
  picture?: ToolPicture;
}

const TASKS: Readonly<Partial<Record<ToolName, Task>>> = {
  describe: 'caption',
  locate: 'detect',
  read_text: 'readText',
  ask: 'ask',
  compare: 'compare',
};

/** The tools that agents call. They look, and do nothing else: what a picture says has no say in what is done. */
export class Toolbox {
  readonly #parts: ToolParts;

  constructor(parts: ToolParts) {
    this.#parts = parts;
  }

  /** Does what a tool was asked. Rejects with an InspectorError; nothing is sent then, or nothing usable came back. */
  async call(name: ToolName, given: unknown, job = new Job(1, 1, true)): Promise<ToolResult> {
    const input = readToolInput(name, given);
    if (name === 'tokens') return { answer: await this.#tokens(input) };
    const images = await Promise.all(input.paths.map((path) => this.#image(path)));
    const [image] = images as [LookedAt, ...LookedAt[]];
    const region = input.region === undefined ? undefined : fractionsOf(input.region, image);
    if (name === 'crop') return this.#crop(image, region, input, job);
    const task = TASKS[name];
    if (task === undefined) throw new RangeError(`there is no tool "${name}"`);
    await this.#parts.admit();
    const options: CommandOptions = region === undefined ? {} : { region };
    const addresses = images.map(({ address }) => address) as [string, ...string[]];
    const inspection = await this.#parts.run({ task, images: addresses, query: input.query, options }, job);
    switch (name) {
      case 'locate':
        return { answer: locateAnswer(inspection, image), ...(await this.#annotated(image, { inspection, region }, input, job)) };
      case 'read_text':
        return { answer: textAnswer(inspection, image) };
      default:
        return { answer: wordsAnswer(inspection, images as [LookedAt, ...LookedAt[]]) };
    }
  }

  async #crop(image: LookedAt, region: Box | undefined, { maxTokens }: ToolInput, job: Job): Promise<ToolResult> {
    await this.#assertShown([image.address]);
    const picture = await croppedPicture(await this.#pictures(), image.address, { region, upright: image, maxTokens }, job);
    const { path, width, height } = image;
    const answer = {
      image: { path: cutText(path), width, height },
      region: regionPixels(region ?? { x: 0, y: 0, width: 1, height: 1 }, image),
      picture: { width: picture.width, height: picture.height },
    };
    return { answer: fitted(answer, {}), picture };
  }

  /** The answer in words is paid for: it stands without the picture where that may not be given out, or cannot be made. */
  async #annotated(
    image: LookedAt,
    found: { inspection: Inspection; region: Box | undefined },
    { maxTokens }: ToolInput,
    job: Job,
  ): Promise<{ picture?: ToolPicture }> {
    if ((found.inspection.detections ?? []).length === 0) return {};
    try {
      await this.#assertShown([image.address]);
      return { picture: await annotatedPicture(await this.#pictures(), image.address, { ...found, upright: image, maxTokens }, job) };
    } catch (error) {
      if (error instanceof InspectorError && error.reason !== 'cancelled') return {};
      throw error;
    }
  }

  async #pictures() {
    return { preparer: await this.#parts.preparer(), worker: this.#parts.worker };
  }

  async #assertShown(addresses: readonly string[]): Promise<void> {
    for (const address of addresses) if (await this.#parts.rules.isExcluded(address)) throw excluded();
    await this.#parts.mayShow(addresses);
  }

  async #tokens({ paths }: ToolInput): Promise<ToolResult['answer']> {
    const { rules } = this.#parts;
    const basis = rules.tokenBasis();
    const { model, mediaResolution, maxDimension } = rules.settingsFor();
    let tokens = 0;
    const images: Record<string, unknown>[] = [];
    for (const path of paths) {
      try {
        const { width, height, header } = await this.#image(path);
        const { estimate } = estimateImage(header, { model, mediaResolution, maxDimension }, basis);
        tokens += estimate.tokens;
        images.push({ path: cutText(path), width, height, tokens: estimate.tokens });
      } catch (error) {
        if (paths.length === 1 || !(error instanceof InspectorError)) throw error;
        images.push({ path: cutText(path), problem: `${error.reason}: ${error.message}`.slice(0, 300) });
      }
    }
    const cost = costUsd(model, basis.date, { prompt: tokens, output: 0 }, basis.prices);
    return fitted({ tokens, costUsd: cost ?? null, model }, { images });
  }

  async #image(path: string): Promise<LookedAt> {
    const address = await this.#parts.resolve(path);
    try {
      const header = await probe(await this.#parts.files.open(address));
      return { path, address, header, ...header.upright };
    } catch (error) {
      throw fileFailure(error);
    }
  }
}

/** An image that an agent named, by its header. */
interface LookedAt extends ToolImage {
  address: string;
  header: Awaited<ReturnType<typeof probe>>;
}

/** A region in fractions of the upright image. Throws where it lies outside. */
function fractionsOf({ x, y, width, height }: Box, image: Size): Box {
  const right = Math.min(image.width, x + width);
  const bottom = Math.min(image.height, y + height);
  if (!(x < right && y < bottom))
    throw new InspectorError(
      'unsupportedImage',
      t('The region lies outside of the image, which has {0} × {1} pixels.', image.width, image.height),
    );
  return { x: x / image.width, y: y / image.height, width: (right - x) / image.width, height: (bottom - y) / image.height };
}
