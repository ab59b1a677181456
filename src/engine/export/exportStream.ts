import { type DataFormat, dataWriter, type ImagePart, imageParts } from '../../core/exports/dataWriters.ts';
import type { ExportFormat, ExportImage } from '../../core/exports/exportImage.ts';
import { type SetWriter, setName } from '../../core/exports/setWriter.ts';
import { type FileMaker, type MakePictures, maskPaths, maskPictures, overlayPath, overlayPicture } from './exportPictures.ts';
import { allDone, type ExportTarget, filled } from './exportTarget.ts';

/** Images of an export, one after the other: those of a long list are read when it is their turn. */
export type ExportImages = Iterable<ExportImage> | AsyncIterable<ExportImage>;

export interface ExportOptions extends FileMaker {
  /** How many images there are in all. */
  count: number;
  /** Called with how many images are done, and how many files have been made. */
  onProgress: (images: number, files: number) => void;
}

/** Objects that are worked on at a time. */
const BATCH = 100;
/** Files that are put together at a time. */
const AT_A_TIME = 32;

/**
 * Writes images in a format: one pass, in which no more is held than a few images and the names of the files. Resolves to the paths of the files.
 * When it fails or is cancelled, the target is left as it was.
 */
export function exportStream(format: ExportFormat, images: ExportImages, target: ExportTarget, options: ExportOptions): Promise<string[]> {
  return filled(target, () =>
    format === 'masks' || format === 'overlay' ? putPictures(format, images, target, options) : putData(format, images, target, options),
  );
}

/** The paths of all files that the same may write, in one pass too: names only, nothing is made. */
export async function exportPaths(format: ExportFormat, images: ExportImages, count: number): Promise<string[]> {
  const own: string[] = [];
  const stems: string[] = [];
  let hasMasks = false;
  for await (const image of images) {
    if (format === 'overlay') own.push(overlayPath(image));
    else if (format === 'masks') own.push(...maskPaths(image, folderOf(image, count)));
    else {
      stems.push(image.stem);
      hasMasks ||= image.detections.some(({ mask }) => mask !== undefined);
    }
  }
  if (format === 'masks' || format === 'overlay') return own;
  const { paths, ownPaths } = dataWriter(format);
  return [...(paths?.(setName(count, stems[0] ?? ''), hasMasks) ?? []), ...stems.flatMap((stem) => ownPaths?.(stem, hasMasks) ?? [])];
}

/** While the pictures of one object are made in the thread of images, those of the one before are written. */
async function putPictures(format: 'masks' | 'overlay', images: ExportImages, target: ExportTarget, options: ExportOptions): Promise<void> {
  const { count, signal, onProgress } = options;
  let place = 0;
  let files = 0;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const image of images) {
      const objects =
        format === 'overlay' ? [overlayPicture(image, place, options)] : maskPictures(image, folderOf(image, count), place, options);
      for (const make of objects) {
        signal.throwIfAborted();
        const pictures = await make();
        await writing;
        writing = putInTurn(pictures, target);
        // It is waited for in the next turn.
        writing.catch(() => undefined);
        files += pictures.length;
        onProgress(place, files);
      }
      place += 1;
      onProgress(place, files);
    }
  } finally {
    await writing;
  }
}

async function putInTurn(pictures: Awaited<ReturnType<MakePictures>>, target: ExportTarget): Promise<void> {
  for (const { path, content } of pictures) await target.write(path, content);
}

/** While one batch is made in the thread of images, the one before is written. */
async function putData(format: DataFormat, images: ExportImages, target: ExportTarget, options: ExportOptions): Promise<void> {
  const { signal, onProgress } = options;
  const writer = dataWriter(format).begin();
  let done = 0;
  let files = 0;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of batches(images)) {
      signal.throwIfAborted();
      const parts = await partsOf(format, batch, options);
      await writing;
      onProgress(done, files);
      done += batch.length;
      writing = put(writer, batch, parts, target).then((count) => {
        files += count;
      });
      // It is waited for in the next turn.
      writing.catch(() => undefined);
    }
  } finally {
    await writing;
  }
  signal.throwIfAborted();
  onProgress(done, files);
  const composed = writer.end();
  for (let at = 0; at < composed.length; at += AT_A_TIME) {
    signal.throwIfAborted();
    await allDone(composed.slice(at, at + AT_A_TIME).map((file) => target.compose(file)));
  }
}

async function put(
  writer: SetWriter<ImagePart>,
  images: readonly ExportImage[],
  parts: readonly ImagePart[],
  target: ExportTarget,
): Promise<number> {
  const added = images.map((image, place) => writer.add(image, parts[place] ?? ''));
  const files = added.flatMap((one) => one.files);
  await allDone([...files.map(({ path, text }) => target.write(path, text)), target.spool(added.flatMap(({ spooled }) => spooled))]);
  return files.length;
}

/** Masks take long enough to be worth the way to another thread. */
async function partsOf(format: DataFormat, images: readonly ExportImage[], { images: worker, signal }: FileMaker): Promise<ImagePart[]> {
  const hasMasks = images.some(({ detections }) => detections.some(({ mask }) => mask !== undefined));
  const isQuick = format === 'json' || (!hasMasks && images.every(({ detections }) => detections.length <= BATCH));
  if (isQuick) return imageParts(format, images);
  // Of an inspection only who made it when is needed there.
  const light = images.map((image) => ({ ...image, inspection: { ...image.inspection, detections: [], dropped: [], raw: '' } }));
  return worker.imageParts(format, light, signal);
}

async function* batches(images: ExportImages): AsyncGenerator<ExportImage[]> {
  let batch: ExportImage[] = [];
  let objects = 0;
  for await (const image of images) {
    batch.push(image);
    objects += image.detections.length + 1;
    if (objects < BATCH) continue;
    yield batch;
    batch = [];
    objects = 0;
  }
  if (batch.length > 0) yield batch;
}

/** The masks of several images have a folder for each. */
function folderOf({ stem }: ExportImage, count: number): string {
  return count > 1 ? `${stem}/` : '';
}
