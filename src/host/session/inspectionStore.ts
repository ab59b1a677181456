import * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { InspectionFiles, StoreOptions } from '../../engine/files/inspectionFiles.ts';

/** Keeps inspections on disk by the hash of their image, the oldest going first when there is too much of it. */
export class InspectionStore implements vscode.Disposable {
  readonly #folder: vscode.Uri;
  readonly #options: StoreOptions;
  #opened: Promise<InspectionFiles> | undefined;
  readonly #added = new vscode.EventEmitter<Inspection>();
  readonly #cleared = new vscode.EventEmitter<void>();
  readonly #deleted = new vscode.EventEmitter<Inspection>();
  readonly onDidAdd = this.#added.event;
  readonly onDidDelete = this.#deleted.event;
  readonly onDidClear = this.#cleared.event;

  /** @param folder on this computer */
  constructor(folder: vscode.Uri, options: StoreOptions = {}) {
    this.#folder = vscode.Uri.joinPath(folder, 'inspections');
    this.#options = options;
  }

  /** Stores an inspection under its first image and tells the listeners. */
  async add(inspection: Inspection): Promise<void> {
    const files = await this.#files();
    await files.add(inspection);
    this.#added.fire(inspection);
    await files.shrink();
  }

  /** The inspections of an image, oldest first. Each is read on its own; one that cannot be read is set aside. */
  async of(sha256: string): Promise<Inspection[]> {
    return (await this.#files()).of(sha256);
  }

  /** How many inspections of an image are stored. */
  async count(sha256: string): Promise<number> {
    return (await this.#files()).count(sha256);
  }

  /** The inspection with that id, if it is stored. */
  async find(id: string): Promise<Inspection | undefined> {
    return (await this.#files()).find(id);
  }

  async delete(inspection: Inspection): Promise<void> {
    await (await this.#files()).delete(inspection);
    this.#deleted.fire(inspection);
  }

  /** Deletes all inspections of this workspace. */
  async clear(): Promise<void> {
    await (await this.#files()).clear();
    this.#cleared.fire();
  }

  dispose(): void {
    this.#added.dispose();
    this.#deleted.dispose();
    this.#cleared.dispose();
  }

  #files(): Promise<InspectionFiles> {
    this.#opened ??= import('../../engine/files/inspectionFiles.ts').then(
      ({ InspectionFiles }) => new InspectionFiles(this.#folder.fsPath, this.#options),
    );
    return this.#opened;
  }
}
