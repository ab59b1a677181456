import { pseudoRandom } from '../tools/pseudoRandom.ts';
import type { BatchCourse, StoredBatch } from './batchStore.ts';
import { internalError, overloaded, rateLimited } from './errors.ts';
import type { FileStore } from './fileStore.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { ScriptedAnswer } from './script.ts';

/** What may go wrong: with a request, with a batch, with one of its lines. */
export const BATCH_FAULTS = [
  'storm',
  'unavailable',
  'dropped',
  'stuck',
  'expired',
  'failed',
  'odd',
  'lostAnswer',
  'lateFile',
  'filesGone',
  'halfResults',
  'brokenDownload',
  'lookRefused',
  'errorLine',
  'lostLine',
] as const;
export type BatchFault = (typeof BATCH_FAULTS)[number];

/** How often each happens, from 0 to 1: of requests, of batches, of lines. A batch has at most one fault that ends it. */
export type FaultRates = Readonly<Partial<Record<BatchFault, number>>>;

export const USUAL_RATES: FaultRates = {
  storm: 0.002,
  unavailable: 0.02,
  dropped: 0.005,
  stuck: 0.08,
  expired: 0.08,
  failed: 0.08,
  odd: 0.1,
  lostAnswer: 0.1,
  lateFile: 0.1,
  filesGone: 0.15,
  halfResults: 0.1,
  brokenDownload: 0.2,
  lookRefused: 0.3,
  errorLine: 0.02,
  lostLine: 0.005,
};

/** Requests that a storm of 429s takes in at most. */
const LONGEST_STORM = 30;
/** What the API advises in a storm, in seconds. */
const STORM_WAIT = 0.05;
/** Of the images of a batch from which files have gone. */
const SHARE_GONE = 0.1;
/** These are asked again by whoever asks: what is lost of an upload is a matter of its own tests. */
const SPARED: readonly string[] = ['continueUpload', 'unknown'];

/** Faults by chance that are the same for the same seed and the same requests in the same order. */
export class FaultScript {
  /** How often each has happened. */
  readonly injected = Object.fromEntries(BATCH_FAULTS.map((fault) => [fault, 0])) as Record<BatchFault, number>;
  readonly #random: () => number;
  readonly #rates: FaultRates;
  #storm = 0;

  constructor(seed: number, rates: FaultRates = USUAL_RATES) {
    this.#random = pseudoRandom(seed);
    this.#rates = rates;
  }

  /** What is answered instead; undefined where nothing is wrong. */
  answerTo({ endpoint, model }: ReceivedRequest): ScriptedAnswer | undefined {
    if (SPARED.includes(endpoint)) return undefined;
    if (endpoint === 'generateContent' || endpoint === 'streamGenerateContent') {
      if (this.#storm === 0 && this.#happens('storm')) this.#storm = 1 + Math.floor(this.#random() * LONGEST_STORM);
      if (this.#storm > 0) {
        this.#storm -= 1;
        return rateLimited(STORM_WAIT, model);
      }
    }
    if (this.#happens('unavailable')) return this.#random() < 0.8 ? overloaded() : internalError();
    return this.#happens('dropped') ? { drop: true } : undefined;
  }

  /** How a new batch goes. */
  courseOf(_batch: StoredBatch, files: FileStore): BatchCourse {
    const course: BatchCourse = {
      pending: this.#some(3),
      running: this.#some(3),
      order: this.#random() < 0.5 ? 'reversed' : 'asked',
      line: () => this.#lineFault(),
    };
    if (this.#happens('odd')) course.odd = 'BATCH_STATE_PAUSED';
    if (this.#happens('lostAnswer')) course.losesAnswer = true;
    if (this.#happens('lateFile')) course.fileLate = 1 + this.#some(2);
    if (this.#happens('lookRefused')) course.unavailable = 1 + this.#some(3);
    if (this.#happens('filesGone')) course.onStart = (batch) => this.#loseFiles(batch, files);
    if (this.#happens('brokenDownload')) files.brokenDownloads += 1;
    if (this.#happens('stuck')) return { ...course, pending: Number.POSITIVE_INFINITY };
    if (this.#happens('expired')) return { ...course, end: 'EXPIRED' };
    if (this.#happens('failed')) return { ...course, running: 0, end: 'FAILED' };
    if (this.#happens('halfResults')) return { ...course, share: this.#random() };
    return course;
  }

  #lineFault(): ReturnType<NonNullable<BatchCourse['line']>> {
    if (this.#happens('lostLine')) return 'lost';
    if (!this.#happens('errorLine')) return undefined;
    const errors = [
      { code: 13, message: 'Internal error encountered.' },
      { code: 14, message: 'The service is currently unavailable.' },
      { code: 8, message: 'Resource has been exhausted (e.g. check quota).' },
      { code: 3, message: 'Provided image is not valid.' },
    ];
    return errors[this.#some(errors.length - 1)];
  }

  #loseFiles({ lines }: StoredBatch, files: FileStore): void {
    for (const { request } of lines) {
      const [, name] = /\/v1beta\/(files\/[^"/]+)"/.exec(JSON.stringify(request)) ?? [];
      if (name !== undefined && this.#random() < SHARE_GONE) files.delete(name);
    }
  }

  #happens(fault: BatchFault): boolean {
    const rate = this.#rates[fault] ?? 0;
    if (rate === 0 || this.#random() >= rate) return false;
    this.injected[fault] += 1;
    return true;
  }

  /** From 0 to `most`. */
  #some(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }
}
