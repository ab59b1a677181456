import { rowElementId } from '../panel/objects/objectGroups.ts';
import { replyElementId } from '../panel/results/rawReply.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';

/** Brings an object into sight in list, raw reply and picture, each by the least amount. */
export function showObject(page: Element, id: string, viewer: ImageViewer | undefined): void {
  show(page, rowElementId(id));
  show(page, replyElementId(Number(id) - 1));
  const box = viewer?.boxOf(id);
  if (box) viewer?.viewport?.reveal(box);
}

/** Goes to a part of the raw reply. `place`: of the object in the reply, from 0. */
export function goToReply(page: Element, place: number): void {
  page.querySelector<HTMLElement>('.raw-text')?.focus({ preventScroll: true });
  show(page, replyElementId(place));
}

function show(page: Element, elementId: string): void {
  page.querySelector(`#${CSS.escape(elementId)}`)?.scrollIntoView({ block: 'nearest', inline: 'start' });
}
