import { PNG } from 'pngjs';
import type { ImageDifference } from '../../../src/core/inspection/imageDifference.ts';
import type { InspectorPage } from './inspectorPage.ts';
import { IMAGE } from './sessions.ts';

/** In the pixels of the pictures. */
const REGIONS = [
  { x: 20, y: 10, width: 60, height: 40 },
  { x: 300, y: 200, width: 2, height: 2 },
  { x: 500, y: 300, width: 80, height: 90 },
];
/** What changed between the two pictures of the sessions. */
export const CHANGED: ImageDifference = {
  changed: true,
  sizes: [IMAGE, IMAGE].map(sizeOf) as ImageDifference['sizes'],
  share: 0.0123,
  regions: REGIONS,
};

export function sizeOf({ width, height }: { width: number; height: number }) {
  return { width, height };
}

/** The host's answer to the latest question. */
export async function answerDifference(
  opened: InspectorPage,
  difference: ImageDifference,
  box = { x: 20, y: 10, width: 560, height: 380 },
): Promise<void> {
  const { request } = await opened.posted('difference');
  // Not as bytes: what is given to the page by the test is JSON.
  const png = [...PNG.sync.write(new PNG({ width: 2, height: 2, fill: true }))];
  await opened.page.evaluate(
    ({ png, ...message }) =>
      window.postMessage(
        { ...message, ...(message.difference.changed && { pixels: { png: Uint8Array.from(png), box: message.box } }) },
        '*',
      ),
    { type: 'difference', request, difference, box, png },
  );
}
