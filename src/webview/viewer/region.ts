import type { Box, Task } from '../../core/inspection/inspection.ts';
import type { PageContext } from '../state/pageContext.ts';
import { areaPixels, changedArea, MIDDLE_HALF, type Point, snapped } from './area.ts';
import type { ImageViewer } from './viewerElement.ts';

/** CSS pixels that an arrow key moves an edge. */
const STEP = 8;
const STEPS: Partial<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The region that stands; none where several pictures are compared. */
export function regionOf({ state, shown }: Pick<PageContext, 'state' | 'shown'>): Box | undefined {
  return shown.images.length > 1 ? undefined : state.region;
}

/** Begins with a region in the middle of the picture, or drops the one that stands. */
export function chooseRegion(page: PageContext): void {
  const [image] = page.session.images;
  if (!image || image.problem || image.width === 0 || page.shown.images.length > 1 || page.review) return;
  const region = page.state.region ? undefined : snapped(MIDDLE_HALF, image);
  page.dispatch({ type: 'region', region, placing: region !== undefined });
  page.focusPicture();
}

/** Begins to lay something over a part of the picture. */
export function beginCover(page: PageContext): void {
  const [image] = page.session.images;
  if (!image || image.width === 0) return;
  page.dispatch({ type: 'cover', cover: snapped(MIDDLE_HALF, image) });
  page.focusPicture();
}

/** What is laid over the picture is blacked out whenever it is sent from now on. */
export function applyCover(page: PageContext): void {
  const area = page.state.cover;
  if (!area) return;
  cover(page, area);
  page.dispatch({ type: 'cover', cover: undefined });
}

/** One more area that is blacked out whenever the picture is sent. */
export function cover({ post, session }: PageContext, area: Box): void {
  post({ type: 'cover', areas: [...(session.covered ?? []), area] });
}

/** Takes one of the covers away. */
export function uncover({ post, session }: PageContext, place: number): void {
  post({ type: 'cover', areas: (session.covered ?? []).filter((_, index) => index !== place) });
}

/** Runs a task on the region, with the words of the prompt where it is about that task. A question without words waits for them. */
export function runOnRegion(page: PageContext, task: Task): void {
  const { state } = page;
  page.dispatch({ type: 'placed' });
  const words = state.task === task ? state.query : '';
  if (task !== 'ask') page.run(task, words);
  else {
    page.dispatch({ type: 'task', task });
    page.focusPrompt();
  }
}

/** Keys while an area is being placed. Returns whether the key was used. */
export function areaKey(page: PageContext, viewer: ImageViewer, event: KeyboardEvent): boolean {
  const { state, session } = page;
  const area = state.cover ?? (state.placing ? state.region : undefined);
  const [image] = session.images;
  if (!area || !image || (event.target as Element).closest('button')) return false;
  if (event.key === 'Enter') {
    if (state.cover) applyCover(page);
    else {
      page.dispatch({ type: 'placed' });
      page.focusPrompt();
    }
    return true;
  }
  const step = STEPS[event.key];
  if (!step) return false;
  const pixels = Math.max(1, Math.round(STEP / (viewer.viewport?.view.k ?? 1)));
  const by = { x: step.x * pixels, y: step.y * pixels };
  // Keys do not turn it over.
  const { width, height } = areaPixels(area, image);
  const least = { x: Math.max(by.x, 1 - width), y: Math.max(by.y, 1 - height) };
  page.dispatch({ type: 'area', area: event.shiftKey ? changedArea(area, 'se', least, image) : changedArea(area, 'move', by, image) });
  return true;
}

/** Drops the area that is being placed, or the region that stands. Returns whether there was one. */
export function dropArea({ state, dispatch }: PageContext): boolean {
  if (state.cover) dispatch({ type: 'cover', cover: undefined });
  else if (state.region) dispatch({ type: 'region', region: undefined, placing: false });
  else return false;
  return true;
}
