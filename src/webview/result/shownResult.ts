import { decodePercent } from '../../core/base/addresses.ts';
import { type LabelStyle, labelOrder, labelStyle } from '../../core/drawing/palette.ts';
import type { Detection, Inspection, Task } from '../../core/inspection/inspection.ts';
import { threadTo } from '../../core/inspection/thread.ts';
import type { Appearance, SessionImage, SessionState } from '../../protocol.ts';
import { groundedIn, groundingOf } from './grounding.ts';
import type { ShownResult, StyledObject } from './types.ts';

/** Picks what is shown out of the session. Colours are given by label, or to one object after the other. */
export function shownResult(session: SessionState, highContrast: boolean, colourBy: Appearance['colourBy'] = 'label'): ShownResult {
  const { running } = session;
  const run = running ? undefined : session.runs.find(({ id }) => id === session.shown);
  const source = running ?? run;
  const thread = source?.task === 'ask' ? threadTo(session.runs, running ? running.follows : run?.id) : [];
  const grounding = groundingOf(session.runs, run);
  const texts = thread.length > 0 ? thread : run ? [run] : [];
  const named =
    grounding && !source?.detections?.length
      ? groundedIn(
          texts.map(({ text = '' }) => text),
          grounding,
        )
      : undefined;
  const lines = source?.task === 'readText' ? (source.detections ?? []) : [];
  const order = labelOrder(session.runs, named ? grounding : source);
  const objects = (named ?? (source?.task === 'readText' ? [] : (source?.detections ?? []))).map((detection, index) =>
    styled(detection, labelStyle(colourBy === 'object' ? index : (order.get(detection.label) ?? 0), highContrast)),
  );
  latest = new Map(objects.map((object) => [object.detection, object]));
  const images = imagesOf(session, running?.images.map((uri) => ({ uri })) ?? run?.images ?? pairIn(session));
  return {
    key: running ? `running ${running.startedAt}` : (run?.id ?? (session.pair ? `pair ${session.pair.id}` : '')),
    task: source?.task,
    prompt: source?.prompt ?? '',
    running,
    run,
    images,
    objects,
    objectsIn: images.map((_, index) => objects.filter(({ detection }) => detection.imageIndex === index)),
    lines,
    text: source?.text,
    thread,
    ...(grounding === undefined ? {} : { grounding }),
  };
}

/** Two pictures that are looked at without a run. */
function pairIn({ images: [own], pair }: SessionState): { uri: string }[] {
  return own && pair ? [own, { uri: pair.newer }] : [];
}

/** The session's own image comes first, by whatever address it was known when the run was made. Others may still have to be read. */
function imagesOf({ images }: SessionState, wanted: readonly { uri: string; width?: number; height?: number }[]): SessionImage[] {
  const others = wanted.slice(1).map(({ uri, width = 0, height = 0 }) => {
    const name = nameIn(uri);
    return images.find((image) => image.uri === uri || image.addresses?.includes(uri)) ?? { uri, name, src: '', width, height, bytes: 0 };
  });
  return [...images.slice(0, 1), ...others];
}

/** The last part of an address. */
function nameIn(uri: string): string {
  return decodePercent(uri.slice(uri.lastIndexOf('/') + 1));
}

/** What was shown last. A weak map of all that ever was would not hold them, but grow with every image. */
let latest: ReadonlyMap<Detection, StyledObject> = new Map();

/** The same object as before where nothing changed, so that what is drawn already is left alone. */
function styled(detection: Detection, style: LabelStyle): StyledObject {
  const before = latest.get(detection);
  return before?.style === style ? before : { detection, style };
}

/** The run that a question would follow: the one that is shown, if it is part of a conversation. */
export function followedBy({ samples }: SessionState, { run }: ShownResult): Inspection | undefined {
  const isTalk = run !== undefined && (run.task === 'ask' || run.task === 'compare') && run.text !== undefined;
  return isTalk && !samples?.includes(run.id) ? run : undefined;
}

/** Whether boxes are drawn to begin with: where there are masks they would hide them. */
export function startsWithBoxes(task: Task | undefined, objects: readonly Detection[]): boolean {
  return objects.length > 0 ? !objects.some(isMasked) : task !== 'segment';
}

/** True for objects that came with a mask, also with one that cannot be read. */
export function isMasked({ mask, maskProblem }: Detection): boolean {
  return mask !== undefined || maskProblem !== undefined;
}

export function isObjectTask(task: Task | undefined): boolean {
  return task === 'detect' || task === 'segment';
}
