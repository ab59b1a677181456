import * as vscode from 'vscode';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { Session } from '../session/session.ts';

/** Where in a set an inspector stands. */
interface Place {
  set: OpenSet;
  /** Keys of the images that are gone through. */
  order: readonly string[];
  at: number;
}

const places = new WeakMap<Session, Place>();

/** Opens an image of a set in the inspector, with its result. `order`: the images that Next and Previous go through. */
export async function openFromSet(editors: InspectorEditors, set: OpenSet, key: string, order: readonly string[]): Promise<void> {
  await openAt(editors, { set, order, at: Math.max(0, order.indexOf(key)) });
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
  const session = await openInspector(editors, vscode.Uri.parse(row.uri), { preview: true });
  places.set(session, place);
  session.showInSet({ at, of: order.length }, inspection);
}
