import type * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import type { Box, Inspection } from '../../core/inspection/inspection.ts';
import { partsOf } from '../../core/request/request.ts';
import { waysOf } from '../../core/request/transfer.ts';
import type { Limits } from '../../core/usage/budget.ts';
import { costUsd } from '../../core/usage/cost.ts';
import { estimateFor } from '../../core/usage/estimate.ts';
import { estimateTextTokens } from '../../core/usage/tokens.ts';
import { Job } from '../../engine/sending/job.ts';
import type { Sending } from '../../engine/sending/outgoing.ts';
import { planTask } from '../../engine/task/planTask.ts';
import { prepareImage } from '../../engine/task/prepareImages.ts';
import type { InspectWorld, TaskCall } from '../../engine/task/taskCall.ts';
import { probe } from '../../imaging/headers/probe.ts';
import { measuredChoices } from '../../imaging/worker/measuredChoices.ts';
import type { SentPicture, SentSheet, SentSize } from '../../protocol.ts';
import { nameOf, openImage } from '../base/imageFile.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { callOf } from '../export/copyAsCode.ts';
import type { Pictures } from './pictures.ts';

/** A picture of a sheet as the host has it. */
export interface HostPicture extends Omit<SentPicture, 'src'> {
  pixels?: vscode.Uri;
}

/** What a sheet says, as far as it is about what is sent. */
export interface SheetFacts extends Omit<SentSheet, 'id' | 'kind' | 'canRemember' | 'failure' | 'pictures'> {
  pictures: HostPicture[];
}

/** What telling what is sent needs. */
export interface SheetWorld extends InspectWorld {
  pictures: Pick<Pictures, 'ofBody'>;
  keys: Pick<KeyStore, 'isStored' | 'get'>;
  /** US dollars of today. */
  spentToday: () => Promise<{ spent: number; limits: Limits }>;
}

/** What a sending holds and where it goes. */
export async function sheetOfSending(world: SheetWorld, sending: Sending, signal: AbortSignal): Promise<SheetFacts> {
  const { request, images, inputTokens, destination, isFree } = sending;
  const { prices, date } = world.tokenBasis();
  const ways = waysOf(request);
  const urls = new Map(
    partsOf(request).flatMap((part) =>
      part.kind === 'image' && part.source.kind === 'url' ? [[part.image, part.source.url] as const] : [],
    ),
  );
  const pictures: HostPicture[] = [];
  for (const [place, { name, about, body }] of images.entries()) {
    if (about === undefined) continue;
    const via = ways.get(place) ?? 'inline';
    const { metadata, width, height, sent } = about;
    const url = urls.get(place);
    const pixels = await world.pictures.ofBody(body, sent.mimeType, signal);
    pictures.push({
      name,
      width,
      height,
      metadata,
      sent: { ...sent, via, bytes: body.size },
      pixels,
      ...(url === undefined ? {} : { url }),
    });
  }
  const prompt = partsOf(request).reduce((sum, part) => sum + (part.kind === 'text' ? estimateTextTokens(part.text) : 0), 0);
  const usd = isFree ? undefined : costUsd(request.model, date, { prompt: inputTokens }, prices);
  const key = (await world.keys.isStored())
    ? ('secretStorage' as const)
    : (await world.keys.get()) === undefined
      ? undefined
      : ('environment' as const);
  const { spent, limits } = await world.spentToday();
  return {
    pictures,
    task: request.task,
    ...(isFree ? { isCount: true as const } : {}),
    prompt: '',
    model: request.model,
    texts: textsOf(sending),
    cost: { image: inputTokens - prompt, prompt, ...(usd === undefined ? {} : { usd }) },
    budget: { spent, limit: limits.stopAt || limits.warnAt },
    destination: { address: destination, ...(key === undefined ? {} : { key }) },
  };
}

