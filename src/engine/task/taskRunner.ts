import { randomUUID } from 'node:crypto';
import { InspectorError } from '../../core/base/failure.ts';
import { withoutControls } from '../../core/base/sanitizeForUi.ts';
import { replyFailure } from '../../core/failures/geminiFailure.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import { reroutedModel } from '../../core/models/reroutedModel.ts';
import type { DetectionContext, DetectionContexts } from '../../core/reply/detections.ts';
import { makeInspection } from '../../core/reply/makeInspection.ts';
import { sentResolution, speedOf } from '../../core/request/request.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { Job } from '../sending/job.ts';
import type { Sender } from '../sending/sender.ts';
import { inspectedImages, type PreparedImage } from './imagePreparer.ts';
import { ReplyFollower } from './replyFollower.ts';
import type { TaskCall } from './taskCall.ts';
import { type TaskPlanner, wordsOf } from './taskPlanner.ts';

/** Takes lines for people who look into the log. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
}

/** Improves a result before it is stored. `told`: is told of how many of its objects that is done. Never rejects for what an API or the user refuses. */
export type Refine = (
  inspection: Inspection,
  images: readonly PreparedImage[],
  job: Job,
  told: (done: number, of: number) => void,
) => Promise<Inspection>;

/** Runs tasks, from images to stored results. */
export class TaskRunner {
  readonly #planner: TaskPlanner;
  readonly #sender: Pick<Sender, 'generate'>;
  readonly #results: { add(inspection: Inspection): Promise<void> };
  readonly #log: Log;
  readonly #refine: Refine;

  constructor(
    planner: TaskPlanner,
    sender: Pick<Sender, 'generate'>,
    results: { add(inspection: Inspection): Promise<void> },
    log: Log,
    refine: Refine = async (inspection) => inspection,
  ) {
    this.#planner = planner;
    this.#sender = sender;
    this.#results = results;
    this.#log = log;
    this.#refine = refine;
  }

  /**
   * Runs a task: prepares its images, sends them in one request, reads the answer and stores what it says.
   * Rejects with an InspectorError. Nothing is sent unless everything before the sending went well.
   */
  async inspect(call: TaskCall, job: Job, onProgress: (running: RunningTask) => void): Promise<Inspection> {
    const { task, options } = call;
    const settings = this.#planner.rules.settingsFor(call.images[0]);
    const model = options.model ?? settings.model;
    const { labels, query } = wordsOf(call);
    const running: RunningTask = {
      task,
      prompt: query,
      images: [...call.images],
      ...(options.follow === undefined ? {} : { follows: options.follow }),
      model,
      phase: 'preparing',
      startedAt: Date.now(),
      detections: [],
      text: '',
    };
    onProgress(running);
    const { images, places, outgoing, estimated } = await this.#planner.plan(call, job);
    const { prices } = this.#planner.rules.tokenBasis();
    const contexts = images.map((image, at) => contextOf(image, places?.[at] ?? at)) as [DetectionContext, ...DetectionContext[]];
    const started = Date.now();
    const follow = new ReplyFollower(task, contexts, running, onProgress);
    const logLine = (outcome: string) =>
      this.#log.info(`${task} · ${model} · ${sizesOf(images, (index) => follow.wayOf(index))} · ${Date.now() - started} ms · ${outcome}`);
    const asked = speedOf(outgoing.request);
    const mediaResolution = sentResolution(outgoing.request);
    let reply: GeminiReply;
    let broken = '';
    try {
      reply = await this.#sender.generate(outgoing, follow);
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
    } finally {
      follow.end();
    }
    const answered = makeInspection(
      {
        id: randomUUID(),
        task,
        createdAt: new Date().toISOString(),
        prompt: query,
        labels,
        model,
        images: inspectedImages(images, places, (index) => follow.wayOf(index)),
        ...(options.follow === undefined ? {} : { follows: options.follow }),
        contexts,
        ...(follow.seconds === undefined ? {} : { seconds: follow.seconds }),
        ...(mediaResolution === undefined ? {} : { mediaResolution }),
        speed: follow.speed ?? asked,
        ...(follow.request === undefined ? {} : { request: follow.request }),
        estimatedImageTokens: estimated,
        prices,
      },
      reply,
    );
    const other = reroutedModel(answered);
    if (other !== undefined) this.#log.warn(`${task} · asked ${model}, answered by ${withoutControls(other)}`);
    if (reply.speed !== undefined && reply.speed !== asked) this.#log.warn(`${task} · asked ${asked}, answered at ${reply.speed}`);
    logLine(`${reply.finishReason ?? (broken || 'no finish reason')} · ${answered.tokens.total ?? '?'} tokens`);
    const isCancelled = job.signal.aborted;
    const inspection = isCancelled ? answered : await this.#refine(answered, images, job, (done, of) => follow.masking(done, of));
    await this.#keep(inspection);
    return inspection;
  }

  /** A result that cannot be stored is still a result: it is shown, and the log says that it will not be there next time. */
  async #keep(inspection: Inspection): Promise<void> {
    try {
      await this.#results.add(inspection);
    } catch (error) {
      this.#log.warn(`The result could not be stored: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function contextOf({ image }: PreparedImage, imageIndex: number): DetectionContexts[number] {
  return { imageIndex, ...image.upright, toImage: image.toImage };
}

function sizesOf(images: readonly PreparedImage[], wayOf: (index: number) => string): string {
  return images
    .map(({ image }, index) => `${image.stored.width} x ${image.stored.height} ${image.mimeType}, ${image.body.size} bytes ${wayOf(index)}`)
    .join(' + ');
}

/** Gemini's own words, which belong in the log and not in messages. */
function causeOf({ cause }: InspectorError): string {
  return cause instanceof Error ? `(${cause.message})` : '';
}
