import * as vscode from 'vscode';
import { titleOfAddress } from '../../core/base/addresses.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../core/exports/exportImage.ts';
import { exportNotes, hiddenAmong, sharedFrom, withoutHidden } from '../../engine/export/exportNotes.ts';
import { exportImages, formatsFor, noResult, type Results, resultsFor, withComparedImages } from '../../engine/export/exportResults.ts';
import { exportPaths, exportStream } from '../../engine/export/exportStream.ts';
import type { ExportTarget } from '../../engine/export/exportTarget.ts';
import { nameOf } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';
import type { ImageResults } from '../editor/imageResults.ts';
import type { Tasks } from '../session/tasks.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import { writeFiles } from './exportTarget.ts';

/** Writes results as files. */
export class Exporter {
  readonly #tasks: Tasks;
  readonly #results: ImageResults;
  readonly #memory: WorkspaceMemory;
  readonly #ownFolders: readonly vscode.Uri[];

  /** @param ownFolders of the extension: what lies in them, the sample and fetched images, is not the user's */
  constructor(tasks: Tasks, results: ImageResults, memory: WorkspaceMemory, ownFolders: readonly vscode.Uri[]) {
    this.#tasks = tasks;
    this.#results = results;
    this.#memory = memory;
    this.#ownFolders = ownFolders;
  }

  /** Writes the results of images without asking anything: as JSON beside the first image unless said otherwise (in the workspace if the extension keeps that); nothing is ever overwritten. */
  async fromCode(
    uris: readonly vscode.Uri[],
    { format: wanted = 'json', target }: { format?: string; target?: vscode.Uri },
  ): Promise<vscode.Uri[]> {
    const format = EXPORT_FORMATS.find((known) => known === wanted);
    if (format === undefined) {
      throw new InspectorError('unsupportedImage', t('There is no export format "{0}".', sanitizeForUi(wanted)), {
        detail: t('The formats: {0}.', EXPORT_FORMATS.join(', ')),
      });
    }
    const found = await Promise.all(uris.map((uri) => this.#results.of(uri)));
    // What a user happens to look at does not count.
    const results = resultsFor(
      format,
      found.map(({ address, runs }) => ({ address, runs })),
    );
    const folder = target ?? this.#startFolder(results.chosen.map(({ address }) => vscode.Uri.parse(address)));
    if (folder === undefined) {
      throw new InspectorError('permissionDenied', t('There is no folder to write to.'), {
        detail: t('Open a folder, or give one as target.'),
      });
    }
    return writeFiles({
      ...this.#destination(format, results, folder, {
        signal: new AbortController().signal,
        threshold: ownThreshold,
        progress: () => undefined,
      }),
      onConflict: async () => 'keepBoth',
    });
  }