/** What a call would send, and in which sizes. Sends nothing; rejects like the preparing of it. */
export async function sheetOfCall(world: SheetWorld, call: TaskCall, signal: AbortSignal): Promise<SheetFacts> {
  const job = new Job();
  signal.addEventListener('abort', () => job.cancel(), { once: true });
  const { outgoing } = await planTask(world, call, job);
  const facts = await sheetOfSending(world, await world.sender.preview(outgoing), signal);
  return { ...facts, prompt: call.query };
}

/** What was sent for a run; its pictures are made again where the files are still the same. */
export async function sheetOfRun(world: SheetWorld, run: Inspection, signal: AbortSignal): Promise<SheetFacts> {
  const { image, prompt, total, costUsd: usd } = run.tokens;
  const pictures: HostPicture[] = [];
  for (const { uri, sha256, width, height, sent } of run.images) {
    const file = world.fileOf(uri);
    const { region, redactions } = sent;
    const { maxDimension } = callOf({ ...run, images: run.images.filter((one) => one.uri === uri) }).options;
    const again = {
      ...(region === undefined ? {} : { region }),
      redactions: redactions ?? [],
      ...(maxDimension === undefined ? {} : { maxDimension }),
    };
    const shown = await pictureAgain(
      { ...world, wishOf: () => ({ redactions: [] }), isExcluded: async () => false },
      file,
      again,
      sha256,
      signal,
    );
    pictures.push({ name: nameOf(file), width, height, sent, ...(sent.via === 'url' ? { url: uri } : {}), ...shown });
  }
  return {
    pictures,
    task: run.task,
    prompt: run.prompt,
    model: run.modelVersion ?? run.model,
    ...(total === undefined
      ? {}
      : {
          cost: {
            ...(image === undefined ? {} : { image }),
            ...(prompt === undefined ? {} : { prompt: prompt - (image ?? 0) }),
            ...(usd === undefined ? {} : { usd }),
          },
        }),
  };
}

async function pictureAgain(
  world: Parameters<typeof prepareImage>[0] & Pick<SheetWorld, 'pictures'>,
  file: vscode.Uri,
  options: { region?: Box; redactions: Box[]; maxDimension?: number },
  sha256: string,
  signal: AbortSignal,
): Promise<Pick<HostPicture, 'pixels' | 'problem' | 'metadata'>> {
  try {
    const { image, body, metadata } = await prepareImage(world, file, options, new Job());
    if (image.sha256 !== sha256) return { problem: t('The file has changed since: what was sent cannot be shown any more.') };
    return { pixels: await world.pictures.ofBody(body, image.mimeType, signal), metadata };
  } catch (_error) {
    signal.throwIfAborted();
    return { problem: t('The file cannot be read any more: what was sent cannot be shown.') };
  }
}

/** The sizes in which the image of a call can be sent, with their bytes one by one. Rejects like the preparing of it. */
export async function* sizesOf(world: SheetWorld, { uris: [uri], options }: TaskCall, signal: AbortSignal): AsyncGenerator<SentSize> {
  const settings = world.settings(uri);
  const model = options.model ?? settings.model;
  const source = await openImage(uri);
  const wish = { redactions: world.wishOf(uri).redactions, ...(options.region === undefined ? {} : { region: options.region }) };
  const basis = world.tokenBasis();
  for await (const { maxDimension, size, bytes } of measuredChoices(world.images, source, await probe(source), { wish, signal }))
    yield { maxDimension, ...size, bytes, tokens: estimateFor(size, model, settings.mediaResolution, basis).tokens };
}

function textsOf({ request }: Sending): NonNullable<SentSheet['texts']> {
  const said = request.turns.flatMap(({ role, parts }) =>
    parts.flatMap((part) => (part.kind === 'text' ? [{ from: role, text: part.text }] : [])),
  );
  const { systemInstruction } = request.config;
  return [...(systemInstruction === undefined ? [] : [{ from: 'system' as const, text: systemInstruction }]), ...said];
}
