import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Detection } from '../../../src/core/inspection/inspection.ts';
import { browserPages, type OnPage } from './onPage.ts';

/** As `browserPages`; the page shows its picture when it is used. */
export function picturePages(): OnPage {
  const onPage = browserPages();
  return (state, use, options) =>
    onPage(
      state,
      async (opened) => {
        await opened.page.locator('.stage[style]').waitFor();
        await use(opened);
      },
      options,
    );
}

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where picture, viewer and boxes are on the screen, once nothing moves any more. */
export async function places(page: Page): Promise<{ picture: Place; viewer: Place; boxes: Record<string, Place> }> {
  return page.evaluate(async () => {
    await Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .map((animation) => animation.finished),
    );
    const place = (element: Element | null) => {
      const { x, y, width, height } = (element as Element).getBoundingClientRect();
      return { x, y, width, height };
    };
    const boxes = [...document.querySelectorAll('[data-testid="box"]')].map((box) => [box.getAttribute('data-detection-id'), place(box)]);
    return {
      picture: place(document.querySelector('.picture')),
      viewer: place(document.querySelector('[data-testid="viewer"]')),
      boxes: Object.fromEntries(boxes),
    };
  });
}

export async function assertBoxesInPlace(page: Page, detections: readonly Detection[]): Promise<void> {
  const { picture, boxes } = await places(page);
  assert.equal(Object.keys(boxes).length, detections.length);
  for (const { id, box } of detections) {
    const found = boxes[id] as Place;
    const expected = {
      x: picture.x + box.x * picture.width,
      y: picture.y + box.y * picture.height,
      width: box.width * picture.width,
      height: box.height * picture.height,
    };
    for (const edge of ['x', 'y', 'width', 'height'] as const) {
      assert.ok(Math.abs(found[edge] - expected[edge]) < 1, `${edge} of box ${id}: ${found[edge]}, expected ${expected[edge]}`);
    }
  }
}

/** The zoom level that the toolbar shows. */
export const formatZoom = (page: Page) =>
  page
    .getByTestId('toolbar')
    .locator('pop-menu button')
    .first()
    .textContent()
    .then((text) => text?.trim());
