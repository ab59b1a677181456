import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { withoutControls } from '../../core/base/sanitizeForUi.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { plainText } from '../../core/markdown/markdown.ts';
import { parseMarkdown } from '../../core/markdown/parseMarkdown.ts';
import { confirm } from '../base/confirm.ts';
import { gitApi, repositoryOf } from './gitApi.ts';
import { fileOf } from './versions.ts';

/** Appends the words of a run to the commit message of the repository that its images are in, which is then shown. */
export async function insertIntoCommit({ text = '', images }: Inspection): Promise<void> {
  const uris = images.map(({ uri }) => vscode.Uri.parse(uri));
  const versioned = uris.find(({ scheme }) => scheme === 'git') ?? uris[0];
  if (versioned === undefined) throw new InspectorError('notFound', t('The image is no longer part of this comparison.'));
  const { inputBox } = await repositoryOf(await gitApi(), fileOf(versioned));
  inputBox.value = appended(inputBox.value, text);
  await vscode.commands.executeCommand('workbench.view.scm');
  confirm(t('Added to the commit message.'));
}

/** A commit message with the words of an answer behind what is in it: plain text, an empty line between. */
export function appended(commitMessage: string, answer: string): string {
  const words = plainText(parseMarkdown(answer)).split('\n').map(withoutControls).join('\n').trim();
  if (words === '') return commitMessage;
  return commitMessage.trim() === '' ? words : `${commitMessage.trimEnd()}\n\n${words}`;
}
