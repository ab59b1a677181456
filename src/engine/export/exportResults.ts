import { nameOfAddress, partsOfAddress } from '../../core/base/addresses.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { distinct, safeName, withoutExtension } from '../../core/base/fileNames.ts';
import { t } from '../../core/base/l10n.ts';
import { labelOrder } from '../../core/drawing/palette.ts';
import type { ExportFormat, ExportImage } from '../../core/exports/exportImage.ts';
import { shortNames, wayTo } from '../../core/exports/places.ts';
import { type Inspection, isConsensus } from '../../core/inspection/inspection.ts';

/** The runs of an image, oldest first, and the one that is to be exported where it can be. */
export interface ImageRuns {
  /** Of the image's file. */
  address: string;
  runs: readonly Inspection[];
  /** An id. */
  chosen?: string;
  /** Which objects of a run are hidden where it is shown. */
  hidden?: { run: string; ids: readonly string[] };
}

/** The result of an image that goes into an export. */
export interface ChosenResult extends ImageRuns {
  inspection: Inspection;
  /** The image's place in a comparison; unset: by its address, else the first. */
  imageIndex?: number;
}

/** What becomes of several images: those with a result for the format, and the others. */
export interface Results {
  chosen: ChosenResult[];
  without: string[];
}

/**
 * The result of each image: the chosen run, else the latest that a person has made, else the latest with objects that were looked for, else the latest that names some, else the latest that says there are none; for JSON any run will do.
 * @throws InspectorError `emptyReply` if there is none at all.
 */
export function resultsFor(format: ExportFormat, images: readonly ImageRuns[]): Results {
  const results = images.map((image) => ({ ...image, inspection: resultFor(format, image) }));
  const chosen = results.filter((result): result is ChosenResult => result.inspection !== undefined);
  if (chosen.length > 0)
    return { chosen, without: results.filter(({ inspection }) => inspection === undefined).map(({ address }) => address) };
  throw images.some(({ runs }) => runs.length > 0) ? nothingFor(format) : noResult();
}

function resultFor(format: ExportFormat, { runs, chosen }: ImageRuns): Inspection | undefined {
  const usable = runs.filter((run) => isUsable(format, run));
  const withObjects = usable.filter(({ detections = [] }) => detections.length > 0);
  const searched = withObjects.findLast(({ task }) => task !== 'caption' && task !== 'ask');
  const corrected = usable.findLast((run) => run.source === 'person' && !isConsensus(run));
  return usable.find(({ id }) => id === chosen) ?? corrected ?? searched ?? withObjects.at(-1) ?? usable.at(-1);
}

/** A reply of which nothing could be read does not say that there are no objects. */
function isUsable(format: ExportFormat, { task, detections, dropped, complete }: Inspection): boolean {
  if (format === 'json') return true;
  // Lines of text are no objects.
  if (format === 'hocr') return task === 'readText' && (detections?.length ?? 0) > 0;
  if (task === 'readText') return false;
  if (format === 'masks') return detections?.some(({ mask }) => mask !== undefined) ?? false;
  return detections !== undefined && (detections.length > 0 || (complete && dropped.length === 0));
}

/** The results with every image of a comparison as one of its own, after the one that it is stored with; images that have a result of their own keep that. */
export function withComparedImages(chosen: readonly ChosenResult[], fileOf: (address: string) => string): ChosenResult[] {
  const own = new Set(chosen.map(({ address }) => address));
  return chosen.flatMap((result) => {
    const others = result.inspection.images.flatMap((image, imageIndex): ChosenResult[] => {
      const address = fileOf(image.uri);
      if (imageIndex === 0 || own.has(address)) return [];
      own.add(address);
      return [{ ...result, address, imageIndex }];
    });
    return [result, ...others];
  });
}

/** The formats that there is something for, in their order. */
export function formatsFor(formats: readonly ExportFormat[], images: readonly ImageRuns[]): ExportFormat[] {
  return formats.filter((format) => images.some((image) => resultFor(format, image) !== undefined));
}

/** The failure for images that no task was run on. */
export function noResult(): InspectorError {
  return new InspectorError('emptyReply', t('There is no result to export yet.'), { detail: t('Run a task first.') });
}

function nothingFor(format: ExportFormat): InspectorError {
  if (format === 'hocr')
    return new InspectorError('emptyReply', t('There are no lines of text with their places to export.'), {
      detail: t('Run Read Text first.'),
    });
  return format === 'masks'
    ? new InspectorError('emptyReply', t('None of the objects has a mask.'), { detail: t('Run Segment Objects first.') })
    : new InspectorError('emptyReply', t('There are no objects to export.'), {
        detail: t('Run Detect Objects or Segment Objects first, or export as JSON.'),
      });
}

/** What an image is called in an export; see `ExportImage`. */
export type ExportName = Pick<ExportImage, 'name' | 'listedAs' | 'path' | 'stem'>;

/** The names of all images of an export, by their addresses, as they are seen from the folder that it goes to, which is an address too. */
export function exportNames(addresses: readonly string[], folder: string): ExportName[] {
  const names = addresses.map(nameOfAddress);
  const places = addresses.map(partsOfAddress);
  const listed = shortNames(places.map(({ path }) => path));
  const stems = distinct(names.map((name) => safeName(withoutExtension(name), 'image')));
  const from = partsOfAddress(folder);
  return names.map((name, place) => ({
    name,
    listedAs: listed[place] ?? name,
    path: wayTo(places[place] ?? from, from) ?? name,
    stem: stems[place] ?? name,
  }));
}

/** The image of a result, as it is exported. */
export function exportImage(result: ChosenResult, names: ExportName, maskThreshold: number): ExportImage {
  const { address, inspection, runs, imageIndex } = result;
  const found = inspection.images.findIndex((image) => image.uri === address);
  const index = imageIndex ?? Math.max(0, found);
  const { width, height } = inspection.images[index] ?? { width: 0, height: 0 };
  return {
    ...names,
    width,
    height,
    inspection,
    detections: (inspection.detections ?? []).filter(({ imageIndex }) => imageIndex === index),
    maskThreshold,
    labelOrder: labelOrder(runs, inspection),
  };
}

/** The images of an export, one after the other. `maskThreshold`: by address. */
export function* exportImages(
  results: readonly ChosenResult[],
  folder: string,
  maskThreshold: (address: string) => number,
): Generator<ExportImage> {
  const names = exportNames(
    results.map(({ address }) => address),
    folder,
  );
  for (const [place, name] of names.entries()) {
    const result = results[place];
    if (result !== undefined) yield exportImage(result, name, maskThreshold(result.address));
  }
}
