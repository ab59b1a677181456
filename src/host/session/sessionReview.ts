import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { OutgoingRequest } from '../../engine/sending/outgoing.ts';
import type { Consent } from '../../engine/sending/permits.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SendReview, SentPicture, SentSize } from '../../protocol.ts';
import { LeftPictures } from '../pictures/leftPictures.ts';

/** The review as the host has it. */
export type HostReview = Omit<SendReview, 'pictures'> & { pictures: HostPicture[] };

/** Describes what is sent, for people to look at. */
export interface SendReviews {
  ofSending: (outgoing: OutgoingRequest, signal: AbortSignal) => Promise<ReviewDetails>;
  ofCall: (call: TaskCall, signal: AbortSignal) => Promise<ReviewDetails>;
  ofRun: (run: Inspection, signal: AbortSignal) => Promise<ReviewDetails>;
  sizes: (call: TaskCall, signal: AbortSignal) => AsyncIterable<SentSize>;
  /** Takes away a picture that was made for a review. */
  forget: (pixels: vscode.Uri) => Promise<void>;
}

/** What a session shows of what is sent: before it goes, as a question or to look at, and afterwards. One review at a time; a question comes before everything. */
export class SessionReview implements vscode.Disposable {
  readonly #reviews: () => Promise<SendReviews>;
  readonly #changed: () => void;
  #review: HostReview | undefined;
  #work = new AbortController();
  #answer: ((consent: Consent) => void) | undefined;
  /** What the review is about, where it can still be changed. */
  #call: TaskCall | undefined;
  readonly #left = new LeftPictures<vscode.Uri>((pixels) => void this.#forget(pixels));

  /**
   * @param reviews loads what tells what is sent
   * @param changed called whenever the review is another
   */
  constructor(reviews: () => Promise<SendReviews>, changed: () => void) {
    this.#reviews = reviews;
    this.#changed = changed;
  }

  get shown(): HostReview | undefined {
    return this.#review;
  }

  get isAsking(): boolean {
    return this.#answer !== undefined;
  }

  /** The call that is asked about or looked at, where it can still be changed. */
  get call(): TaskCall | undefined {
    return this.#call;
  }

  /** Asks whether a sending may go out. `call`: what it is made of, where that can still be changed. Resolves to false when the job is cancelled, or nothing can be shown. */
  ask(outgoing: OutgoingRequest, { canRemember, call }: { canRemember: boolean; call?: TaskCall | undefined }): Promise<Consent> {
    this.close();
    const { signal } = outgoing.job;
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const refuse = () => this.#close(false);
      this.#answer = (consent) => {
        signal.removeEventListener('abort', refuse);
        resolve(consent);
      };
      signal.addEventListener('abort', refuse, { once: true });
      const { task, model } = outgoing.request;
      this.#open(
        { kind: 'ask', task, model, prompt: call?.query ?? '', ...(canRemember ? { canRemember } : {}) },
        async (work) => (await this.#reviews()).ofSending(outgoing, work),
        call,
      );
    });
  }

  /** Shows what a call would send. A question that waits is left alone. */
  look(call: TaskCall, model: string): void {
    if (this.isAsking) return;
    this.close();
    this.#open(
      { kind: 'look', task: call.task, model, prompt: call.query },
      async (work) => (await this.#reviews()).ofCall(call, work),
      call,
    );
  }

  /** Shows what was sent for a run. A question that waits is left alone. */
  past(run: Inspection): void {
    if (this.isAsking) return;
    this.close();
    this.#open(
      { kind: 'past', task: run.task, model: run.model, prompt: run.prompt },
      async (work) => (await this.#reviews()).ofRun(run, work),
      undefined,
    );
  }

  /** Takes a page's answer to the review that it shows; one to any other review is nothing. */
  answer(id: string, consent: Consent): void {
    if (this.#review?.id === id) this.#close(this.#review.pictures.length > 0 ? consent : false);
  }

  /** Closes whatever is open; a question is answered with no. */
  close(): void {
    this.#close(false);
  }

  dispose(): void {
    this.close();
    this.#left.dispose();
  }

  #close(consent: Consent): void {
    const review = this.#review;
    const answer = this.#answer;
    this.#work.abort(new InspectorError('cancelled', ''));
    this.#review = undefined;
    this.#answer = undefined;
    this.#call = undefined;
    this.#left.add((review?.pictures ?? []).flatMap(({ pixels }) => pixels ?? []));
    answer?.(consent);
    if (review !== undefined) this.#changed();
  }

  #open(
    about: Omit<HostReview, 'id' | 'pictures'>,
    facts: (signal: AbortSignal) => Promise<ReviewDetails>,
    call: TaskCall | undefined,
  ): void {
    this.#work = new AbortController();
    this.#call = call;
    this.#review = { id: randomUUID(), ...about, pictures: [] };
    this.#changed();
    void this.#fill(this.#review, facts, call, this.#work.signal);
  }

  async #fill(
    review: HostReview,
    facts: (signal: AbortSignal) => Promise<ReviewDetails>,
    call: TaskCall | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    let canResize = call !== undefined;
    try {
      const { prompt, ...found } = await facts(signal);
      if (signal.aborted) {
        for (const { pixels } of found.pictures) if (pixels !== undefined) await this.#forget(pixels);
        return;
      }
      canResize &&= found.pictures.length === 1;
      this.#change(review.id, found);
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureView(error);
      canResize &&= failure.reason === 'tooLarge';
      this.#change(review.id, { failure });
    }
    if (!canResize || call === undefined) return;
    try {
      for await (const size of (await this.#reviews()).sizes(call, signal)) this.#addSize(review.id, size);
    } catch {
      // A size that cannot be had is not offered.
    }
  }

  async #forget(pixels: vscode.Uri): Promise<void> {
    await (await this.#reviews()).forget(pixels);
  }

  #addSize(id: string, size: SentSize): void {
    this.#change(id, { sizes: [...(this.#review?.sizes ?? []), size] });
  }

  #change(id: string, change: Partial<HostReview>): void {
    if (this.#review?.id !== id) return;
    this.#review = { ...this.#review, ...change };
    this.#changed();
  }
}

/** A picture of a review as the host has it. */
export interface HostPicture extends Omit<SentPicture, 'src'> {
  pixels?: vscode.Uri;
}

/** What a review says, as far as it is about what is sent. */
export interface ReviewDetails extends Omit<SendReview, 'id' | 'kind' | 'canRemember' | 'failure' | 'pictures'> {
  pictures: HostPicture[];
}
