import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { evaluate, USUAL_IOU } from '../../core/scoring/evaluate.ts';
import type { Evaluation } from '../../core/scoring/evaluation.ts';
import { scoredImage } from '../../core/scoring/scoredImage.ts';
import { unsentImage } from '../../engine/files/imageInfo.ts';
import type { Reading } from '../../engine/labels/readLabels.ts';
import type { InspectionSets } from '../../engine/sets/inspectionSets.ts';
import { toUri } from '../base/activeImage.ts';
import { imagesOf, openInspector } from '../editor/commandImages.ts';
import type { ImageResults } from '../editor/imageResults.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import { attended } from './attended.ts';
import { chooseLabelFile } from './chooseLabels.ts';
import { type ImageLabels, labelsIn, usualLabels } from './labelFiles.ts';
import { labelsAs, noLabels, scoreSet } from './setScore.ts';

/** The sets whose results are compared with labels. */
interface SetAccess {
  sets: Pick<InspectionSets, 'open'>;
  /** Lets the user compare the set that is looked at with labels. */
  scoreActive(): Promise<undefined>;
}

/** What labels take. */
export interface LabelServices {
  context: Pick<vscode.ExtensionContext, 'extensionUri'>;
  files: VscodeImageFiles;
  editors: InspectorEditors;
  store: InspectionStore;
  results: ImageResults;
  sets: () => Promise<SetAccess>;
}

/** Shows the labels of images, and compares results with them. Nothing is sent. */
export class LabelCommands {
  readonly #services: LabelServices;

  constructor(services: LabelServices) {
    this.#services = services;
  }

  /**
   * The labels of an image as a result of it: of the file that is given, else of one where labels usually stand; the user chooses among files else. Rejects with
   * `unreadableFile`, or with `notFound` where there are no labels of this image.
   */
  async open(call: CommandCall): Promise<Inspection | undefined> {
    const [uri] = (await imagesOf(this.#services.files, call)).uris;
    if (uri === undefined) return undefined;
    const inspection = await this.#labelsFor(uri, call);
    if (inspection === undefined) return undefined;
    await this.#services.store.add(inspection);
    if (!call.fromCode || call.options.reveal === true)
      (await openInspector(this.#services.editors, uri, { preview: false })).show(inspection.id);
    return inspection;
  }

  /** The newest result with objects against labels; of a set, all of its results. From the interface of an image, its labels are shown beside its result. */
  async evaluate(call: CommandCall): Promise<Evaluation | undefined> {
    const { iou = USUAL_IOU, set } = call.options;
    if (!(iou > 0 && iou <= 1)) throw new InspectorError('server', t('"{0}" is not an IoU: it is above 0, and 1 at most.', String(iou)));
    if (set !== undefined)
      return attended(call, this.#services.context.extensionUri, (reading) => this.#evaluateSet(set, call, iou, reading));
    if (!call.fromCode && call.uris.length === 0 && isSetActive()) return (await this.#services.sets()).scoreActive();
    const [uri] = (await imagesOf(this.#services.files, call)).uris;
    if (uri === undefined) return undefined;
    const { runs } = await this.#services.results.of(uri);
    const run = runs.findLast(isScored);
    if (run === undefined)
      throw new InspectorError('notFound', t('There is no result with objects to compare.'), { detail: t('Run Detect or Segment first.') });
    const stored = call.options.file === undefined ? runs.findLast(({ source }) => source === 'file') : undefined;
    const labels = stored ?? (call.fromCode ? await this.#labelsFor(uri, call) : await this.open(call));
    if (labels === undefined) return undefined;
    if (!call.fromCode) (await openInspector(this.#services.editors, uri, { preview: false })).show(run.id);
    return evaluate([scoredImage(uri.toString(), labels, run)], { iou });
  }

  async #labelsFor(uri: vscode.Uri, call: CommandCall): Promise<Inspection | undefined> {
    const { options, fromCode } = call;
    const file = options.file === undefined ? undefined : toUri(options.file);
    const labels = await attended(call, this.#services.context.extensionUri, (reading) =>
      file === undefined ? usualLabels(uri, reading) : labelsIn(file, uri, true, reading),
    );
    if (labels !== undefined) return this.#asResult(uri, labels);
    if (file !== undefined) throw noLabels(t('The file has no labels of this image.'));
    if (fromCode) throw noLabels(t('There are no labels of this image where they usually stand.'));
    const chosen = await chooseLabelFile(vscode.Uri.joinPath(uri, '..'));
    return chosen && this.#labelsFor(uri, { ...call, options: { ...options, file: chosen } });
  }

  async #evaluateSet(id: string, { options }: CommandCall, iou: number, reading: Reading): Promise<Evaluation> {
    const set = await (await this.#services.sets()).sets.open(id);
    return (await scoreSet(set, options.file === undefined ? undefined : toUri(options.file), iou, reading)).evaluation;
  }

  async #asResult(uri: vscode.Uri, labels: ImageLabels): Promise<Inspection> {
    return labelsAs(labels, await unsentImage(this.#services.files, uri.toString()));
  }
}

/** Results of tasks that find objects. */
function isScored({ task, source, images, detections }: Inspection): boolean {
  return (task === 'detect' || task === 'segment') && source !== 'file' && images.length === 1 && detections !== undefined;
}

/** Whether a set is looked at: its page has no image of its own. */
function isSetActive(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith('imageInspector.set');
}
