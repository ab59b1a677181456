import { InspectorError } from '../core/failure.ts';
import { t } from '../core/l10n.ts';
import type { GeminiReply, GeminiRequest } from '../core/request.ts';
import type { Gemini, Progress } from '../gemini/gemini.ts';
import { type ByteSource, readWhole } from '../imaging/byteSource.ts';
import { Deadline, type Job } from './job.ts';
import type { Way } from './uploadMemory.ts';
import type { Uploads } from './uploads.ts';

/** An image that is about to leave this computer. */
export interface Outgoing {
  /** For people and for exclusions. */
  uri: string;
  name: string;
  body: ByteSource;
  /** Of the body, hexadecimal. */
  sha256: string;
}

/** Everything a permit has to know about a sending. */
export interface Sending {
  job: Job;
  /** Says of each image how it goes: see `Transfer`. */
  request: GeminiRequest;
  /** Images that are to be uploaded before, by their places. */
  uploads: readonly number[];
  images: readonly Outgoing[];
  /** Estimated tokens of images and words. */
  inputTokens: number;
  /** Where it goes: an http(s) address without a slash at the end. */
  destination: string;
}

/** Says whether a sending may go out: rejects with the reason when not. */
export type Permit = (sending: Sending) => Promise<void>;

/** What the sender needs from the world around it. */
export interface SenderWorld {
  /** Asked in turn before any image leaves. */
  permits: readonly Permit[];
  destination: () => string;
  key: () => Promise<string | undefined>;
  connect: (key: string, destination: string) => Promise<Gemini>;
  uploads: () => Promise<Uploads>;
  /** Milliseconds without a sign of life after which a request is given up. */
  timeout: () => number;
  /** Takes a line for the log about a request that holds no image; tasks write their own. */
  log: (line: string) => void;
}

/** Is told how a request fares. */
export interface Follower {
  /** The share of the images to be uploaded that has gone out, from 0 to 1. */
  uploading: (share: number) => void;
  /** The request goes out, as it is then: with the addresses of uploaded images. */
  sent: (request: GeminiRequest) => void;
  progress: (progress: Progress) => void;
}

/** The only way out: whatever is sent to Gemini, from whichever button, command or program, goes through here. */
export class Sender {
  readonly #world: SenderWorld;

  constructor(world: SenderWorld) {
    this.#world = world;
  }

  /** Asks for permission, uploads what goes as a file, sends the request, and follows the answer as it comes. Rejects with an InspectorError. */
  async generate(outgoing: Omit<Sending, 'destination' | 'uploads'>, follow: Follower): Promise<GeminiReply> {
    const { job, request, images } = outgoing;
    const way = await this.#way();
    const uploads = await this.#world.uploads();
    let transfer = await uploads.plan(request, images, way);
    const sending = { ...outgoing, request: transfer.request, uploads: transfer.uploads, destination: way.destination };
    for (const permit of this.#world.permits) await permit(sending);
    job.throwIfCancelled();
    return this.#talk(job, way.key, way.destination, async (gemini, deadline) => {
      const line = { gemini, way, deadline, stall: this.#world.timeout() / 2, onProgress: (share: number) => follow.uploading(share) };
      for (;;) {
        const ready = await uploads.complete(transfer, images, line);
        follow.sent(ready);
        try {
          return await gemini.generate(ready, (index) => bytesOf(images, index), {
            signal: deadline.signal,
            onProgress: (progress) => {
              deadline.restart();
              follow.progress(progress);
            },
          });
        } catch (error) {
          // A file that has vanished is uploaded again unnoticed. That ends: each time there are fewer that are known.
          if (!(await uploads.forgetGone(error, transfer, line))) throw error;
          transfer = await uploads.plan(request, images, way);
        }
      }
    });
  }

  /** The models that the key may use. Sends no image. */
  async listModels(job: Job): Promise<Awaited<ReturnType<Gemini['listModels']>>> {
    const { destination, key } = await this.#way();
    return this.#logged(
      'list models',
      this.#talk(job, key, destination, (gemini, { signal }) => gemini.listModels({ signal })),
    );
  }

  /** Resolves when the API accepts the key, by a call that costs nothing and sends no image; rejects with the reason when not. */
  async checkKey(job: Job, key: string): Promise<void> {
    const check = this.#talk(job, key, this.#world.destination(), (gemini, { signal }) => gemini.checkKey({ signal }));
    return this.#logged('check key', check);
  }

  async #logged<T>(what: string, request: Promise<T>): Promise<T> {
    const started = Date.now();
    const log = (outcome: string) => this.#world.log(`${what} · ${Date.now() - started} ms · ${outcome}`);
    try {
      const result = await request;
      log('OK');
      return result;
    } catch (error) {
      log(error instanceof InspectorError ? error.reason : 'failed');
      throw error;
    }
  }

  async #way(): Promise<Way> {
    const destination = this.#world.destination();
    const key = await this.#world.key();
    if (key === undefined) throw noApiKey();
    return { destination, key };
  }

  async #talk<T>(job: Job, key: string, destination: string, talk: (gemini: Gemini, deadline: Deadline) => Promise<T>): Promise<T> {
    const gemini = await this.#world.connect(key, destination);
    using deadline = new Deadline(job.signal, this.#world.timeout());
    return await talk(gemini, deadline);
  }
}

async function bytesOf(images: readonly Outgoing[], index: number): Promise<Uint8Array> {
  const image = images[index];
  if (image === undefined) throw new Error(`the request names image ${index} of ${images.length}`);
  return readWhole(image.body);
}

/** The failure where a key is needed and there is none. */
export function noApiKey(): InspectorError {
  return new InspectorError('noApiKey', t('Set a Gemini API key to run tasks.'), {
    detail: t("It is kept in VS Code's secret storage on this computer and used only to call Gemini."),
    actions: ['setApiKey', 'getApiKey'],
  });
}
