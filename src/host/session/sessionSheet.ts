import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { Sending } from '../../engine/sending/outgoing.ts';
import type { Consent } from '../../engine/sending/permits.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SentPicture, SentSheet, SentSize } from '../../protocol.ts';

/** The sheet as the host has it. */
export type HostSheet = Omit<SentSheet, 'pictures'> & { pictures: HostPicture[] };

/** Tells what is sent, for people to look at. */
export interface SendReviews {
  ofSending: (sending: Sending, signal: AbortSignal) => Promise<SheetFacts>;
  ofCall: (call: TaskCall, signal: AbortSignal) => Promise<SheetFacts>;
  ofRun: (run: Inspection, signal: AbortSignal) => Promise<SheetFacts>;
  sizes: (call: TaskCall, signal: AbortSignal) => AsyncIterable<SentSize>;
  /** Takes away a picture that was made for a sheet. */
  forget: (pixels: vscode.Uri) => Promise<void>;
}

/** What a session shows of what is sent: before it goes, as a question or to look at, and afterwards. One sheet at a time; a question comes before everything. */
export class SessionSheet implements vscode.Disposable {
  readonly #reviews: () => Promise<SendReviews>;
  readonly #changed: () => void;
  #sheet: HostSheet | undefined;
  #work = new AbortController();
  #answer: ((consent: Consent) => void) | undefined;
  /** What the sheet is about, where it can still be changed. */
  #call: TaskCall | undefined;

  /**
   * @param reviews loads what tells what is sent
   * @param changed is told whenever the sheet is another
   */
  constructor(reviews: () => Promise<SendReviews>, changed: () => void) {
    this.#reviews = reviews;
    this.#changed = changed;
  }

  get shown(): HostSheet | undefined {
    return this.#sheet;
  }

  get isAsking(): boolean {
    return this.#answer !== undefined;
  }

  /** The call that is asked about or looked at, where it can still be changed. */
  get call(): TaskCall | undefined {
    return this.#call;
  }

  /** Asks whether a sending may go out. `call`: what it is made of, where that can still be changed. Resolves to false when the job is cancelled, or nothing can be shown. */
  ask(sending: Sending, { canRemember, call }: { canRemember: boolean; call?: TaskCall | undefined }): Promise<Consent> {
    this.close();
    const { signal } = sending.job;
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const refuse = () => this.#close(false);
      this.#answer = (consent) => {
        signal.removeEventListener('abort', refuse);
        resolve(consent);
      };
      signal.addEventListener('abort', refuse, { once: true });
      const { task, model } = sending.request;
      this.#open(
        { kind: 'ask', task, model, prompt: call?.query ?? '', ...(canRemember ? { canRemember } : {}) },
        async (work) => (await this.#reviews()).ofSending(sending, work),
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

  /** Takes a page's answer to the sheet that it shows; one to any other sheet is nothing. */
  answer(id: string, consent: Consent): void {
    if (this.#sheet?.id === id) this.#close(this.#sheet.pictures.length > 0 ? consent : false);
  }

  /** Closes whatever is open; a question is answered with no. */
  close(): void {
    this.#close(false);
  }

  dispose(): void {
    this.close();
  }

  #close(consent: Consent): void {
    const sheet = this.#sheet;
    const answer = this.#answer;
    this.#work.abort(new InspectorError('cancelled', ''));
    this.#sheet = undefined;
    this.#answer = undefined;
    this.#call = undefined;
    for (const { pixels } of sheet?.pictures ?? []) if (pixels !== undefined) void this.#forget(pixels);
    answer?.(consent);
    if (sheet !== undefined) this.#changed();
  }

  #open(about: Omit<HostSheet, 'id' | 'pictures'>, facts: (signal: AbortSignal) => Promise<SheetFacts>, call: TaskCall | undefined): void {
    this.#work = new AbortController();
    this.#call = call;
    this.#sheet = { id: randomUUID(), ...about, pictures: [] };
    this.#changed();
    void this.#fill(this.#sheet, facts, call, this.#work.signal);
  }

  async #fill(
    sheet: HostSheet,
    facts: (signal: AbortSignal) => Promise<SheetFacts>,
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
      this.#change(sheet.id, found);
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureView(error);
      canResize &&= failure.reason === 'tooLarge';
      this.#change(sheet.id, { failure });
    }
    if (!canResize || call === undefined) return;
    try {
      for await (const size of (await this.#reviews()).sizes(call, signal)) this.#addSize(sheet.id, size);
    } catch {
      // A size that cannot be had is not offered.
    }
  }

  async #forget(pixels: vscode.Uri): Promise<void> {
    await (await this.#reviews()).forget(pixels);
  }

  #addSize(id: string, size: SentSize): void {
    this.#change(id, { sizes: [...(this.#sheet?.sizes ?? []), size] });
  }

  #change(id: string, change: Partial<HostSheet>): void {
    if (this.#sheet?.id !== id) return;
    this.#sheet = { ...this.#sheet, ...change };
    this.#changed();
  }
}

/** A picture of a sheet as the host has it. */
export interface HostPicture extends Omit<SentPicture, 'src'> {
  pixels?: vscode.Uri;
}

/** What a sheet says, as far as it is about what is sent. */
export interface SheetFacts extends Omit<SentSheet, 'id' | 'kind' | 'canRemember' | 'failure' | 'pictures'> {
  pictures: HostPicture[];
}
