import * as vscode from 'vscode';
import { shortRef } from '../../core/base/addresses.ts';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { ImageDifference } from '../../core/inspection/imageDifference.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { type DifferenceTools, differenceOfFiles } from '../../engine/difference/differenceOfFiles.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { toUri } from '../base/activeImage.ts';
import { nameOf } from '../base/imageFile.ts';
import { imagesOf, openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import { gitApi, repositoryOf } from './gitApi.ts';
import { fileOf, type Versions, versionsOf } from './versions.ts';

/** What comparing takes. */
export interface CompareServices {
  files: VscodeImageFiles;
  worker: DifferenceTools['worker'];
  editors: InspectorEditors;
}

/** Compares images with their committed versions, and with each other. Nothing is sent for it. */
export class CompareCommands {
  readonly #services: CompareServices;

  constructor(services: CompareServices) {
    this.#services = services;
  }

  /** From code what changed in one image; from a menu each of the images is shown with its committed version. */
  async withHead(call: CommandCall): Promise<ImageDifference | undefined> {
    const { uris } = await imagesOf(this.#services.files, call);
    return this.#compareEach(uris, String(call.options.ref ?? 'HEAD'), call);
  }

  /** Like `withHead`, with a commit or branch that the user chooses. */
  async withChosen(call: CommandCall): Promise<ImageDifference | undefined> {
    if (call.options.ref !== undefined) return this.withHead(call);
    const { uris } = await imagesOf(this.#services.files, call);
    const [first] = uris;
    if (first === undefined) return undefined;
    const api = await gitApi();
    const { pickVersion } = await import('./pickVersion.ts');
    const ref = await pickVersion(await repositoryOf(api, fileOf(first)), fileOf(first));
    return ref === undefined ? undefined : this.#compareEach(uris, ref, call);
  }

  /** Two images, the first taken for the older one. */
  async two(call: CommandCall): Promise<ImageDifference | undefined> {
    const named = call.uris.length > 0 ? call.uris : (call.options.uris ?? []);
    const uris = named.length > 0 || call.fromCode ? named.map(toUri) : (await imagesOf(this.#services.files, call, true)).uris;
    const [older, newer, ...more] = uris;
    if (older === undefined && !call.fromCode) return undefined;
    if (older === undefined || newer === undefined || more.length > 0)
      throw new InspectorError('noImage', t('Select two images to compare.'));
    for (const uri of [older, newer]) assertImage(uri);
    return this.#compare({ older, newer }, '', call);
  }

  async #compareEach(uris: readonly vscode.Uri[], ref: string, call: CommandCall): Promise<ImageDifference | undefined> {
    if (uris.length === 0) return undefined;
    const api = await gitApi();
    let last: ImageDifference | undefined;
    for (const uri of uris) last = await this.#compare(await versionsOf(api, uri, ref), ref, call);
    return last;
  }

  async #compare(versions: Versions, ref: string, call: CommandCall): Promise<ImageDifference | undefined> {
    // A page finds out by itself.
    if (!call.fromCode) return this.#show(versions, ref).then(() => undefined);
    const difference = await this.#difference(versions, ref);
    if (call.options.reveal === true) await this.#show(versions, ref);
    return difference;
  }

  async #difference({ older, newer }: Versions, ref: string): Promise<ImageDifference> {
    const addresses = [older?.toString() ?? null, newer?.toString() ?? null] as const;
    try {
      return (await differenceOfFiles(this.#services, addresses, 'corner')).difference;
    } catch (error) {
      throw await this.#ofOlder(older, ref, error);
    }
  }

  /** A failure that says it is about the committed version, if it is. */
  async #ofOlder(older: vscode.Uri | null, ref: string, error: unknown): Promise<unknown> {
    if (older === null || ref === '' || !(error instanceof InspectorError)) return error;
    const isSound = await this.#services.files
      .open(older.toString())
      .then(probe)
      .then(
        () => true,
        () => false,
      );
    if (isSound) return error;
    const { reason, message, detail } = failureView(error);
    const title = t('The version in {0} cannot be read.', shortRef(ref));
    return new InspectorError(reason, title, { detail: [message, detail].filter(Boolean).join(' '), cause: error });
  }

  /** The older picture's inspector with both of them; where there is only one, that one, and why. */
  async #show({ older, newer, renamedFrom }: Versions, ref: string): Promise<void> {
    const first = older ?? newer;
    if (first === null) return;
    const session = await openInspector(this.#services.editors, first, { preview: false });
    const name = nameOf(newer ?? first);
    if (older !== null && newer !== null) {
      session.compareWith(newer);
      if (renamedFrom !== undefined)
        tell(t('"{0}" was renamed: in {1} it is "{2}".', name, shortRef(ref), vscode.workspace.asRelativePath(renamedFrom)));
    } else if (older === null) tell(t('"{0}" was added: it is not in {1}.', name, shortRef(ref)));
    else tell(t('"{0}" was deleted: this is the version in {1}.', name, shortRef(ref)));
  }
}

function assertImage(uri: vscode.Uri): void {
  if (!isImageName(uri.path)) throw new InspectorError('unreadableImage', t('"{0}" is not an image.', nameOf(uri)));
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(sanitizeForUi(text, 400));
}
