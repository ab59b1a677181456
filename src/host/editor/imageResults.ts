import type * as vscode from 'vscode';
import type { ImageRuns } from '../../engine/export/exportResults.ts';
import type { FileAccess } from '../../engine/files/imageFiles.ts';
import type { SessionStore } from '../session/session.ts';
import type { InspectorEditors } from './inspectorEditor.ts';
import type { Sample } from './sample.ts';

/** The results of images, whether these are open in an inspector or not. */
export class ImageResults {
  readonly #editors: InspectorEditors;
  readonly #sample: Sample;
  readonly #store: SessionStore;
  readonly #files: FileAccess;

  constructor(editors: InspectorEditors, sample: Sample, store: SessionStore, files: FileAccess) {
    this.#editors = editors;
    this.#sample = sample;
    this.#store = store;
    this.#files = files;
  }

  /** Of its session where it is open in an inspector, which shows one of them, else as stored. Rejects if the image cannot be read. */
  async of(uri: vscode.Uri): Promise<ImageRuns> {
    const address = uri.toString();
    const session = this.#editors.sessionOf(uri);
    if (session?.info?.sha256 !== undefined) {
      const { runs, shown } = session.state;
      const { hidden } = session;
      return { address, runs, ...(shown === undefined ? {} : { chosen: shown }), ...(hidden === undefined ? {} : { hidden }) };
    }
    const { readImage } = await import('../../engine/files/imageInfo.ts');
    const { sha256 } = await readImage(this.#files, address);
    return { address, runs: await this.#sample.storeFor(uri, this.#store).of(sha256) };
  }
}
