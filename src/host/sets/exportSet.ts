import * as vscode from 'vscode';
import { nameOfAddress, partsOfAddress } from '../../core/base/addresses.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { distinct, safeName, withoutExtension } from '../../core/base/fileNames.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportImage } from '../../core/exports/exportImage.ts';
import { shortNames } from '../../core/exports/places.ts';
import type { SetRow } from '../../core/sets/inspectionSet.ts';
import { withoutObjects } from '../../engine/export/exportNotes.ts';
import { exportImages, type ImageRuns, noResult } from '../../engine/export/exportResults.ts';
import { exportPaths, exportStream } from '../../engine/export/exportStream.ts';
import type { ExportTarget } from '../../engine/export/exportTarget.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { SUMMARY, writeSummary } from '../../engine/sets/setSummary.ts';
import { readSettings } from '../base/settings.ts';
import { askOverwrite, asksForHidden, formatWords, pickFolder, withExportProgress } from '../export/exportCommand.ts';
import { writeFiles } from '../export/exportTarget.ts';
import type { Tasks } from '../session/tasks.ts';
import { type SetLines, writeBeside } from './writeBeside.ts';

/** What is made of a set besides the formats of results. */
type SetFormat = ExportFormat | 'summary' | 'captions' | 'beside';

/** Writes results of a set as files, of the images with these keys or of all: asks for the format, and for the folder where they do not go beside the images. */
export async function exportSet(
  set: OpenSet,
  keys: readonly string[] | undefined,
  tasks: Tasks,
  hiddenIn: (address: string) => ImageRuns['hidden'],
): Promise<void> {
  const wanted = keys === undefined ? undefined : new Set(keys);
  const rows = set.rows().filter(({ key }) => wanted === undefined || wanted.has(key));
  const done = rows.filter(({ state }) => state === 'done');
  if (done.length === 0) throw noResult();
  const format = await chooseFormat(set, done);
  if (format === undefined) return;
  const lines = await exportedLines(set, done, hiddenIn);
  if (lines === undefined) return;
  if (format === 'captions' || format === 'beside') return writeBeside(lines, done, format);
  const folder = await pickFolder(vscode.Uri.parse(set.folder));
  if (folder === undefined) return;
  const files = await withExportProgress((signal, progress) => {
    const content =
      format === 'summary'
        ? summary(lines, rows, signal, (images) => progress({ images, of: rows.length }))
        : results(lines, done, format, tasks, signal, (images) => progress({ images, of: done.length }));
    return writeFiles({ folder, name: format, ...content(folder), onConflict: askOverwrite });
  });
  const name = sanitizeForUi(folder.path.split('/').at(-1) ?? '', 60);
  if (files.length > 0)
    void vscode.window.showInformationMessage(
      files.length === 1
        ? t('Exported {0} to "{1}".', sanitizeForUi(nameOfAddress(String(files[0])), 60), name)
        : t('Exported {0} files to "{1}".', files.length, name),
    );
}

/** The lines of a set as they are exported: without what is hidden in inspectors, unless the user wants that too. Undefined when the user gave up. */
async function exportedLines(
  set: OpenSet,
  rows: readonly SetRow[],
  hiddenIn: (address: string) => ImageRuns['hidden'],
): Promise<SetLines | undefined> {
  const hidden = new Map<string, readonly string[]>();
  for (const { key, uri } of rows) {
    const there = hiddenIn(uri);
    if (there !== undefined && there.ids.length > 0 && (await set.inspection(key))?.id === there.run) hidden.set(key, there.ids);
  }
  const takesHidden = await asksForHidden([...hidden.values()].reduce((sum, { length }) => sum + length, 0));
  if (takesHidden === undefined) return undefined;
  return async function* (isWanted) {
    for await (const line of set.lines(isWanted)) {
      const ids = takesHidden ? undefined : hidden.get(line.key);
      yield ids === undefined || line.inspection === undefined ? line : { ...line, inspection: withoutObjects(line.inspection, ids) };
    }
  };
}

async function chooseFormat(set: OpenSet, rows: readonly SetRow[]): Promise<SetFormat | undefined> {
  const { task } = set.task;
  const hasObjects = task !== 'readText' && rows.some(({ count }) => count !== undefined);
  const usable = EXPORT_FORMATS.filter(
    (format) => format === 'json' || (format === 'hocr' ? task === 'readText' : format === 'masks' ? task === 'segment' : hasObjects),
  );
  const own: [SetFormat, string, string][] = [
    ['summary', t('Summary CSV'), t('A row for each image')],
    ...(task === 'caption' || task === 'readText' || task === 'ask'
      ? [['captions', t('Text Beside Each Image'), t('A .txt file named like the image')] as [SetFormat, string, string]]
      : []),
    ['beside', t('JSON Beside Each Image'), t('A file such as cat.inspection.json')],
  ];
  const items = [
    ...usable.map((format) => ({ label: formatWords(format)[0], description: formatWords(format)[1], format: format as SetFormat })),
    ...own.map(([format, label, description]) => ({ label, description, format })),
  ];
  const title = t('Export {0} images', rows.length);
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t('Format'), matchOnDescription: true }))?.format;
}

/** What `writeFiles` takes for a folder. */
type Content = (folder: vscode.Uri) => {
  paths: () => Promise<string[]>;
  fill: (place: vscode.Uri, target: ExportTarget) => Promise<string[]>;
};

function summary(lines: SetLines, rows: readonly SetRow[], signal: AbortSignal, progress: (images: number) => void): Content {
  const keys = new Set(rows.map(({ key }) => key));
  const told = (images: number) => {
    signal.throwIfAborted();
    progress(images);
  };
  return () => ({
    paths: async () => [SUMMARY],
    fill: (_, target) =>
      writeSummary(
        lines(({ key }) => keys.has(key)),
        target,
        told,
      ),
  });
}

/** The images one after the other, read from the set's file when it is their turn. */
function results(
  lines: SetLines,
  rows: readonly SetRow[],
  format: ExportFormat,
  tasks: Tasks,
  signal: AbortSignal,
  progress: (images: number) => void,
): Content {
  const usable = rows.filter(({ count }) => format === 'json' || format === 'hocr' || count !== undefined);
  const places = new Map(usable.map(({ key }, place) => [key, place]));
  const stems = distinct(usable.map((row) => safeName(withoutExtension(nameOfAddress(row.uri)), 'image')));
  const listed = shortNames(usable.map(({ uri }) => partsOfAddress(uri).path));
  async function* images(folder: vscode.Uri): AsyncGenerator<ExportImage> {
    for await (const { key, uri, inspection } of lines((row) => places.has(row.key))) {
      signal.throwIfAborted();
      if (inspection === undefined)
        throw new InspectorError('unreadableFile', t('A stored result could not be read. It is kept as "{0}".', sanitizeForUi(key)));
      const [image] = exportImages(
        [{ address: uri, inspection, runs: [inspection] }],
        folder.toString(),
        (address) => readSettings(vscode.Uri.parse(address)).maskThreshold,
      );
      const place = places.get(key) ?? 0;
      if (image !== undefined) yield { ...image, stem: stems[place] ?? image.stem, listedAs: listed[place] ?? image.listedAs };
    }
  }
  return (folder) => ({
    paths: () => exportPaths(format, images(folder), usable.length),
    fill: (place, target) =>
      exportStream(format, images(place), target, {
        images: tasks.worker,
        open: (at) => tasks.files.open(usable[at]?.uri ?? ''),
        signal,
        count: usable.length,
        onProgress: progress,
      }),
  });
}
