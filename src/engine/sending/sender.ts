import { hash } from 'node:crypto';
import { changed, InspectorError, unreadable } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { FLEX_TIMEOUT } from '../../core/models/speed.ts';
import type { DecisionReply } from '../../core/reply/decisionAnswers.ts';
import type { MaskAnswer } from '../../core/reply/maskAnswer.ts';
import { atStandard, type GeminiRequest, speedOf } from '../../core/request/request.ts';
import { PENDING, type Transfer, withFiles } from '../../core/request/transfer.ts';
import type { UploadedFile } from '../../core/request/uploadList.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { Usage } from '../../core/usage/usage.ts';
import type { Gemini, ImageBytes } from '../../gemini/api/api.ts';
import { Timeout } from '../../gemini/http/timeout.ts';
import { memorySource, readWhole } from '../../imaging/reading/byteSource.ts';
import type { Job } from './job.ts';
import type { OutgoingImage, OutgoingRequest, SendOutcome, UnroutedRequest } from './outgoing.ts';
import { assertSameAgain, permitsOf } from './permits.ts';
import { Retries, type RetryWait, waitLine } from './retry.ts';
import type { Follower, SenderOptions } from './senderOptions.ts';
import { noAnswer, noApiKey } from './sendFailures.ts';
import type { Endpoint } from './uploadCache.ts';

const NO_BYTES = memorySource(new Uint8Array());

/** Puts a request to the API once its files are there. */
type Ask<T> = (gemini: Gemini, ready: GeminiRequest, bytes: ImageBytes, timeout: Timeout) => Promise<T>;

