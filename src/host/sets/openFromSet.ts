import * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { PlaceInSet, Review } from '../../core/sets/inspectionSet.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { ScoredOpening } from '../labels/setScore.ts';
import type { Session } from '../session/session.ts';

/** Where in a set an inspector stands. */
interface Place {
  set: OpenSet;
  /** Keys of the images that are gone through. */
  order: readonly string[];
  at: number;
  /** How an image is shown against its labels. */
  scored?: ((key: string) => Promise<ScoredOpening | undefined>) | undefined;
  /** Shows the page of the set. */
  back: () => Promise<unknown>;
  /** The image is to be corrected, and the page of the set to be shown again after that. */
  corrects?: boolean | undefined;
}

/** How an image of a set is opened. */
export interface Opening extends Pick<Place, 'scored' | 'corrects'> {
  key: string;
  /** The images that Next and Previous go through. */
  order: readonly string[];
}

const places = new WeakMap<Session, Place>();
/** Tells one wish to see an image against its labels from the next. */
let wishes = 0;

/** Opens an image of a set in the inspector, with its result. */
export async function openFromSet(
  editors: InspectorEditors,
  set: OpenSet,
  { key, order, scored, corrects }: Opening,
  back: () => Promise<unknown>,
): Promise<void> {
  await openAt(editors, { set, order, at: Math.max(0, order.indexOf(key)), scored, corrects, back });
}

/** Opens the image after the one that an inspector shows, or before it; `judged`: after it was said what a person thinks of this one. */
export async function stepInSet(editors: InspectorEditors, session: Session, step: 1 | -1, judged?: Review): Promise<void> {
  const place = places.get(session);
  if (place === undefined) return;
  if (judged !== undefined) await place.set.reviews.judge([keyAt(place)], judged);
  const isLast = place.order[place.at + step] === undefined;
  await openAt(editors, { ...place, at: place.at + (isLast ? 0 : step), corrects: false });
}

/** Shows the page of the set again. */
export async function backToSet(session: Session): Promise<void> {
  await places.get(session)?.back();
}

/** What a person has made of the result of a set's image in its inspector holds in the set from now on. */
export async function takeCorrection(editors: InspectorEditors, inspection: Inspection): Promise<void> {
  const session = sessionOf(editors, inspection);
  const place = session && places.get(session);
  if (session === undefined || place === undefined) return;
  if (!(await isTaken(inspection, session, place))) return;
  if (place.corrects) {
    places.set(session, { ...place, corrects: false });
    await place.back();
  } else session.showInSet(placeInSet(place), inspection);
}

/** Takes a result of a person into the set, where it corrects what the set has for the image, or is all that anybody has found in one that failed. */
async function isTaken(inspection: Inspection, session: Session, place: Place): Promise<boolean> {
  const { set } = place;
  const key = keyAt(place);
  const { task } = set.task;
  const isOfOne = (inspection.basedOn ?? []).length <= 1;
  if ((task === 'detect' || task === 'segment') && isOfOne && (await set.reviews.annotate(key, inspection))) return true;
  const known = [await set.inspection(key), await set.inspection(key, { asAnswered: true })].flatMap((one) => one?.id ?? []);
  if (!isBasedOn(inspection, known, session)) return false;
  await set.reviews.correct(() => inspection, { isWanted: (row) => row.key === key });
  return true;
}

/** A correction that is deleted in the inspector is the set's no longer. */
export async function dropCorrection(editors: InspectorEditors, inspection: Inspection): Promise<void> {
  const session = sessionOf(editors, inspection);
  const place = session && places.get(session);
  if (place !== undefined && (await place.set.inspection(keyAt(place)))?.id === inspection.id)
    await place.set.reviews.takeBack(keyAt(place));
}

function sessionOf(editors: InspectorEditors, { images: [image] }: Inspection): Session | undefined {
  return image && editors.sessionOf(vscode.Uri.parse(image.uri));
}

/** Whether a result corrects one of these, or a correction of them. A consensus of several is none. */
function isBasedOn({ basedOn = [] }: Inspection, known: readonly string[], session: Session): boolean {
  const [base, ...others] = basedOn;
  if (base === undefined || others.length > 0) return false;
  if (known.includes(base)) return true;
  const run = session.runOf(base);
  return run !== undefined && isBasedOn(run, known, session);
}

function keyAt({ order, at }: Place): string {
  return order[at] ?? '';
}

function placeInSet(place: Place): PlaceInSet {
  const review = place.set.rows().find(({ key }) => key === keyAt(place))?.review;
  return { at: place.at, of: place.order.length, ...(review === undefined ? {} : { review }) };
}

async function openAt(editors: InspectorEditors, place: Place): Promise<void> {
  const { set } = place;
  const key = keyAt(place);
  const row = set.rows().find((one) => one.key === key);
  if (row === undefined) return;
  // Labels are compared with what was answered.
  const inspection = await set.inspection(key, { asAnswered: place.scored !== undefined });
  const scored = await place.scored?.(key);
  const session = await openInspector(editors, vscode.Uri.parse(row.uri), { preview: true });
  places.set(session, place);
  const { labels, objects } = scored ?? {};
  const wish = inspection &&
    labels && { scored: { id: ++wishes, labels: labels.id, run: inspection.id, ...(objects === undefined ? {} : { objects }) } };
  session.showInSet({ ...placeInSet(place), ...wish }, inspection, labels);
  if (place.corrects) session.correct();
}
