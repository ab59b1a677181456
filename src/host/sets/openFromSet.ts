import * as vscode from 'vscode';
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
}

const places = new WeakMap<Session, Place>();
/** Tells one wish to see an image against its labels from the next. */
let wishes = 0;

/** Opens an image of a set in the inspector, with its result. `order`: the images that Next and Previous go through. */
export async function openFromSet(
  editors: InspectorEditors,
  set: OpenSet,
  key: string,
  order: readonly string[],
  scored?: Place['scored'],
): Promise<void> {
  await openAt(editors, { set, order, at: Math.max(0, order.indexOf(key)), scored });
}

/** Opens the image after the one that an inspector shows, or before it. */
export async function stepInSet(editors: InspectorEditors, session: Session, step: 1 | -1): Promise<void> {
  const place = places.get(session);
  if (place !== undefined) await openAt(editors, { ...place, at: place.at + step });
}

async function openAt(editors: InspectorEditors, place: Place): Promise<void> {
  const { set, order, at } = place;
  const key = order[at];
  const row = set.rows().find((one) => one.key === key);
  if (key === undefined || row === undefined) return;
  const inspection = await set.inspection(key);
  const scored = await place.scored?.(key);
  const session = await openInspector(editors, vscode.Uri.parse(row.uri), { preview: true });
  places.set(session, place);
  const { labels, objects } = scored ?? {};
  const wish = inspection &&
    labels && { scored: { id: ++wishes, labels: labels.id, run: inspection.id, ...(objects === undefined ? {} : { objects }) } };
  session.showInSet({ at, of: order.length, ...wish }, inspection, labels);
}