/** The only way out: whatever is sent to Gemini, from whichever button, command or program, goes through here. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #retries: Retries;

  constructor(options: SenderOptions, retries = new Retries()) {
    this.#options = options;
    this.#retries = retries;
  }

  /**
   * Asks for permission, uploads what goes as a file, sends the request, and follows the answer as it comes; again after a wait where that may help.
   * Rejects with an InspectorError.
   */
  async generate(unrouted: UnroutedRequest, follow: Follower): Promise<GeminiReply> {
    try {
      return await this.#generate(unrouted, follow);
    } catch (error) {
      if (!(await this.#isMoved(unrouted, error))) throw error;
      // It costs another sum, so everything is asked anew.
      return this.#generate({ ...unrouted, request: atStandard(unrouted.request) }, follow);
    }
  }

  /** True where the user wants a request that flex has shed to go out at standard speed. */
  async #isMoved(unrouted: UnroutedRequest, error: unknown): Promise<boolean> {
    const { standardInstead } = this.#options;
    const { job, request } = unrouted;
    const isShed = error instanceof InspectorError && (error.reason === 'overloaded' || error.reason === 'rateLimited');
    if (!isShed || speedOf(request) !== 'flex' || job.fromCode || job.isSet || standardInstead === undefined) return false;
    const outgoing = { ...unrouted, uploads: [], destination: this.#options.destination() };
    const moves = await Promise.race([standardInstead(outgoing, error), job.cancelled()]);
    job.throwIfCancelled();
    return moves;
  }

  async #generate(unrouted: UnroutedRequest, follow: Follower): Promise<GeminiReply> {
    const endpoint = await this.#endpoint();
    const { outgoing, transfer } = await this.#plan(unrouted, endpoint);
    let text: string | undefined;
    let outcome: SendOutcome;
    try {
      await this.#permitted(outgoing);
      await this.#options.begin(outgoing);
      const callbacks = {
        uploading: (share: number) => follow.uploading(share),
        waiting: (wait: RetryWait) => {
          text = undefined;
          follow.waiting(wait);
        },
      };
      const reply = await this.#sendWithRetry(unrouted, transfer, endpoint, callbacks, async (gemini, ready, bytes, timeout) => {
        await follow.leaving?.();
        text = '';
        follow.sent(ready, endpoint.destination);
        return gemini.generate(ready, bytes, {
          signal: timeout.signal,
          onProgress: (progress) => {
            text = progress.text;
            timeout.restart();
            follow.progress(progress);
          },
        });
      });
      outcome = { reply };
      return reply;
    } catch (error) {
      if (text !== undefined && isBrokenOff(error)) outcome = { text };
      throw error;
    } finally {
      await this.#options.recordUsage(outgoing, outcome);
    }
  }

  /** Asks for permission like any other sending, then has the questions of the request answered, which is paid for by its input alone. */
  decide(unrouted: UnroutedRequest): Promise<DecisionReply> {
    const ask: Ask<DecisionReply> = (gemini, ready, bytes, { signal }) => gemini.decide(ready, bytes, { signal });
    return this.#answered('check objects', unrouted, ask, ({ usage }) => usage);
  }

  /** Asks for permission like any other sending, then has the mask engine answer, which says nothing of what that costs. */
  segment(unrouted: UnroutedRequest): Promise<MaskAnswer> {
    const ask: Ask<MaskAnswer> = (gemini, ready, bytes, { signal }) => gemini.segment(ready, bytes, { signal });
    return this.#answered('mask of an object', unrouted, ask, () => ({}));
  }

  /** One request whose answer comes whole. `what`: for the log. */
  async #answered<T>(what: string, unrouted: UnroutedRequest, ask: Ask<T>, usageOf: (answer: T) => Usage): Promise<T> {
    const endpoint = await this.#endpoint();
    const { outgoing, transfer } = await this.#plan(unrouted, endpoint);
    let isOut = false;
    let outcome: SendOutcome;
    try {
      await this.#permitted(outgoing);
      await this.#options.begin(outgoing);
      const callbacks = {
        uploading: () => undefined,
        waiting: () => {
          isOut = false;
        },
      };
      const answer = await this.#sendWithRetry(unrouted, transfer, endpoint, callbacks, (...asked) => {
        isOut = true;
        return this.#logged(what, ask(...asked));
      });
      outcome = { reply: { text: '', blockedCategories: [], usage: usageOf(answer), cut: false } };
      return answer;
    } catch (error) {
      if (isOut && isBrokenOff(error)) outcome = { text: '' };
      throw error;
    } finally {
      await this.#options.recordUsage(outgoing, outcome);
    }
  }

  /** Asks for permission like any other sending, then has the API count the tokens of the request, which costs nothing. */
  async countTokens(unrouted: UnroutedRequest, waiting: Follower['waiting'] = () => undefined): Promise<number> {
    const endpoint = await this.#endpoint();
    const { outgoing, transfer } = await this.#plan({ ...unrouted, isFree: true }, endpoint);
    await this.#permitted(outgoing);
    const counting = this.#sendWithRetry(
      unrouted,
      transfer,
      endpoint,
      { uploading: () => undefined, waiting },
      (gemini, ready, bytes, { signal }) => gemini.countTokens(ready, bytes, { signal }),
    );
    return this.#logged('count tokens', counting);
  }

  /** How a request would go. Asks nobody and sends nothing; rejects where it could go nowhere. */
  async preview(unrouted: UnroutedRequest): Promise<OutgoingRequest> {
    const endpoint = { destination: this.#options.destination(), key: (await this.#options.key()) ?? '' };
    return (await this.#plan(unrouted, endpoint)).outgoing;
  }

  async #plan(unrouted: UnroutedRequest, endpoint: Endpoint): Promise<{ outgoing: OutgoingRequest; transfer: Transfer }> {
    const uploads = await this.#options.uploads();
    const transfer = await uploads.plan(unrouted.request, unrouted.images, endpoint);
    return { outgoing: { ...unrouted, request: transfer.request, uploads: transfer.uploads, destination: endpoint.destination }, transfer };
  }

  async #permitted(outgoing: OutgoingRequest): Promise<void> {
    if (outgoing.job.times > 1 && outgoing.series === undefined) assertSameAgain(outgoing);
    for (const permit of [...permitsOf(outgoing.job), ...this.#options.permits]) await permit(outgoing);
    outgoing.job.throwIfCancelled();
  }

  /** Uploads what goes as a file, then asks: again where a file has vanished meanwhile. */
  async #sendWithRetry<T>(
    { job, request, images }: UnroutedRequest,
    first: Transfer,
    endpoint: Endpoint,
    { uploading, waiting }: Pick<Follower, 'uploading' | 'waiting'>,
    ask: Ask<T>,
  ): Promise<T> {
    const uploads = await this.#options.uploads();
    let transfer = first;
    const rateLimitKey = JSON.stringify([endpoint.destination, endpoint.key, request.model]);
    return this.#withClient(
      job,
      endpoint.key,
      endpoint.destination,
      async (gemini, timeout) => {
        const connection = { gemini, endpoint, timeout, stall: this.#options.timeout() / 2, onProgress: uploading };
        for (;;) {
          try {
            const attempt = async () => {
              timeout.restart();
              // Another attempt finds what an earlier one has uploaded.
              const ready = await uploads.complete(transfer, images, connection);
              timeout.restart();
              return ask(gemini, ready, (index) => bytesOf(images, index), timeout);
            };
            return await this.#retries.run(rateLimitKey, attempt, (wait) => {
              timeout.stop();
              this.#options.log(waitLine(wait));
              waiting(wait);
              return job.wait(wait.seconds * 1000);
            });
          } catch (error) {
            // A file that has vanished is uploaded again unnoticed. That ends: each time there are fewer that are known.
            if (!(await uploads.forgetGone(error, transfer, connection))) throw error;
            transfer = await uploads.plan(request, images, endpoint);
          }
        }
      },
      this.#timeoutOf(request),
    );
  }

  /** The models that the key may use. Sends no image. */
  async listModels(job: Job): Promise<Awaited<ReturnType<Gemini['listModels']>>> {
    const { destination, key } = await this.#endpoint();
    return this.#query('list models', job, { destination, key }, (gemini, { signal }) => gemini.listModels({ signal }));
  }

  /**
   * Resolves when the API accepts the key, by a call that costs nothing and sends no image; rejects with the reason when not.
   * Tried once: someone waits for it, and may press Enter again.
   */
  async checkKey(job: Job, key: string): Promise<void> {
    const check = this.#withClient(job, key, this.#options.destination(), (gemini, { signal }) => gemini.checkKey({ signal }));
    return this.#logged('check key', check);
  }

  /** The files that the key's project has uploaded. Sends no image. */
  async listUploads(job: Job): Promise<UploadedFile[]> {
    const endpoint = await this.#endpoint();
    const files = await this.#query('list files', job, endpoint, (gemini, { signal }) => gemini.listFiles({ signal }));
    return (await this.#options.uploads()).merged(files, endpoint);
  }

  /** Deletes an uploaded file, which may be gone already. */
  async deleteUpload(job: Job, name: string): Promise<void> {
    const endpoint = await this.#endpoint();
    await this.#query('delete file', job, endpoint, (gemini, { signal }) => gemini.deleteFile(name, { signal })).catch((error: unknown) => {
      if (!(error instanceof InspectorError && error.uploadExpired)) throw error;
    });
    await (await this.#options.uploads()).forget([name]);
  }

  /** Asks for permission to leave images with the API for a batch, like any other sending; `recordBatch` ends that. */
  async permitUpload(unrouted: UnroutedRequest): Promise<OutgoingRequest> {
    const places = unrouted.images.map((_, place) => place);
    const request = withFiles(unrouted.request, new Map(places.map((place) => [place, PENDING])));
    const { destination } = await this.#endpoint();
    const outgoing: OutgoingRequest = { ...unrouted, request, uploads: places, destination, isBatch: true };
    await this.#permitted(outgoing);
    return outgoing;
  }

  /** Takes down what an image of a batch is expected to cost, under a name by which another process can end it: `recordBatch` with that name. */
  async beginBatch(permitted: OutgoingRequest, sending: string): Promise<void> {
    const { images, ...about } = permitted;
    // A batch takes a day: no image is kept in memory for so long.
    await this.#options.begin({ ...about, images: images.map((image) => ({ ...image, body: NO_BYTES })), sending });
    await this.#options.recordUsage(permitted, undefined);
  }

  /** Takes down what an image of a batch has cost; undefined for nothing. */
  recordBatch(outgoing: OutgoingRequest, outcome: SendOutcome): Promise<void> {
    return this.#options.recordUsage(outgoing, outcome);
  }

  /** Has something of a batch done, again where that may help: what makes something anew has to look whether it is there. */
  async query<T>(what: string, job: Job, work: (gemini: Gemini, timeout: Timeout) => Promise<T>): Promise<T> {
    return this.#query(what, job, await this.#endpoint(), work);
  }

  /** A request without images: tried again in silence, since it never takes the user's time for long. */
  async #query<T>(what: string, job: Job, endpoint: Endpoint, work: (gemini: Gemini, timeout: Timeout) => Promise<T>): Promise<T> {
    const attempt = () => this.#withClient(job, endpoint.key, endpoint.destination, work);
    const rateLimitKey = JSON.stringify([endpoint.destination, endpoint.key]);
    return this.#logged(
      what,
      this.#retries.run(rateLimitKey, attempt, ({ seconds }) => job.wait(seconds * 1000)),
    );
  }

  async #logged<T>(what: string, request: Promise<T>): Promise<T> {
    const started = Date.now();
    const log = (outcome: string) => this.#options.log(`${what} · ${Date.now() - started} ms · ${outcome}`);
    try {
      const result = await request;
      log('OK');
      return result;
    } catch (error) {
      log(error instanceof InspectorError ? error.reason : 'failed');
      throw error;
    }
  }

  async #endpoint(): Promise<Endpoint> {
    const destination = this.#options.destination();
    const key = await this.#options.key();
    if (key === undefined) throw noApiKey();
    return { destination, key };
  }

  /** Milliseconds. What is asked at flex takes its time, whatever the setting. */
  #timeoutOf(request: GeminiRequest): number {
    const timeout = this.#options.timeout();
    return speedOf(request) === 'flex' ? Math.max(timeout, FLEX_TIMEOUT) : timeout;
  }

  async #withClient<T>(
    job: Job,
    key: string,
    destination: string,
    work: (gemini: Gemini, timeout: Timeout) => Promise<T>,
    milliseconds = this.#options.timeout(),
  ): Promise<T> {
    const gemini = await this.#options.connect(key, destination, milliseconds);
    using timeout = new Timeout(job.signal, milliseconds, () => noAnswer(milliseconds));
    return await work(gemini, timeout);
  }
}

/** True where the request went out and this side gave up on its answer: an error that the API answers with is not billed. */
function isBrokenOff(error: unknown): boolean {
  return error instanceof InspectorError && (error.reason === 'cancelled' || error.reason === 'timeout');
}

/** The bytes of an image, if they are still those that the user has seen. */
async function bytesOf(images: readonly OutgoingImage[], index: number): Promise<Uint8Array> {
  const image = images[index];
  if (image === undefined) throw new Error(`the request names image ${index} of ${images.length}`);
  const bytes = await readWhole(image.body).catch((error: unknown) => {
    throw error instanceof InspectorError ? error : unreadable(t('It could not be read.'), error);
  });
  const sha256 = image.body.checkedSha256 ?? hash('sha256', bytes);
  if (sha256 !== image.sha256 || bytes.length !== image.body.size) throw changed();
  return bytes;
}
