import type * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SessionRuns } from './sessionRuns.ts';

/** What a session knows that calls are made of. */
export interface CallGround {
  uri: vscode.Uri;
  /** The further images that runs have brought. */
  others: readonly vscode.Uri[];
  runs: Pick<SessionRuns, 'of' | 'shown'>;
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => vscode.Uri;
}

/**
 * The call of a task.
 * @param others further images of a comparison; empty: those of the shown run, else all of the session; of a question, those of the run that it follows
 */
export function callFor(
  { task, query, options }: Pick<TaskCall, 'task' | 'query' | 'options'>,
  others: readonly vscode.Uri[],
  ground: CallGround,
): TaskCall {
  const isComparison = task === 'compare';
  const source = options.follow === undefined && isComparison ? ground.runs.shown : ground.runs.of(options.follow);
  const given = others.length > 0 || source === undefined ? others : othersOf(source, ground);
  // A comparison that was not sent, or of which another run is shown, has left its images here.
  const here = isComparison && given.length === 0 ? ground.others : given;
  return { task, uris: [ground.uri, ...here], query, options };
}

/** What a run asked, of whatever model is set. */
export function callOf(run: Inspection, ground: CallGround): TaskCall {
  const { task, prompt, follows, images } = run;
  const { region, redactions }: Partial<Inspection['images'][number]['sent']> = images[0]?.sent ?? {};
  const options = {
    ...(follows === undefined ? {} : { follow: follows }),
    ...(region === undefined ? {} : { region }),
    ...(redactions === undefined ? {} : { redactions }),
  };
  return { task, uris: [ground.uri, ...othersOf(run, ground)], query: prompt, options };
}

function othersOf({ images }: Inspection, { fileOf }: CallGround): vscode.Uri[] {
  return images.slice(1).map(({ uri }) => fileOf(uri));
}
