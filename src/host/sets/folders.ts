import * as vscode from 'vscode';
import { readExclusions } from '../../core/base/exclusions.ts';
import { type FolderAccess, type FolderEntry, LOCAL_FOLDERS } from '../../engine/sets/folderAccess.ts';

/** Folders in all of VS Code's file systems, by their addresses. */
export const VSCODE_FOLDERS: FolderAccess = {
  entries: (address) => (isLocal(address) ? LOCAL_FOLDERS.entries(address) : entriesOf(vscode.Uri.parse(address))),
  realAddress: (address) => (isLocal(address) ? LOCAL_FOLDERS.realAddress(address) : Promise.resolve(address)),
  stamp: async (address) => {
    if (isLocal(address)) return LOCAL_FOLDERS.stamp(address);
    const stat = await Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.parse(address))).catch(() => undefined);
    return stat && { size: stat.size, mtime: stat.mtime, inode: 0 };
  },
};

function isLocal(address: string): boolean {
  return address.startsWith('file:');
}

async function entriesOf(folder: vscode.Uri): Promise<FolderEntry[] | undefined> {
  const found = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => undefined);
  return found?.map(([name, type]) => ({
    name,
    address: vscode.Uri.joinPath(folder, name).toString(),
    kind: (type & vscode.FileType.File) !== 0 ? 'file' : (type & vscode.FileType.Directory) !== 0 ? 'folder' : 'other',
    isLink: (type & vscode.FileType.SymbolicLink) !== 0,
  }));
}

/** Whether the setting `files.exclude` hides a file or folder. Patterns that hold only beside another file hide nothing here. */
export function hiddenByVscode(): (address: string) => boolean {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => {
    const setting = vscode.workspace.getConfiguration('files', uri).get<Record<string, unknown>>('exclude') ?? {};
    const patterns = Object.keys(setting).filter((pattern) => setting[pattern] === true && !pattern.startsWith('!'));
    return { path: `${uri.toString()}/`, exclusions: readExclusions([patterns]) };
  });
  return (address) => roots.some(({ path, exclusions }) => address.startsWith(path) && exclusions.has(decoded(address.slice(path.length))));
}

function decoded(path: string): string {
  return vscode.Uri.parse(`file:///${path}`).path.slice(1);
}
