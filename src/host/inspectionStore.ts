import * as vscode from 'vscode';
import type { Inspection } from '../core/inspection.ts';

/** A stored inspection file and what is needed to keep the store small. */
interface StoredFile {
  uri: vscode.Uri;
  size: number;
  modified: number;
}

/** Keeps inspections on disk by the hash of their image, the oldest going first when there is too much of it. */
export class InspectionStore implements vscode.Disposable {
  readonly #folder: vscode.Uri;
  readonly #mostBytes: number;
  readonly #added = new vscode.EventEmitter<Inspection>();
  readonly #cleared = new vscode.EventEmitter<void>();
  readonly onDidAdd = this.#added.event;
  readonly onDidClear = this.#cleared.event;

  constructor(folder: vscode.Uri, mostBytes = 200e6) {
    this.#folder = vscode.Uri.joinPath(folder, 'inspections');
    this.#mostBytes = mostBytes;
  }

  /** Stores an inspection under its first image and tells the listeners. */
  async add(inspection: Inspection): Promise<void> {
    const folder = this.#folderOf(inspection.images[0]?.sha256 ?? 'none');
    await vscode.workspace.fs.createDirectory(folder);
    const file = vscode.Uri.joinPath(folder, `${inspection.id}.json`);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(inspection)));
    this.#added.fire(inspection);
    await this.#shrink();
  }

  /** The inspections of an image, oldest first. A file that cannot be read is passed over: it is a cache, and the image is still there. */
  async of(sha256: string): Promise<Inspection[]> {
    const files = await this.#files(this.#folderOf(sha256));
    const read = await Promise.all(files.map(({ uri }) => readInspection(uri)));
    return read.filter((inspection) => inspection !== undefined).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /** The inspection with that id, if it is stored. */
  async find(id: string): Promise<Inspection | undefined> {
    // It may come from anywhere, and becomes a part of a path.
    if (!/^[\w-]+$/.test(id)) return undefined;
    for (const [folder] of await readDirectory(this.#folder)) {
      const found = await readInspection(vscode.Uri.joinPath(this.#folder, folder, `${id}.json`));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async delete(inspection: Inspection): Promise<void> {
    const file = vscode.Uri.joinPath(this.#folderOf(inspection.images[0]?.sha256 ?? 'none'), `${inspection.id}.json`);
    await vscode.workspace.fs.delete(file);
  }

  /** Deletes all inspections of this workspace. */
  async clear(): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    await vscode.workspace.fs.delete(this.#folder, { recursive: true });
    this.#cleared.fire();
  }

  dispose(): void {
    this.#added.dispose();
    this.#cleared.dispose();
  }

  #folderOf(sha256: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, sha256);
  }

  async #shrink(): Promise<void> {
    const folders = await readDirectory(this.#folder);
    const files = (await Promise.all(folders.map(([name]) => this.#files(vscode.Uri.joinPath(this.#folder, name))))).flat();
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const file of files.sort((a, b) => a.modified - b.modified)) {
      if (total <= this.#mostBytes) return;
      await vscode.workspace.fs.delete(file.uri);
      total -= file.size;
    }
  }

  async #files(folder: vscode.Uri): Promise<StoredFile[]> {
    const entries = await readDirectory(folder);
    return Promise.all(
      entries.map(async ([name]) => {
        const uri = vscode.Uri.joinPath(folder, name);
        const { size, mtime } = await vscode.workspace.fs.stat(uri);
        return { uri, size, modified: mtime };
      }),
    );
  }
}

/** The entries of a folder, none if there is no such folder yet. */
async function readDirectory(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

async function readInspection(uri: vscode.Uri): Promise<Inspection | undefined> {
  try {
    const value = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as Inspection;
    return value.version === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}
