import { safeName } from '../../core/base/fileNames.ts';
import type { ExportFormat, ExportImage } from '../../core/exports/exportImage.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';

/** A file of an export, made when it is written. */
export interface PlannedFile {
  /** From the folder of the export on, with `/`; every part is safe as a file name. */
  path: string;
  /** Resolves to undefined if there turns out to be nothing to write. */
  make: () => Promise<Uint8Array | undefined>;
}

/** What making files needs. */
export interface FileMaker {
  images: Pick<ImageWorker, 'draw' | 'maskPngs' | 'undrawable' | 'writeData'>;
  /** The bytes of an image of the export, by its place. */
  open: (place: number) => Promise<ByteSource>;
  signal: AbortSignal;
}

/** The files of a format. */
export async function plannedFiles(format: ExportFormat, images: readonly ExportImage[], maker: FileMaker): Promise<PlannedFile[]> {
  switch (format) {
    case 'overlay':
      return images.map((image, place) => ({
        path: `${image.stem}_overlay.png`,
        make: async () => maker.images.draw(await maker.open(place), { kind: 'overlay', image }, maker.signal),
      }));
    case 'masks':
      return images.flatMap((image, place) => maskFiles(image, place, images.length > 1 ? `${image.stem}/` : '', maker));
    default: {
      const files = await maker.images.writeData(format, images, maker.signal);
      return files.map(({ path, text }) => ({ path, make: async () => new TextEncoder().encode(text) }));
    }
  }
}

/** Names as in the documentation of the API, where objects count from 0; `_mask_full` is ours. Source: ai.google.dev/gemini-api/docs/image-understanding. */
function maskFiles(image: ExportImage, place: number, folder: string, { images, open, signal }: FileMaker): PlannedFile[] {
  const masked = image.detections.filter(({ mask }) => mask !== undefined);
  return masked.flatMap((detection) => {
    const name = `${folder}${safeName(detection.label)}_${Number(detection.id) - 1}`;
    const threshold = image.maskThreshold;
    const size = { width: image.width, height: image.height };
    let made: ReturnType<typeof images.maskPngs> | undefined;
    const pngs = () => {
      made ??= images.maskPngs({ detection, size, threshold }, signal);
      return made;
    };
    const highlight = async () => images.draw(await open(place), { kind: 'highlight', detection, threshold }, signal);
    return [
      { path: `${name}_mask.png`, make: async () => (await pngs())?.box },
      { path: `${name}_mask_full.png`, make: async () => (await pngs())?.image },
      { path: `${name}_overlay.png`, make: async () => ((await pngs()) === undefined ? undefined : highlight()) },
    ];
  });
}
