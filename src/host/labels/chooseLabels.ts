import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';

/** Lets the user choose a label file; undefined when the user gave up. `folder`: where to begin. */
export async function chooseLabelFile(folder: vscode.Uri): Promise<vscode.Uri | undefined> {
  const filters = { [t('Labels')]: ['json', 'txt', 'xml', 'csv', 'yaml', 'yml'] };
  return (await vscode.window.showOpenDialog({ defaultUri: folder, filters, openLabel: t('Open Labels') }))?.[0];
}

/** Lets the user choose where the labels of a set are: `file` is unset for their usual places. Undefined when the user gave up. */
export async function chooseSetLabels(folder: vscode.Uri): Promise<{ file?: vscode.Uri } | undefined> {
  const items = [
    {
      label: t('Labels in Their Usual Places'),
      detail: t('Beside the images, in labels or Annotations, or one file for all'),
      choice: 'usual',
    },
    { label: t('Label File…'), detail: t('COCO, CSV, or data.yaml'), choice: 'file' },
    { label: t('Folder of Label Files…'), detail: t('A file for each image'), choice: 'folder' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: t('Score Against Labels'), placeHolder: t('Where the labels are') });
  if (chosen === undefined) return undefined;
  if (chosen.choice === 'usual') return {};
  if (chosen.choice === 'file') return fileOf(await chooseLabelFile(folder));
  const options = { defaultUri: folder, canSelectFiles: false, canSelectFolders: true, openLabel: t('Open Labels') };
  return fileOf((await vscode.window.showOpenDialog(options))?.[0]);
}

function fileOf(file: vscode.Uri | undefined): { file: vscode.Uri } | undefined {
  return file && { file };
}
