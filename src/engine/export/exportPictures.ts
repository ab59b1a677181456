import { safeName } from '../../core/base/fileNames.ts';
import type { ExportImage } from '../../core/exports/exportImage.ts';
import type { Detection } from '../../core/inspection/inspection.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import type { FileContent } from '../files/wholeFile.ts';

/** What making files needs. */
export interface FileMaker {
  images: Pick<ImageWorker, 'draw' | 'mask' | 'imageParts'>;
  /** The bytes of an image of the export, by its place. */
  open: (place: number) => Promise<ByteSource>;
  signal: AbortSignal;
}

/** A picture of an export. */
interface Picture {
  path: string;
  content: FileContent;
}

/** Makes pictures when it is their turn; there may turn out to be none. */
export type MakePictures = () => Promise<Picture[]>;

/** The image with everything drawn on it, as a PNG. */
export function overlayPicture(image: ExportImage, place: number, { images, open, signal }: FileMaker): MakePictures {
  return async () => [{ path: overlayPath(image), content: await images.draw(await open(place), { kind: 'overlay', image }, signal) }];
}

export function overlayPath({ stem }: ExportImage): string {
  return `${stem}_overlay.png`;
}

/** The pictures of the masks of an image, object by object. */
export function maskPictures(image: ExportImage, folder: string, place: number, { images, open, signal }: FileMaker): MakePictures[] {
  const threshold = image.maskThreshold;
  const size = { width: image.width, height: image.height };
  return masked(image).map((detection) => async () => {
    const made = await images.mask(await open(place), { detection, size, threshold }, signal);
    if (made === undefined) return [];
    const [box, whole, overlay] = pathsOf(detection, folder);
    return [
      { path: box, content: made.box },
      { path: whole, content: made.whole },
      { path: overlay, content: made.highlighted },
    ];
  });
}

/** The paths of the same. */
export function maskPaths(image: ExportImage, folder: string): string[] {
  return masked(image).flatMap((detection) => pathsOf(detection, folder));
}

function masked({ detections }: ExportImage): Detection[] {
  return detections.filter(({ mask }) => mask !== undefined);
}

/** Names as in the documentation of the API, where objects count from 0; `_mask_full` is ours. Source: ai.google.dev/gemini-api/docs/image-understanding. */
function pathsOf({ id, label }: Detection, folder: string): [box: string, whole: string, overlay: string] {
  const name = `${folder}${safeName(label)}_${Number(id) - 1}`;
  return [`${name}_mask.png`, `${name}_mask_full.png`, `${name}_overlay.png`];
}
