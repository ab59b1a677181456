import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InspectorError } from '../core/base/failure.ts';
import type { ExportFormat } from '../core/exports/exportImage.ts';
import type { Inspection } from '../core/inspection/inspection.ts';
import { DiskTarget } from '../engine/export/diskTarget.ts';
import { exportImages, type Results, resultsFor } from '../engine/export/exportResults.ts';
import { exportPaths, exportStream } from '../engine/export/exportStream.ts';
import { type TaskCommand, UsageError } from './cliArguments.ts';
import type { Program } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What was found in an image, by the address of its file. */
export interface Found {
  address: string;
  inspection: Inspection;
}

const MASK_THRESHOLD = 127;
/** Formats that have one file for all images, and those that have one for each. */
const FOR_ALL: readonly ExportFormat[] = ['json', 'coco', 'csv'];
const FOR_EACH: readonly ExportFormat[] = ['voc', 'labelme', 'svg', 'hocr', 'overlay'];

/** Throws a UsageError where the results of so many images cannot go to the standard output in a format: to be found out before anything is sent. */
export function checkOutput({ format, out }: Pick<TaskCommand, 'format' | 'out'>, images: number): void {
  if (out !== undefined || FOR_ALL.includes(format) || (FOR_EACH.includes(format) && images === 1)) return;
  const why = FOR_EACH.includes(format) ? 'a file for each image' : 'several files';
  throw new UsageError(`The format "${format}" is ${why}, and needs a folder: --out DIR`);
}

/** Writes results to the standard output, or the files of a format to a folder, in which nothing is replaced unless `--yes` was given. */
export async function writeResults(
  { format, out, yes }: Pick<TaskCommand, 'format' | 'out' | 'yes'>,
  found: readonly Found[],
  { isOne, program, terminal }: { /** One image was asked about. */ isOne: boolean; program: Program; terminal: Terminal },
): Promise<void> {
  const [first] = found;
  if (first === undefined) return;
  if (out === undefined && format === 'json') {
    // One for one image, as it is in code; a list for several.
    const inspections = found.map(({ inspection }) => inspection);
    terminal.result(`${JSON.stringify(isOne ? first.inspection : inspections, undefined, 2)}\n`);
    return;
  }
  const results = resultsFor(
    format,
    found.map(({ address, inspection }) => ({ address, runs: [inspection], chosen: inspection.id })),
  );
  const folder = resolve(out ?? '.');
  if (out === undefined) terminal.result(await onlyFile(format, results, folder, program, terminal));
  else {
    if (!yes) await assertFree(format, results, folder);
    const written = await write(format, results, { seenFrom: folder, folder }, program);
    terminal.say(`${written.length} ${written.length === 1 ? 'file' : 'files'} in ${folder}`);
  }
  for (const left of results.without) terminal.say(`${fileURLToPath(left)}: nothing for this format`);
}

async function assertFree(format: ExportFormat, { chosen }: Results, folder: string): Promise<void> {
  const paths = await exportPaths(
    format,
    exportImages(chosen, folderAddress(folder), () => MASK_THRESHOLD),
    chosen.length,
  );
  const taken: string[] = [];
  for (const path of paths.map((one) => join(folder, one)))
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      taken.push(path);
  if (taken.length > 0)
    throw new InspectorError(
      'notConfirmed',
      `${taken.length === 1 ? '1 file is' : `${taken.length} files are`} there already, such as "${taken[0]}".`,
      {
        detail: 'The results are kept: the same command with --yes replaces the files, and asks nothing again.',
      },
    );
}

/** The content of the one file of a format; of COCO's two the one with polygons. */
async function onlyFile(format: ExportFormat, results: Results, folder: string, program: Program, terminal: Terminal): Promise<Uint8Array> {
  const place = await mkdtemp(join(tmpdir(), 'image-inspector-'));
  try {
    const [path, ...others] = await write(format, results, { seenFrom: folder, folder: place }, program);
    if (others.length > 0) terminal.say(`There is more for a folder: --out DIR gives ${others.length + 1} files.`);
    return await readFile(resolve(place, path ?? ''));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** @param folders where the files go, and the folder from which they name the images */
function write(
  format: ExportFormat,
  { chosen }: Results,
  { seenFrom, folder }: { seenFrom: string; folder: string },
  { worker, files }: Program,
): Promise<string[]> {
  return exportStream(
    format,
    exportImages(chosen, folderAddress(seenFrom), () => MASK_THRESHOLD),
    new DiskTarget(folder),
    {
      images: worker,
      open: (place) => files.open(chosen[place]?.address ?? ''),
      signal: new AbortController().signal,
      count: chosen.length,
      onProgress: () => undefined,
    },
  );
}

function folderAddress(folder: string): string {
  return pathToFileURL(`${folder}${sep}`).href;
}
