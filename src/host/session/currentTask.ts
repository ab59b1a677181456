import { type FailureView, failureView } from '../../core/base/failure.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SessionState } from '../../protocol.ts';
import { cancelledNote, endedNote } from './sessionNotes.ts';

/** What a session does as its task goes on. */
export interface TaskEvents {
  /** `isNew`: more than the objects that arrive has changed. */
  progressed: (running: RunningTask, isNew: boolean) => void;
  finished: (last: Inspection) => void;
  ended: () => void;
  /** The result that is shown, and goes on being shown where a task brings none. */
  shown: () => Inspection | undefined;
}

/** The task at work in a session, one at a time, and how the last one ended. */
export class CurrentTask {
  readonly #events: TaskEvents;
  #job: Job | undefined;
  #running: RunningTask | undefined;
  #failure: FailureView | undefined;
  #note: string | undefined;
  #call: TaskCall | undefined;

  constructor(events: TaskEvents) {
    this.#events = events;
  }

  /** The last one, also where it has ended. */
  get call(): TaskCall | undefined {
    return this.#call;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** The part of the page's state that is about it. */
  get state(): Pick<SessionState, 'running' | 'failure' | 'note'> {
    return {
      ...(this.#running === undefined ? {} : { running: this.#running }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#note === undefined ? {} : { note: this.#note }),
    };
  }

  /** True where the task is that of the job. */
  owns(job: Job): boolean {
    return this.#job === job;
  }

  /** Cancels the one before, then has `work` make the request, once or more often. Rejects like `work`; the failure is kept too. */
  async run<Result extends readonly Inspection[]>(
    call: TaskCall,
    job: Job,
    work: (follow: (running: RunningTask) => void) => Promise<Result>,
  ): Promise<Result> {
    this.cancel();
    this.#job = job;
    this.forgetEnd();
    this.#call = call;
    try {
      const inspections = await work((running) => this.#follow(job, running));
      this.#finish(job, inspections);
      return inspections;
    } catch (error) {
      if (this.owns(job)) this.#keepFailure(error);
      throw error;
    } finally {
      this.#end(job);
    }
  }

  /** Forgets how the last one ended. */
  forgetEnd(): void {
    this.#failure = undefined;
    this.#note = undefined;
  }

  forgetFailure(): void {
    this.#failure = undefined;
  }

  cancel(): void {
    this.#job?.cancel();
  }

  /** Ends the wait before another attempt. */
  skipWait(): void {
    this.#job?.skipWait();
  }

  #follow(job: Job, running: RunningTask): void {
    if (!this.owns(job)) return;
    const before = this.#running;
    const isNew = before === undefined || before.startedAt !== running.startedAt || running.detections.length < before.detections.length;
    this.#running = running;
    this.#events.progressed(running, isNew);
  }

  #finish(job: Job, inspections: readonly Inspection[]): void {
    const last = inspections.at(-1);
    if (!this.owns(job) || last === undefined) return;
    this.#events.finished(last);
    if (job.signal.aborted) this.#note = cancelledNote(last, inspections.length, job.times);
  }

  #keepFailure(error: unknown): void {
    const failure = failureView(error);
    const note = endedNote(failure, this.#events.shown());
    // There are no words to edit where none were written.
    const actions = failure.actions.filter((action) => action !== 'editPrompt' || this.#call?.query.trim() !== '');
    if (note === undefined) this.#failure = { ...failure, actions };
    else this.#note = note;
  }

  #end(job: Job): void {
    if (!this.owns(job)) return;
    this.#job = undefined;
    this.#running = undefined;
    this.#events.ended();
  }
}
