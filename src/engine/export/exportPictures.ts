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

/** A picture of an export, made when it is written. */
interface Picture {
  path: string;
  /** Resolves to undefined if there turns out to be nothing to write. */
  make: () => Promise<FileContent | undefined>;
}

/** The image with everything drawn on it, as a PNG. */
export function overlayPicture(image: ExportImage, place: number, maker: FileMaker): Picture {
  return {
    path: overlayPath(image),
    make: async () => maker.images.draw(await maker.open(place), { kind: 'overlay', image }, maker.signal),
  };
}

export function overlayPath({ stem }: ExportImage): string {
  return `${stem}_overlay.png`;
}

/** The pictures of the masks of an image. */
export function maskPictures(image: ExportImage, folder: string, place: number, { images, open, signal }: FileMaker): Picture[] {
  return masked(image).flatMap((detection) => {
    const threshold = image.maskThreshold;
    const size = { width: image.width, height: image.height };
    let made: ReturnType<typeof images.mask> | undefined;
    const pictures = () => {
      made ??= open(place).then((source) => images.mask(source, { detection, size, threshold }, signal));
      return made;
    };
    const [box, whole, overlay] = pathsOf(detection, folder);
    return [
      { path: box, make: async () => (await pictures())?.box },
      { path: whole, make: async () => (await pictures())?.whole },
      {
        path: overlay,
        make: async () => {
          const last = (await pictures())?.highlighted;
          // They are large, and there are many objects.
          made = undefined;
          return last;
        },
      },
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
