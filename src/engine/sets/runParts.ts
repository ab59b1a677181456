import type { InspectorError } from '../../core/base/failure.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { Job } from '../sending/job.ts';
import type { Sender } from '../sending/sender.ts';
import type { TaskRules } from '../task/settings.ts';
import type { TaskPlanner } from '../task/taskPlanner.ts';
import type { Log, Refine } from '../task/taskRunner.ts';

/** What runs the requests of a set. */
export interface RunParts {
  planner: () => Promise<TaskPlanner>;
  sender: Pick<Sender, 'generate' | 'permitUpload' | 'query' | 'beginBatch' | 'recordBatch' | 'deleteUpload'>;
  rules: Pick<TaskRules, 'tokenBasis'>;
  log: Log;
  refine?: Refine | undefined;
  /** Requests at a time. */
  concurrency: () => number;
  /** US dollars that a set may cost, whatever it was made with. */
  maxUsd?: number | undefined;
  /** Told of each new result. */
  finished?: ((inspection: Inspection) => void) | undefined;
  /** Requests of one job, where it is not the usual number. */
  mostRequests?: number | undefined;
  /** Hours after which a job that has not ended is given up; 24 if unset. */
  deadlineHours?: (() => number) | undefined;
  /** True where the user waits on for a job that has passed its deadline: it counts anew from the beginning of the run. */
  isPatient?: boolean | undefined;
  /** Told once it is known how the jobs of an earlier run stand. */
  looked?: (() => void) | undefined;
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
  /** Waits between looks at a job. */
  wait?: ((milliseconds: number, job: Job) => Promise<void>) | undefined;
}

/** How a run has ended: with nothing left, or with images left, for a reason. `isStalled`: a job did not answer all. */
export type RunEnd = { isEnded: true } | { isEnded: false; reason?: InspectorError; isStalled?: true };

/** The image is asked about in the place of another of the same content. */
export class HasTwin extends Error {
  readonly of: number;

  constructor(of: number) {
    super('another image of the set has the same content');
    this.of = of;
  }
}

/** There is a result already. */
export class DoneBefore extends Error {}
