import { partsSent } from '../../core/inspection/imageParts.ts';
import type { Inspection, SentBody } from '../../core/inspection/inspection.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SessionRuns } from './sessionRuns.ts';

/** What a session knows that calls are made of. Images are named by the addresses of their files. */
export interface SessionContext {
  own: string;
  /** The further images that runs have brought. */
  others: readonly string[];
  runs: Pick<SessionRuns, 'of' | 'shown'>;
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => string;
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
