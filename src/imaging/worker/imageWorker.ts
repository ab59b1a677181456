import { Worker } from 'node:worker_threads';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { DataFormat, ImagePart } from '../../core/exports/dataWriters.ts';
import type { ExportImage } from '../../core/exports/exportImage.ts';
import type { Alignment } from '../../core/inspection/imageDifference.ts';
import type { ShownDifference } from '../difference/difference.ts';
import type { Prepared, PrepareOptions } from '../formats/prepared.ts';
import type { Drawing, MaskPictures } from '../pixels/draw.ts';
import type { Hint } from '../pixels/hint.ts';
import type { MaskPart, MaskPartOptions } from '../pixels/maskPart.ts';
import type { ImageView } from '../pixels/view.ts';
import type { MaskPicture } from '../png/maskPngs.ts';
import { type ByteSource, memorySource } from '../reading/byteSource.ts';
import type { ThumbnailOptions } from './thumbnail.ts';
import {
  type PackedSource,
  unpackFailure,
  type WorkerReply,
  type WorkerRequest,
  type WorkerResult,
  type WorkerTasks,
} from './workerProtocol.ts';

/** Milliseconds after its last answer until the thread is ended, and with it the memory that pixels took. */
const IDLE = 20_000;
/** Milliseconds after which a file is taken for one that was made to keep decoders busy. */
const LONGEST = 60_000;
/** The same for a mere hint, which nobody asked for. */
const LONGEST_HINT = 2000;
/** Milliseconds that a hint may still take while something else waits. */
const HINT_YIELDS = 100;
/** Bytes by which the program may have grown since the thread began: the memory of WebAssembly never shrinks, it goes with the thread only. */
const MOST_GROWTH = 1e9;
/** Megabytes of JavaScript objects. Pixels lie outside of them; their number is limited by the header. */
const HEAP = 512;
/** The same of those that were just made: with more, those of a hundred masks would wait in memory to be collected. */
const YOUNG_HEAP = 12;
/** The source of requests that are not about an image's bytes. */
const NOTHING = memorySource(new Uint8Array());

export interface ImageWorkerOptions {
  /** The file of the thread. */
  entry: URL;
  /** Translations by English text. */
  translations?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds; see `IDLE`. */
  idle?: number;
  /** Bytes; see `MOST_GROWTH`. */
  mostGrowth?: number;
}

/** A request that waits or is worked on. */
interface Task {
  name: keyof WorkerTasks;
  /** True when it is given to a new thread, since it may be what came before it that broke the last one. */
  isSecondTry?: boolean;
  request: () => Promise<WorkerRequest>;
  resolve: (result: WorkerResult) => void;
  reject: (error: unknown) => void;
}

/** What the thread can be asked for. */
export type Imaging = Omit<ImageWorker, 'isRunning' | 'dispose'>;

/** The pixels' own thread, seen from outside: started when first needed, ended when idle. Requests are answered one after the other, hints last. */
export class ImageWorker {
  readonly #options: ImageWorkerOptions;
  readonly #waiting: Task[] = [];
  #worker: Worker | undefined;
  #current: Task | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Of the program when the thread began, in bytes. */
  #sizeAtStart = 0;
  /** True while the thread has been given nothing but the current task. */
  #isFresh = true;

  constructor(options: ImageWorkerOptions) {
    this.#options = options;
  }

  /**
   * See `prepare`; what needs no thread is done without it. Rejects with the signal's reason when it is aborted, with `unreadableImage` when the thread breaks
   * down over the image.
   */
  async prepare(source: ByteSource, options: PrepareOptions, signal?: AbortSignal): Promise<Prepared> {
    if (source.path !== undefined) {
      const { preparedAtOnce } = await import('../formats/prepared.ts');
      const prepared = await preparedAtOnce(source, options, signal).catch(() => undefined);
      signal?.throwIfAborted();
      if (prepared !== undefined) return prepared;
    }
    return this.#ask('prepare', source, options, signal) as Promise<Prepared>;
  }

