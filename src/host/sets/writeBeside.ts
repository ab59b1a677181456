import * as vscode from 'vscode';
import { withoutExtension } from '../../core/base/fileNames.ts';
import { t } from '../../core/base/l10n.ts';
import { isRecord } from '../../core/base/shape.ts';
import type { SetLine, SetRow } from '../../core/sets/inspectionSet.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { askOverwrite, withExportProgress } from '../export/exportCommand.ts';

/** Writes a file beside each image: its text, or its whole result. Files that are there are replaced only if the user says so; else they stay. */
export async function writeBeside(set: OpenSet, rows: readonly SetRow[], format: 'captions' | 'beside'): Promise<void> {
  const files = new Map(
    rows.map(({ key, uri }) => [key, besideOf(vscode.Uri.parse(uri), format === 'captions' ? '.txt' : '.inspection.json')]),
  );
  const existing = new Set<string>();
  for (const [key, file] of files) if (await exists(file)) existing.add(key);
  const answer = existing.size === 0 ? 'overwrite' : await askOverwrite(existing.size);
  if (answer === undefined) return;
  const wanted = new Set([...files.keys()].filter((key) => answer === 'overwrite' || !existing.has(key)));
  const written = await withExportProgress(async (signal, progress) => {
    const done: vscode.Uri[] = [];
    for await (const line of set.lines(({ key }) => wanted.has(key))) {
      signal.throwIfAborted();
      const file = files.get(line.key);
      const text = textOf(line, format);
      if (file === undefined || text === undefined) continue;
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
      done.push(file);
      progress({ images: done.length, of: wanted.size });
    }
    return done;
  });
  void vscode.window.showInformationMessage(t('Exported {0} files beside their images.', written.length));
}

function besideOf(image: vscode.Uri, ending: string): vscode.Uri {
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  return vscode.Uri.joinPath(image, '..', `${withoutExtension(name)}${ending}`);
}

async function exists(file: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(file)).then(
    () => true,
    () => false,
  );
}

function textOf({ inspection }: SetLine, format: 'captions' | 'beside'): string | undefined {
  if (inspection === undefined) return undefined;
  if (format === 'beside') return `${JSON.stringify(inspection, inOrder, 2)}\n`;
  return inspection.text === undefined ? undefined : `${inspection.text}\n`;
}

/** The names of each object in the same order every time, so that two results can be compared line by line. */
function inOrder(_: string, value: unknown): unknown {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
