import * as vscode from 'vscode';
import { withoutExtension } from '../../core/base/fileNames.ts';
import { formatNumber } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { isRecord } from '../../core/base/shape.ts';
import type { SetLine, SetRow } from '../../core/sets/inspectionSet.ts';
import { withExportProgress } from '../export/exportCommand.ts';

/** The lines of the images that are wanted, one after the other. */
export type SetLines = (isWanted: (row: SetRow) => boolean) => AsyncIterable<SetLine>;

/** Writes a file beside each image: its text, or its whole result. Files that are there are replaced only if the user says so; else they stay. */
export async function writeBeside(lines: SetLines, rows: readonly SetRow[], format: 'captions' | 'beside'): Promise<void> {
  const files = new Map(
    rows.map(({ key, uri }) => [key, besideOf(vscode.Uri.parse(uri), format === 'captions' ? '.txt' : '.inspection.json')]),
  );
  const existing = new Set<string>();
  for (const [key, file] of files) if (await exists(file)) existing.add(key);
  const replaces = existing.size === 0 || (await asksToReplace(existing.size, files.size));
  if (replaces === undefined) return;
  const wanted = new Set([...files.keys()].filter((key) => replaces || !existing.has(key)));
  const written = await withExportProgress(async (signal, progress) => {
    const done: vscode.Uri[] = [];
    for await (const line of lines(({ key }) => wanted.has(key))) {
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
  void vscode.window.showInformationMessage(
    written.length === 1 ? t('Exported 1 file beside its image.') : t('Exported {0} files beside their images.', written.length),
  );
}

/** Whether files that are there are replaced, or only those that are missing written; undefined for neither. */
async function asksToReplace(existing: number, all: number): Promise<boolean | undefined> {
  const question =
    existing === 1
      ? t('1 file already exists. Do you want to replace it?')
      : t('{0} files already exist. Do you want to replace them?', formatNumber(existing));
  const replace = t('Replace');
  const others = existing === all ? [] : [t('Write Only the Missing')];
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, ...others, replace);
  return answer === undefined ? undefined : answer === replace;
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
