import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { buildRequest } from '../core/buildRequest.ts';
import { calibrated, calibrationKey } from '../core/calibration.ts';
import type { CommandOptions } from '../core/commandArguments.ts';
import { InspectorError } from '../core/failure.ts';
import { replyFailure } from '../core/geminiFailure.ts';
import type { Inspection } from '../core/inspection.ts';
import { largeImage, offersSmaller } from '../core/largeImage.ts';
import { makeInspection } from '../core/makeInspection.ts';
import { modelInfo } from '../core/models.ts';
import { LIMITS } from '../core/modelTable.ts';
import type { ReadyTask } from '../core/prompts.ts';
import type { DetectionContext } from '../core/reply/detections.ts';
import { type GeminiReply, type GeminiRequest, type ImageSource, partsOf } from '../core/request.ts';
import type { TokenBasis } from '../core/tokenChoices.ts';
import { estimateImageTokens, estimateTextTokens, MEDIA_RESOLUTIONS, type MediaResolution } from '../core/tokens.ts';
import { bodySource } from '../imaging/body.ts';
import type { ByteSource } from '../imaging/byteSource.ts';
import type { ImageWorker } from '../imaging/imageWorker.ts';
import type { Prepared, PrepareOptions } from '../imaging/prepare.ts';
import type { RunningTask } from '../protocol.ts';
import { fileFailure, nameOf, openImage } from './imageFile.ts';
import type { InspectionStore } from './inspectionStore.ts';
import type { Job } from './job.ts';
import { excluded } from './permits.ts';
import { ReplyFollower } from './replyFollower.ts';
import type { Sender } from './sender.ts';
import type { Settings } from './settings.ts';

/** A task on one image. */
export interface TaskCall {
  task: ReadyTask;
  uri: vscode.Uri;
  query: string;
  options: Pick<CommandOptions, 'model' | 'mediaResolution' | 'region' | 'redactions' | 'maxDimension'>;
}

/** What running a task needs. */
export interface InspectWorld {
  settings: (uri?: vscode.Uri) => Settings;
  isExcluded: (uri: string) => Promise<boolean>;
  images: Pick<ImageWorker, 'prepare'>;
  sender: Sender;
  store: InspectionStore;
  tokenBasis: () => TokenBasis;
  log: vscode.LogOutputChannel;
}

/**
 * Runs a task on an image: prepares it, sends it, reads the answer and stores what it says.
 * Rejects with an InspectorError. Nothing is sent unless everything before the sending went well.
 */
export async function inspect(
  world: InspectWorld,
  call: TaskCall,
  job: Job,
  onProgress: (running: RunningTask) => void,
): Promise<Inspection> {
  const settings = world.settings(call.uri);
  const model = call.options.model ?? settings.model;
  const running: RunningTask = {
    task: call.task,
    prompt: call.query,
    model,
    phase: 'preparing',
    startedAt: Date.now(),
    detections: [],
    text: '',
  };
  onProgress(running);
  const { image, body } = await prepareImage(world, call, settings, job);
  const resolution = resolutionOf(call, settings);
  const request = buildRequest({
    task: call.task,
    query: call.query,
    model,
    mediaResolution: resolution,
    outputLanguage: settings.outputLanguage,
    systemInstruction: settings.systemInstruction,
    safetySettings: settings.safetySettings,
    images: [{ mimeType: image.mimeType, bytes: image.body.size }],
  });
  const { calibration, prices } = world.tokenBasis();
  const estimate = estimateImageTokens(image.stored, modelInfo(model), resolution);
  const estimated = calibrated(estimate, calibration[calibrationKey(modelInfo(model), resolution)]).tokens;
  const context: DetectionContext = { imageIndex: 0, ...image.upright, toImage: image.toImage };
  const started = Date.now();
  const follow = new ReplyFollower(call.task, context, running, onProgress);
  const outgoing = {
    job,
    request,
    images: [{ uri: call.uri.toString(), name: nameOf(call.uri), body, sha256: image.bodySha256, estimate }],
    inputTokens: estimated + promptTokens(request),
  };
  const logLine = (outcome: string) =>
    world.log.info(
      `${call.task} · ${model} · ${image.stored.width} x ${image.stored.height} ${image.mimeType}, ${image.body.size} bytes ${follow.wayOf(0)} · ${Date.now() - started} ms · ${outcome}`,
    );
  let reply: GeminiReply;
  let broken = '';
  try {
    reply = await world.sender.generate(outgoing, follow);
    const failure = replyFailure(reply);
    if (failure !== undefined) throw failure;
  } catch (error) {
    broken = error instanceof InspectorError ? `${error.reason} ${causeOf(error)}`.trim() : 'failed';
    const kept = follow.keptAfter(error);
    if (kept === undefined) {
      logLine(broken);
      throw error;
    }
    reply = kept;
  }
  const inspection = makeInspection(
    {
      id: randomUUID(),
      task: call.task,
      createdAt: new Date().toISOString(),
      prompt: call.query,
      model,
      images: [inspectedImage(call.uri, image, follow.wayOf(0))],
      context,
      estimatedImageTokens: estimated,
      prices,
    },
    reply,
  );
  logLine(`${reply.finishReason ?? (broken || 'no finish reason')} · ${inspection.tokens.total ?? '?'} tokens`);
  await keep(world, inspection);
  return inspection;
}

