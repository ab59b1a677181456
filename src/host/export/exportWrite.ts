import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ComposedFile, FilePart, Spooled } from '../../core/exports/setWriter.ts';
import { DiskTarget, leadsOut } from '../../engine/export/diskTarget.ts';
import type { ExportTarget } from '../../engine/export/exportTarget.ts';
import { type FileContent, writeWhole } from '../../engine/files/wholeFile.ts';

/** The way to write into a folder: on this computer all files or none, elsewhere as far as that can be had. `nameOf`: see `DiskTarget`. */
export function targetAt(folder: vscode.Uri, nameOf: (path: string) => string = (path) => path): ExportTarget {
  return folder.scheme === 'file' ? new DiskTarget(folder.fsPath, nameOf) : new ElsewhereTarget(folder, nameOf);
}

/** True if there is something of that name, be it a link that leads nowhere. */
export async function isThere(uri: vscode.Uri): Promise<boolean> {
  return (uri.scheme === 'file' ? lstat(uri.fsPath) : vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** Writes one file where the user has said; a link that the user chose is followed. */
export async function saveFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
  if (uri.scheme !== 'file') return vscode.workspace.fs.writeFile(uri, content);
  await writeWhole(await realpath(uri.fsPath).catch(() => uri.fsPath), content);
}

/**
 * Such a file system may not be able to rename; what it wrote anew is taken away when the rest fails. Its links are not followed, since nobody can say where
 * they lead. It takes whole files only, so that what is spooled lies in memory.
 */
class ElsewhereTarget implements ExportTarget {
  readonly #folder: vscode.Uri;
  readonly #nameOf: (path: string) => string;
  readonly #spools = new Map<string, Uint8Array[]>();
  /** In the order in which they were asked for. */
  readonly #composed: Promise<string>[] = [];
  readonly #written: Promise<string>[] = [];
  readonly #added: vscode.Uri[] = [];

  constructor(folder: vscode.Uri, nameOf: (path: string) => string) {
    this.#folder = folder;
    this.#nameOf = nameOf;
  }

  async write(path: string, content: string | FileContent): Promise<void> {
    const isWhole = typeof content === 'string' || content instanceof Uint8Array;
    await added(this.#written, this.#put(path, isWhole ? content : Buffer.concat(content)));
  }

  async spool(texts: readonly Spooled[]): Promise<void> {
    for (const { spool, text } of texts) {
      const pieces = this.#spools.get(spool) ?? [];
      this.#spools.set(spool, pieces);
      pieces.push(Buffer.from(text));
    }
  }

  async compose({ path, parts }: ComposedFile): Promise<void> {
    const pieces = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : this.#spooled(part)));
    await added(this.#composed, this.#put(path, Buffer.concat(pieces)));
  }

  async commit(): Promise<string[]> {
    return Promise.all([...this.#composed, ...this.#written]);
  }

  async abandon(): Promise<void> {
    await Promise.allSettled(this.#added.map((file) => vscode.workspace.fs.delete(file)));
  }

  async #put(wanted: string, content: string | Uint8Array): Promise<string> {
    const path = this.#nameOf(wanted);
    const file = vscode.Uri.joinPath(this.#folder, path);
    await refuseLinks(this.#folder, path);
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(this.#folder, dirname(path)));
    if (!(await isThere(file))) this.#added.push(file);
    await vscode.workspace.fs.writeFile(file, typeof content === 'string' ? Buffer.from(content) : content);
    return path;
  }

  #spooled({ spool, start = 0, length }: Exclude<FilePart, string>): Buffer {
    const all = Buffer.concat(this.#spools.get(spool) ?? []);
    this.#spools.set(spool, [all]);
    return all.subarray(start, length === undefined ? undefined : start + length);
  }
}

function added(list: Promise<string>[], one: Promise<string>): Promise<string> {
  list.push(one);
  return one;
}

async function refuseLinks(folder: vscode.Uri, path: string): Promise<void> {
  const names = path.split('/');
  for (const [place, name] of names.entries()) {
    const found = await Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, ...names.slice(0, place + 1)))).catch(
      () => undefined,
    );
    if (found !== undefined && (found.type & vscode.FileType.SymbolicLink) !== 0) throw leadsOut(name);
  }
}
