import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { touchedPixels } from '../../core/request/region.ts';
import { planTransfer } from '../../core/request/transfer.ts';
import type { SnippetFacts, SnippetImage } from '../../core/snippets/snippet.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { isWholeFile } from '../../imaging/reading/body.ts';
import type { FileAccess } from '../files/imageFiles.ts';
import type { PreparedImage } from './imagePreparer.ts';
import type { PlannedTask } from './taskPlanner.ts';

/**
 * What a program needs in order to make the very request of a planned task.
 * @param pathOf the path by which the program opens a file, from the file's address
 * @param limit bytes of the whole request: what makes it larger is uploaded by the program
 */
export async function programOf(
  { outgoing, images }: Pick<PlannedTask, 'outgoing' | 'images'>,
  { files, pathOf, limit }: { files: FileAccess; pathOf: (address: string) => string; limit: number },
): Promise<Pick<SnippetFacts, 'request' | 'images'>> {
  return {
    request: planTransfer(outgoing.request, limit, new Map()).request,
    images: await Promise.all(images.map((image) => programImage(image, files, pathOf(image.address)))),
  };
}

/** An image as a program finds it by that path, and what was done to it. */
export async function programImage({ address, image, redactions }: PreparedImage, files: FileAccess, path: string): Promise<SnippetImage> {
  const source = await files.open(address);
  const { turned } = await probe(source);
  return {
    path,
    fileType: image.sourceType,
    ...image.upright,
    turned,
    stripped: !isWholeFile(image.body, source.size),
    ...sentPart(image, redactions),
  };
}

/** What was covered, cut and scaled, in pixels. `region` and `redactions`: fractions of the upright picture. */
export function sentPart(
  { region, stored, upright }: { region?: Box; stored: Size; upright: Size },
  redactions: readonly Box[],
): Pick<SnippetImage, 'crop' | 'redactions' | 'scaled'> {
  const crop = region === undefined ? undefined : pixels(region, upright);
  const { width, height } = crop ?? upright;
  const isScaled = stored.width !== width || stored.height !== height;
  return {
    redactions: redactions.map((area) => touchedPixels(area, upright)),
    ...(crop === undefined ? {} : { crop }),
    ...(isScaled ? { scaled: stored } : {}),
  };
}

function pixels({ x, y, width, height }: Box, of: Size): Box {
  const round = Math.round;
  return { x: round(x * of.width), y: round(y * of.height), width: round(width * of.width), height: round(height * of.height) };
}
