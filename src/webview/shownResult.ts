import type { Detection, Inspection, Task } from '../core/inspection.ts';
import { type LabelStyle, labelOrder, labelStyle } from '../core/palette.ts';
import type { Appearance, RunningTask, SessionState } from '../protocol.ts';

/** An object with the style of its label. */
export interface StyledObject {
  detection: Detection;
  style: LabelStyle;
}

/** What the page shows: the task at work before everything else, else the chosen run, else nothing. */
export interface ShownResult {
  /** Tells one result from another. */
  key: string;
  task: Task | undefined;
  prompt: string;
  running: RunningTask | undefined;
  run: Inspection | undefined;
  /** Objects in the first image, in the order of the reply. */
  objects: readonly StyledObject[];
  text: string | undefined;
}

/** Picks what is shown out of the session. Colours are given by label, or to one object after the other. */
export function shownResult(session: SessionState, highContrast: boolean, colourBy: Appearance['colourBy'] = 'label'): ShownResult {
  const { running } = session;
  const run = running ? undefined : session.runs.find(({ id }) => id === session.shown);
  const source = running ?? run;
  const order = labelOrder(session.runs, running?.detections);
  const objects = (source?.detections ?? [])
    .filter(({ imageIndex }) => imageIndex === 0)
    .map((detection, index) =>
      styled(detection, labelStyle(colourBy === 'object' ? index : (order.get(detection.label) ?? 0), highContrast)),
    );
  return {
    key: running ? `running ${running.startedAt}` : (run?.id ?? ''),
    task: source?.task,
    prompt: source?.prompt ?? '',
    running,
    run,
    objects,
    text: source?.text,
  };
}

const known = new WeakMap<Detection, StyledObject>();

/** The same object as before where nothing changed, so that what is drawn already is left alone. */
function styled(detection: Detection, style: LabelStyle): StyledObject {
  const before = known.get(detection);
  if (before?.style === style) return before;
  const object = { detection, style };
  known.set(detection, object);
  return object;
}

export function isObjectTask(task: Task | undefined): boolean {
  return task === 'detect' || task === 'segment';
}