  /** Lets the user choose format and folder, writes the results and says so. `run`: of the one image, the run to export. Undefined when it was called off. */
  async forUser(uris: readonly vscode.Uri[], run?: string): Promise<vscode.Uri[] | undefined> {
    const images = await Promise.all(uris.map((uri) => this.#results.of(uri)));
    const wanted =
      uris.length > 1
        ? images.map(({ address, runs, hidden }) => ({ address, runs, ...(hidden === undefined ? {} : { hidden }) }))
        : images.map((image) => ({ ...image, ...(run === undefined ? {} : { chosen: run }) }));
    const formats = formatsFor(EXPORT_FORMATS, wanted);
    if (formats.length === 0) throw noResult();
    const format = await pickFormat(formats);
    if (format === undefined) return undefined;
    const all = resultsFor(format, wanted);
    const takesHidden = await asksForHidden(hiddenAmong(all.chosen));
    if (takesHidden === undefined) return undefined;
    const results = takesHidden ? all : { ...all, chosen: withoutHidden(all.chosen) };
    const folder = await pickFolder(this.#startFolder(uris));
    if (folder === undefined) return undefined;
    const files = await withExportProgress((signal, progress) =>
      writeFiles({
        ...this.#destination(format, results, folder, { signal, threshold: (uri) => this.shownThreshold(uri), progress }),
        onConflict: askOverwrite,
      }),
    );
    if (files.length === 0) return undefined;
    // Not awaited: the files are written, whatever becomes of the message.
    void this.#report(files, results, format);
    return files;
  }

  /** Whoever looks at masks gets the masks that are seen. */
  shownThreshold(uri: vscode.Uri): number {
    return this.#memory.appearance?.threshold ?? ownThreshold(uri);
  }

  #destination(
    format: ExportFormat,
    results: Results,
    folder: vscode.Uri,
    { signal, threshold, progress }: { signal: AbortSignal; threshold: (uri: vscode.Uri) => number; progress: Progress },
  ) {
    // JSON is the result itself, whatever it is about.
    const chosen = format === 'json' ? results.chosen : withComparedImages(results.chosen, (address) => this.#tasks.files.fileOf(address));
    const count = chosen.length;
    const imagesIn = (place: vscode.Uri) => exportImages(chosen, place.toString(), (address) => threshold(vscode.Uri.parse(address)));
    let paths: string[] = [];
    return {
      folder,
      name: format,
      paths: async () => {
        paths = await exportPaths(format, imagesIn(folder), count);
        return paths;
      },
      fill: (place: vscode.Uri, target: ExportTarget) =>
        exportStream(format, imagesIn(place), target, {
          images: this.#tasks.worker,
          open: (at) => this.#tasks.files.open(chosen[at]?.address ?? folder.toString()),
          signal,
          count,
          onProgress: (images, files) => progress(count > 1 ? { images, of: count } : { files, of: paths.length }),
        }),
    };
  }

  /** Beside the first image; where the extension keeps that, in the workspace, if there is one. */
  #startFolder([first]: readonly vscode.Uri[]): vscode.Uri | undefined {
    const isOwn = this.#ownFolders.some(({ path }) => first?.path.startsWith(`${path}/`));
    return first === undefined || isOwn ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(first, '..');
  }

  async #report(files: readonly vscode.Uri[], { chosen, without }: Results, format: ExportFormat): Promise<void> {
    const [first] = files as [vscode.Uri];
    const sentences = [
      files.length === 1
        ? t('Exported {0} to "{1}".', sanitizeForUi(nameOf(first), 60), folderOf(first))
        : t('Exported {0} files to "{1}".', files.length, folderOf(first)),
    ];
    if (without.length > 0) {
      const names = without.slice(0, MOST_NAMES).map((address) => sanitizeForUi(titleOfAddress(address), 60));
      sentences.push(t('Without results: {0}.', without.length > MOST_NAMES ? `${names.join(', ')}, …` : names.join(', ')));
    }
    const shared = sharedFrom(chosen, (address) => this.#tasks.files.fileOf(address));
    sentences.push(...exportNotes(format, chosen, shared.slice(0, MOST_NAMES).map(placeName)));
    if (format === 'overlay') {
      const labels = chosen.flatMap(({ inspection }) => (inspection.detections ?? []).map(({ label }) => label)).join('');
      // The files are written, and are reported in any case.
      const missing = await this.#tasks.worker.undrawable(labels).catch(() => []);
      if (missing.length > 0)
        sentences.push(t('No font on this computer has these characters of the labels: {0}', sanitizeForUi(missing.join(' '))));
    }
    const reveal = revealCommand(first);
    const button = t('Reveal');
    const answer = await vscode.window.showInformationMessage(sentences.join(' '), ...(reveal === undefined ? [] : [button]));
    if (answer === button && reveal !== undefined) await vscode.commands.executeCommand(reveal, first);
  }
}

function ownThreshold(uri: vscode.Uri): number {
  return readSettings(uri).maskThreshold;
}

/** What a format is called, and what it is for. */
export function formatWords(format: ExportFormat): readonly [label: string, description: string] {
  const words: Readonly<Record<ExportFormat, [label: string, description: string]>> = {
    coco: ['COCO', t('Boxes and masks, polygons and RLE, one file for all images')],
    yolo: ['YOLO', t('Boxes and segments, a text file for each image, data.yaml')],
    voc: ['Pascal VOC', t('Boxes, an XML file for each image')],
    labelme: ['LabelMe', t('Polygons, rectangles and points, to be edited further')],
    csv: ['CSV', t('A row for each object, for spreadsheets')],
    svg: ['SVG', t('Boxes, outlines and labels as a drawing over the image')],
    hocr: ['hOCR', t('The lines of Read Text with their places, for text recognition tools')],
    masks: [t('Masks'), t('PNG files for each object: mask and overlay')],
    overlay: [t('Overlay'), t('The image with everything drawn on it, PNG in full size')],
    json: ['JSON', t('The results as they are, for programs')],
  };
  return words[format];
}

async function pickFormat(formats: readonly ExportFormat[]): Promise<ExportFormat | undefined> {
  const items = formats.map((format) => ({ label: formatWords(format)[0], description: formatWords(format)[1], format }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Export'), placeHolder: t('Format'), matchOnDescription: true });
  return chosen?.format;
}

/** Asks whether hidden objects are exported, where there are some. Undefined when the user gave up. */
export async function asksForHidden(hidden: number): Promise<boolean | undefined> {
  if (hidden === 0) return false;
  const items = [
    { label: t('Only What Is Seen'), takesHidden: false },
    { label: t('Hidden Objects Too'), takesHidden: true },
  ];
  const placeHolder = hidden === 1 ? t('1 object is hidden') : t('{0} objects are hidden', hidden);
  return (await vscode.window.showQuickPick(items, { title: t('Export'), placeHolder }))?.takesHidden;
}

/** Lets the user choose the folder of an export. */
export async function pickFolder(start: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t('Select a Folder to Export To'),
    openLabel: t('Export'),
    canSelectFolders: true,
    canSelectFiles: false,
    ...(start === undefined ? {} : { defaultUri: start }),
  });
  return chosen?.[0];
}

/** How far an export is: in images, or in the files of the one. */
type Progress = (done: { images: number; of: number } | { files: number; of: number }) => void;

/** Shows the course of an export, which can be cancelled. */
export function withExportProgress(run: (signal: AbortSignal, progress: Progress) => Promise<vscode.Uri[]>): Thenable<vscode.Uri[]> {
  const controller = new AbortController();
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Export'), cancellable: true },
    (progress, token) => {
      token.onCancellationRequested(() => controller.abort(new InspectorError('cancelled', t('Cancelled.'))));
      let before = 0;
      return run(controller.signal, (state) => {
        const done = 'images' in state ? state.images : state.files;
        const message = 'images' in state ? t('{0} of {1} images', done, state.of) : t('{0} of {1} files', done, state.of);
        progress.report({ message, increment: (100 * (done - before)) / state.of });
        before = done;
      });
    },
  );
}

/** Asks what becomes of files that are there. */
export async function askOverwrite(existing: number): Promise<'overwrite' | 'keepBoth' | undefined> {
  const question =
    existing === 1
      ? t('1 file already exists. Do you want to replace it?')
      : t('{0} files already exist. Do you want to replace them?', existing);
  const [overwrite, keepBoth] = [t('Replace'), t('Keep Both')];
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, keepBoth, overwrite);
  if (answer === undefined) return undefined;
  return answer === overwrite ? 'overwrite' : 'keepBoth';
}

/** The name of the folder of a file. */
function folderOf(file: vscode.Uri): string {
  return sanitizeForUi(nameOf(vscode.Uri.joinPath(file, '..')), 60);
}

/** Where a file is, for people: from the workspace on, or where it was fetched from. */
function placeName(address: string): string {
  const title = titleOfAddress(address);
  const uri = vscode.Uri.parse(address);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  return sanitizeForUi(isInWorkspace ? vscode.workspace.asRelativePath(uri) : title, 100);
}

const MOST_NAMES = 5;

/** The explorer shows what belongs to the workspace, the system's own file browser what is on this computer. */
function revealCommand(file: vscode.Uri): string | undefined {
  if (vscode.workspace.getWorkspaceFolder(file) !== undefined) return 'revealInExplorer';
  const isHere = file.scheme === 'file' && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  return isHere ? 'revealFileInOS' : undefined;
}
