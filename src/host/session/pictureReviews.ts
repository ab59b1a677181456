import type * as vscode from 'vscode';
import { titleOfAddress } from '../../core/base/addresses.ts';
import { t } from '../../core/base/l10n.ts';
import { partsSent } from '../../core/inspection/imageParts.ts';
import type { Box, InspectedImage, Inspection, SentBody } from '../../core/inspection/inspection.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import { partsOf, speedOf } from '../../core/request/request.ts';
import { thinkingOf, wordsIn } from '../../core/request/sentWords.ts';
import { waysOf } from '../../core/request/transfer.ts';
import type { Limits } from '../../core/usage/budget.ts';
import { costUsd } from '../../core/usage/cost.ts';
import { estimateTextTokens } from '../../core/usage/tokens.ts';
import { Job } from '../../engine/sending/job.ts';
import type { OutgoingRequest } from '../../engine/sending/outgoing.ts';
import { callOfRun, type TaskCall } from '../../engine/task/taskCall.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { measuredChoices } from '../../imaging/worker/measuredChoices.ts';
import type { SentSize } from '../../protocol.ts';
import type { KeyStore } from '../base/keyStore.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { HostPicture, ReviewDetails, SendReviews } from './sessionReview.ts';
import type { Tasks } from './tasks.ts';

/** What of today's spending a review tells. */
export interface TodaysSpending {
  /** US dollars of today in all windows, and the user's limits. */
  spentToday(): Promise<{ spent: number; limits: Limits }>;
}

/** Tells what is sent, before and after, with the very pictures. */
export class PictureReviews implements SendReviews {
  readonly #tasks: Tasks;
  readonly #pictures: Pictures;
  readonly #keys: Pick<KeyStore, 'isStored' | 'get'>;
  readonly #spending: TodaysSpending;

  constructor(tasks: Tasks, pictures: Pictures, keys: Pick<KeyStore, 'isStored' | 'get'>, spending: TodaysSpending) {
    this.#tasks = tasks;
    this.#pictures = pictures;
    this.#keys = keys;
    this.#spending = spending;
  }