  /** See `view`. Rejects like `prepare`. */
  view(source: ByteSource, signal?: AbortSignal): Promise<ImageView> {
    return this.#ask('view', source, undefined, signal) as Promise<ImageView>;
  }

  /** See `draw`. Rejects like `prepare`. */
  draw(source: ByteSource, drawing: Drawing, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#ask('draw', source, drawing, signal) as Promise<Uint8Array>;
  }

  /** See `drawMask`. Some of the pieces may lie in memory that the thread goes on reading: they are not to be written to. Rejects like `prepare`. */
  mask(source: ByteSource, mask: MaskPicture, signal?: AbortSignal): Promise<MaskPictures | undefined> {
    return this.#ask('mask', source, mask, signal) as Promise<MaskPictures | undefined>;
  }

  /** See `thumbnail`. Rejects like `prepare`. */
  thumbnail(source: ByteSource, options: ThumbnailOptions, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#ask('thumbnail', source, options, signal) as Promise<Uint8Array>;
  }

  /** See `maskPart`. Rejects like `prepare`, and where the mask is damaged. */
  maskPart(source: ByteSource, options: MaskPartOptions, signal?: AbortSignal): Promise<MaskPart> {
    return this.#ask('maskPart', source, options, signal) as Promise<MaskPart>;
  }

  /** See `difference`. Rejects like `prepare`, and with `tooLarge`. */
  difference(older: ByteSource, newer: ByteSource, alignment: Alignment, signal?: AbortSignal): Promise<ShownDifference> {
    const options = async () => ({ newer: await packed(newer), alignment });
    return this.#ask('difference', older, options, signal) as Promise<ShownDifference>;
  }

  /** See `imageParts` of the exports. Rejects like `prepare`. */
  imageParts(format: DataFormat, images: readonly ExportImage[], signal?: AbortSignal): Promise<ImagePart[]> {
    return this.#ask('imageParts', NOTHING, { format, images }, signal) as Promise<ImagePart[]>;
  }

  /** Characters of a text for which this computer has no font, a few of them. Rejects like `prepare`. */
  undrawable(text: string, signal?: AbortSignal): Promise<string[]> {
    return this.#ask('undrawable', NOTHING, text, signal) as Promise<string[]>;
  }

  /** See `hintOf`. Rejects like `prepare`; resolves to undefined also where finding out takes too long, or keeps something else waiting. */
  hint(source: ByteSource, signal?: AbortSignal): Promise<Hint | undefined> {
    return this.#ask('hint', source, undefined, signal) as Promise<Hint | undefined>;
  }

  /** True while there is a thread. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Ends the thread; what it was asked for is cancelled. */
  dispose(): void {
    const cancelled = new InspectorError('cancelled', t('Cancelled.'));
    for (const task of this.#waiting.splice(0)) task.reject(cancelled);
    this.#end(cancelled);
  }

  /** `options`: a function where they are read in their turn. */
  #ask<Name extends keyof WorkerTasks>(
    name: Name,
    source: ByteSource,
    options: WorkerTasks[Name]['options'] | (() => Promise<WorkerTasks[Name]['options']>),
    signal?: AbortSignal,
  ) {
    return new Promise<WorkerResult>((resolve, reject) => {
      signal?.throwIfAborted();
      const cancel = () => this.#cancel(task, signal?.reason);
      const settled = <Value>(how: (value: Value) => void) => {
        return (value: Value) => {
          signal?.removeEventListener('abort', cancel);
          how(value);
        };
      };
      const request = async (): Promise<WorkerRequest> => ({
        task: name,
        source: await packed(source),
        options: typeof options === 'function' ? await options() : options,
      });
      const task: Task = { name, request, resolve: settled(resolve), reject: settled(reject) };
      signal?.addEventListener('abort', cancel, { once: true });
      if (this.#current?.name === 'hint' && name !== 'hint' && this.#waiting.every((other) => other.name === 'hint'))
        this.#endIn(HINT_YIELDS);
      this.#waiting.push(task);
      void this.#next();
    });
  }

  #cancel(task: Task, reason: unknown): void {
    if (task === this.#current) {
      // Decoders cannot be interrupted.
      this.#end(reason);
      void this.#next();
    } else {
      this.#waiting.splice(this.#waiting.indexOf(task), 1);
      task.reject(reason);
    }
  }