/** Makes an image ready to be sent. Rejects with an InspectorError where it must not or cannot be. */
export async function prepareImage(
  world: Pick<InspectWorld, 'isExcluded' | 'images'>,
  call: Pick<TaskCall, 'uri' | 'options'>,
  settings: Settings,
  job: Job,
): Promise<{ image: Prepared; body: ByteSource }> {
  if (await world.isExcluded(call.uri.toString())) throw excluded();
  const source = await openImage(call.uri);
  job.throwIfCancelled();
  const image = await world.images
    .prepare(source, { mostBytes: LIMITS.fileBytes, ...prepareOptions(call, settings) }, job.signal)
    .catch((error: unknown) => {
      // The file may go away while it is read.
      throw error instanceof Error && 'code' in error ? fileFailure(error) : error;
    });
  const isSizeChosen = call.options.maxDimension !== undefined;
  if (offersSmaller({ bytes: image.body.size, size: image.stored }, { isSizeChosen })) throw largeImage(image.body.size);
  return { image, body: bodySource(image.body, source) };
}

/** What a call asks for, and where it says nothing, the settings. */
export function prepareOptions({ options }: Pick<TaskCall, 'options'>, settings: Pick<Settings, 'maxDimension'>): PrepareOptions {
  const { maxDimension = settings.maxDimension, region, redactions } = options;
  return { maxDimension, ...(region === undefined ? {} : { region }), ...(redactions === undefined ? {} : { redactions }) };
}

/** The resolution that a call names, else that of the settings. */
export function resolutionOf(call: Pick<TaskCall, 'options'>, settings: Settings): MediaResolution {
  return MEDIA_RESOLUTIONS.find((resolution) => resolution === call.options.mediaResolution) ?? settings.mediaResolution;
}

function inspectedImage(uri: vscode.Uri, image: Prepared, via: ImageSource['kind']): Inspection['images'][number] {
  return {
    uri: uri.toString(),
    sha256: image.sha256,
    mimeType: image.sourceType,
    ...image.upright,
    sent: {
      mimeType: image.mimeType,
      ...image.stored,
      bytes: image.body.size,
      via,
      ...(image.region === undefined ? {} : { region: image.region }),
    },
  };
}

/** Gemini's own words, which belong in the log and not in messages. */
function causeOf({ cause }: InspectorError): string {
  return cause instanceof Error ? `(${cause.message})` : '';
}

function promptTokens(request: GeminiRequest): number {
  return partsOf(request).reduce((sum, part) => sum + (part.kind === 'text' ? estimateTextTokens(part.text) : 0), 0);
}

/** A result that cannot be stored is still a result: it is shown, and the log says that it will not be there next time. */
async function keep(world: InspectWorld, inspection: Inspection): Promise<void> {
  try {
    await world.store.add(inspection);
  } catch (error) {
    world.log.warn(`The result could not be stored: ${error instanceof Error ? error.message : String(error)}`);
  }
}