  /** What a sending holds and where it goes. */
  async ofSending(outgoing: OutgoingRequest, signal: AbortSignal): Promise<ReviewDetails> {
    const { request, images, inputTokens, destination, isFree } = outgoing;
    const { prices, date } = this.#tasks.rules.tokenBasis();
    const ways = waysOf(request);
    const urls = new Map(
      partsOf(request).flatMap((part) =>
        part.kind === 'image' && part.source.kind === 'url' ? [[part.image, part.source.url] as const] : [],
      ),
    );
    const pictures: HostPicture[] = [];
    for (const [place, { uri, about, body }] of images.entries()) {
      if (about === undefined) continue;
      const via = ways.get(place) ?? 'inline';
      const { metadata, width, height, sent } = about;
      const url = urls.get(place);
      const pixels = await this.#pictures.ofBody(body, sent.mimeType, signal);
      pictures.push({
        name: titleOfAddress(uri),
        width,
        height,
        metadata,
        sent: { ...sent, via, bytes: body.size },
        pixels,
        ...(url === undefined ? {} : { url }),
      });
    }
    const prompt = partsOf(request).reduce((sum, part) => sum + (part.kind === 'text' ? estimateTextTokens(part.text) : 0), 0);
    const usd = isFree ? undefined : costUsd(request.model, date, { prompt: inputTokens, speed: speedOf(request) }, prices);
    const key = (await this.#keys.isStored())
      ? ('secretStorage' as const)
      : (await this.#keys.get()) === undefined
        ? undefined
        : ('environment' as const);
    const thinking = isFree ? undefined : thinkingOf(request, new Date());
    const { spent, limits } = await this.#spending.spentToday();
    return {
      pictures,
      task: request.task,
      ...(isFree ? { isCount: true as const } : {}),
      prompt: '',
      model: request.model,
      texts: wordsIn(outgoing.request),
      ...(thinking === undefined ? {} : { thinking }),
      cost: { image: inputTokens - prompt, prompt, ...(usd === undefined ? {} : { usd }) },
      budget: { spent, limit: limits.stopAt || limits.warnAt },
      destination: { address: destination, ...(key === undefined ? {} : { key }) },
    };
  }

  /** What a call would send, and in which sizes. Sends nothing; rejects like the preparing of it. */
  async ofCall(call: TaskCall, signal: AbortSignal): Promise<ReviewDetails> {
    const job = new Job();
    signal.addEventListener('abort', () => job.cancel(), { once: true });
    const { outgoing } = await (await this.#tasks.planner()).plan(call, job);
    const facts = await this.ofSending(await this.#tasks.sender.preview(outgoing), signal);
    return { ...facts, prompt: call.query };
  }

  /** What was sent for a run; its pictures are made again where the files are still the same. */
  async ofRun(run: Inspection, signal: AbortSignal): Promise<ReviewDetails> {
    const { image, prompt, output, thoughts, total, costUsd: usd } = run.tokens;
    const pictures: HostPicture[] = [];
    for (const { image, sent } of bodiesOf(run)) {
      const { uri, sha256, width, height } = image;
      const file = this.#tasks.files.fileOf(uri);
      const { region, redactions } = sent;
      const { maxDimension } = callOfRun({ ...run, images: [{ ...image, sent }] }).options;
      const again = {
        ...(region === undefined ? {} : { region }),
        redactions: redactions ?? [],
        ...(maxDimension === undefined ? {} : { maxDimension }),
      };
      const shown = await this.#pictureAgain(file, again, sha256, signal);
      pictures.push({ name: titleOfAddress(file), width, height, sent, ...(sent.via === 'url' ? { url: uri } : {}), ...shown });
    }
    return {
      pictures,
      task: run.task,
      prompt: run.prompt,
      model: run.modelVersion ?? run.model,
      ...(run.request === undefined
        ? {}
        : {
            texts: run.request.texts,
            ...(run.request.thinking === undefined ? {} : { thinking: run.request.thinking }),
            ...(run.request.cut === undefined ? {} : { textsCut: run.request.cut }),
            destination: { address: run.request.destination },
          }),
      ...(total === undefined
        ? {}
        : {
            cost: {
              ...(image === undefined ? {} : { image }),
              ...(prompt === undefined ? {} : { prompt: prompt - (image ?? 0) }),
              ...(output === undefined ? {} : { output }),
              ...(thoughts === undefined ? {} : { thoughts }),
              ...(usd === undefined ? {} : { usd }),
            },
          }),
    };
  }

  async #pictureAgain(
    file: string,
    options: { region?: Box; redactions: Box[]; maxDimension?: number },
    sha256: string,
    signal: AbortSignal,
  ): Promise<Pick<HostPicture, 'pixels' | 'problem' | 'metadata'>> {
    try {
      const { preparer } = await this.#tasks.planner();
      const { image, body, metadata } = await preparer.prepareAs(file, options, new Job());
      if (image.sha256 !== sha256) return { problem: t('The file has changed since: what was sent cannot be shown any more.') };
      return { pixels: await this.#pictures.ofBody(body, image.mimeType, signal), metadata };
    } catch (_error) {
      signal.throwIfAborted();
      return { problem: t('The file cannot be read any more: what was sent cannot be shown.') };
    }
  }

  /** The sizes in which the image of a call can be sent, with their bytes one by one. Rejects like the preparing of it. */
  async *sizes({ images: [address], options }: TaskCall, signal: AbortSignal): AsyncGenerator<SentSize> {
    const settings = this.#tasks.rules.settingsFor(address);
    const model = options.model ?? settings.model;
    const source = await this.#tasks.files.open(address);
    const request = {
      redactions: this.#tasks.rules.sendOptionsFor(address).redactions,
      ...(options.region === undefined ? {} : { region: options.region }),
    };
    const basis = this.#tasks.rules.tokenBasis();
    for await (const { maxDimension, size, bytes } of measuredChoices(this.#tasks.worker, source, await probe(source), {
      part: request,
      signal,
    })) {
      const { estimate } = estimateImage(size, { ...settings, model }, basis);
      yield { maxDimension, ...size, bytes, tokens: estimate.tokens };
    }
  }

  forget(pixels: vscode.Uri): Promise<void> {
    return this.#pictures.forget({ pixels });
  }
}

/** The bodies that were sent for a run, in their order. */
function bodiesOf(run: Inspection): { image: InspectedImage; sent: SentBody }[] {
  const { images } = run;
  const parts = partsSent(run);
  if (parts === undefined) return images.flatMap((image) => (image.sent === undefined ? [] : [{ image, sent: image.sent }]));
  return parts.flatMap(({ image: place, region }) => {
    const image = images[place];
    const sent = image?.parts?.find((part) => part.region === region);
    return image === undefined || sent === undefined ? [] : [{ image, sent }];
  });
}