  async #next(): Promise<void> {
    if (this.#current !== undefined) return;
    const asked = this.#waiting.findIndex(({ name }) => name !== 'hint');
    const [task] = this.#waiting.splice(Math.max(0, asked), 1);
    if (task === undefined) {
      this.#rest();
      return;
    }
    this.#current = task;
    this.#endIn(task.name === 'hint' ? LONGEST_HINT : LONGEST);
    try {
      const request = await task.request();
      if (this.#current !== task) return;
      const worker = this.#started();
      worker.ref();
      worker.postMessage(request);
    } catch (error) {
      if (this.#current === task) this.#settle((current) => current.reject(error));
    }
  }

  /** Ends the thread if the current task is not done in so many milliseconds. */
  #endIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#current?.name === 'hint') {
        this.#current.resolve(undefined);
        this.#current = undefined;
      }
      this.#end(unreadable(t('It could not be decoded in time.')));
      void this.#next();
    }, milliseconds);
  }

  #started(): Worker {
    this.#isFresh = this.#worker === undefined;
    if (this.#worker !== undefined) return this.#worker;
    this.#sizeAtStart = process.memoryUsage.rss();
    const worker = new Worker(this.#options.entry, {
      workerData: this.#options.translations,
      resourceLimits: { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: YOUNG_HEAP },
      name: 'images',
    });
    // A thread that was ended may still have something to say.
    const ifCurrent =
      <Value>(act: (value: Value) => void) =>
      (value: Value) => {
        if (this.#worker === worker) act(value);
      };
    const brokenDown = (cause: unknown) => this.#breakDown(cause);
    worker.on(
      'message',
      ifCurrent((reply: WorkerReply) => {
        if (reply.ok) this.#settle((task) => task.resolve(reply.result));
        else if (reply.isBroken) brokenDown(unpackFailure(reply.failure));
        else this.#settle((task) => task.reject(unpackFailure(reply.failure)));
      }),
    );
    worker.on('error', ifCurrent(brokenDown));
    worker.on('exit', ifCurrent(brokenDown));
    this.#worker = worker;
    return worker;
  }

  /** The thread is gone, or a decoder in it. Of a new one the image at hand is to blame; else that has another try, in a new one. */
  #breakDown(cause: unknown): void {
    const task = this.#current;
    if (task !== undefined && !this.#isFresh && !task.isSecondTry) {
      this.#current = undefined;
      task.isSecondTry = true;
      this.#waiting.unshift(task);
    }
    this.#end(unreadable(t('It needs more memory than there is, or breaks its decoder.'), cause));
    void this.#next();
  }

  #end(reason: unknown): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    const task = this.#current;
    this.#current = undefined;
    task?.reject(reason);
  }

  #settle(how: (task: Task) => void): void {
    const task = this.#current;
    this.#current = undefined;
    if (task !== undefined) how(task);
    if (process.memoryUsage.rss() - this.#sizeAtStart > (this.#options.mostGrowth ?? MOST_GROWTH)) this.#end(undefined);
    void this.#next();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    // An idle thread keeps no program alive.
    this.#worker?.unref();
    this.#timer = setTimeout(() => this.#end(undefined), this.#options.idle ?? IDLE).unref();
  }
}

async function packed(source: ByteSource): Promise<PackedSource> {
  return source.path === undefined ? { bytes: await source.read(0, source.size) } : { path: source.path };
}
