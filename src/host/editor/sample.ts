import * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { SessionState } from '../../protocol.ts';
import type { SessionStore } from '../session/session.ts';

/** The sample: a picture that we drew, with answers that we wrote. They are shown as if stored, but never are. */
export class Sample {
  readonly uri: vscode.Uri;
  readonly #answers: vscode.Uri;
  #inspections: Promise<Inspection[]> | undefined;

  constructor(extensionUri: vscode.Uri) {
    const folder = vscode.Uri.joinPath(extensionUri, 'media', 'sample');
    this.uri = vscode.Uri.joinPath(folder, 'Sample.png');
    this.#answers = vscode.Uri.joinPath(folder, 'inspections.json');
  }

  /** The written answers; the last is the one to begin with. */
  inspections(): Promise<Inspection[]> {
    this.#inspections ??= this.#read();
    return this.#inspections;
  }

  /** What the session of an image sees of the store: that of the sample finds the written answers before those that were sent for. */
  storeFor(uri: vscode.Uri, store: SessionStore): SessionStore {
    if (!this.#is(uri)) return store;
    return {
      of: async (sha256) => [...(await this.inspections()), ...(await store.of(sha256))],
      delete: (inspection) => store.delete(inspection),
      onDidAdd: store.onDidAdd,
      onDidClear: store.onDidClear,
    };
  }

  /** The part of the page's state that tells written answers from others. */
  async stateFor(uri: vscode.Uri): Promise<Pick<SessionState, 'samples'>> {
    return this.#is(uri) ? { samples: (await this.inspections()).map(({ id }) => id) } : {};
  }

  #is(uri: vscode.Uri): boolean {
    return uri.toString() === this.uri.toString();
  }

  /** In the file the image has no address, since that is where the extension stands. */
  async #read(): Promise<Inspection[]> {
    const written = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#answers))) as Inspection[];
    return written.map((inspection) => ({
      ...inspection,
      images: inspection.images.map((image) => ({ ...image, uri: this.uri.toString() })),
    }));
  }
}
