import { InspectorError } from '../../core/base/failure.ts';
import { partsSent } from '../../core/inspection/imageParts.ts';
import type { Inspection, SentBody, Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { CurrentTask } from './currentTask.ts';
import type { SessionRuns } from './sessionRuns.ts';

/** What a session knows that calls are made of. Images are named by the addresses of their files. */
export interface SessionContext {
  own: string;
  /** The further images that runs have brought. */
  others: readonly string[];
  /** The newer version beside which its image is looked at, without a run. */
  newer?: string | undefined;
  runs: Pick<SessionRuns, 'of' | 'shown'>;
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => string;
}

/** What runs calls. */
export interface CallTasks {
  run(call: TaskCall, job: Job, onProgress: (running: RunningTask) => void): Promise<Inspection>;
  /** Resolves to true when the user has set a key. */
  askForKey(): Promise<boolean>;
}

/** Makes a request once or more often by `once`, reporting the progress of one of those at work; resolves to the results. */
type Repeat = (
  once: (follow: (running: RunningTask) => void) => Promise<Inspection>,
  follow: (running: RunningTask) => void,
) => Promise<Inspection[]>;

/** Makes calls about the image of a session, and has them run there. Each run rejects like its task; the failure is shown in the session too. */
export class SessionCalls {
  readonly #tasks: CallTasks;
  readonly #current: CurrentTask;
  readonly #session: { context: () => SessionContext; begins: () => void };

  /** @param session what calls are made of, and what happens as one begins */
  constructor(tasks: CallTasks, current: CurrentTask, session: { context: () => SessionContext; begins: () => void }) {
    this.#tasks = tasks;
    this.#current = current;
    this.#session = session;
  }

  of(task: Task, query: string, options: TaskCall['options'], others: readonly string[] = []): TaskCall {
    const context = this.#session.context();
    const { newer } = context;
    const here = task === 'compare' && others.length === 0 && newer !== undefined ? [newer] : others;
    return callFor({ task, query, options }, here, context);
  }

  /** Runs a task for a program and shows its course. */
  runFromCode(task: Task, query: string, options: TaskCall['options'] = {}, others: readonly string[] = []): Promise<Inspection> {
    return this.run(this.of(task, query, options, others), new Job(1, 1, true));
  }

  /** Runs a task for someone at the screen: without a key, asks for one in place and then goes on. */
  async runAttended(task: Task, query: string, options: TaskCall['options'] = {}, others: readonly string[] = []): Promise<Inspection> {
    const call = this.of(task, query, options, others);
    try {
      return await this.run(call);
    } catch (error) {
      const keyMissing = error instanceof InspectorError && error.reason === 'noApiKey';
      if (!keyMissing || !(await this.#tasks.askForKey())) throw error;
      return this.run(call);
    }
  }

  /** Runs the last task again, in the words of the shown run or of the one that failed; `changed`: options that are to be others this time. */
  again(changed: TaskCall['options'] = {}): Promise<Inspection> | undefined {
    const context = this.#session.context();
    const { shown } = context.runs;
    const call = !this.#current.hasFailed && shown !== undefined ? callOf(shown, context) : this.#current.call;
    if (call === undefined) return undefined;
    const { task, query, options, images } = call;
    return this.runAttended(task, query, { ...options, ...changed }, images.slice(1));
  }

  /** Makes the request of a run as often as the job says and `repeat` has it, and shows its course. */
  async repeat(run: Inspection, job: Job, repeat: Repeat): Promise<void> {
    const again = callOf(run, this.#session.context());
    const call = { ...again, options: { ...again.options, model: run.model } };
    this.#session.begins();
    await this.#current.run(call, job, (follow) => repeat((followOne) => this.#tasks.run(call, job, followOne), follow));
  }

  async run(call: TaskCall, job = new Job()): Promise<Inspection> {
    this.#session.begins();
    const [inspection] = await this.#current.run(call, job, async (follow) => [await this.#tasks.run(call, job, follow)] as const);
    return inspection;
  }
}

/**
 * The call of a task.
 * @param others further images of a comparison; empty: those of the shown run, else all of the session; of a question, those of the run that it follows
 */
export function callFor(
  { task, query, options }: Pick<TaskCall, 'task' | 'query' | 'options'>,
  others: readonly string[],
  context: SessionContext,
): TaskCall {
  const isComparison = task === 'compare';
  const source = options.follow === undefined && isComparison ? context.runs.shown : context.runs.of(options.follow);
  const given = others.length > 0 || source === undefined ? others : othersOf(source, context);
  // A comparison that was not sent, or of which another run is shown, has left its images here.
  const here = isComparison && given.length === 0 ? context.others : given;
  return { task, images: [context.own, ...here], query, options };
}

/** What a run asked, of whatever model is set. */
export function callOf(run: Inspection, context: SessionContext): TaskCall {
  const { task, prompt, follows, images } = run;
  const { region, redactions }: Partial<SentBody> = images[0]?.sent ?? {};
  const parts = partsSent(run);
  const options = {
    ...(follows === undefined ? {} : { follow: follows }),
    ...(parts !== undefined ? { parts } : region === undefined ? {} : { region }),
    ...(redactions === undefined ? {} : { redactions }),
  };
  return { task, images: [context.own, ...othersOf(run, context)], query: prompt, options };
}

function othersOf({ images }: Inspection, { fileOf }: SessionContext): string[] {
  return images.slice(1).map(({ uri }) => fileOf(uri));
}
