import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { withoutControls } from '../../core/base/sanitizeForUi.ts';
import { destination } from '../base/destination.ts';

/** Words before and behind an image. */
export interface Words {
  before: string;
  behind: string;
}

/** Only one dialog of them at a time. */
let asking: Promise<boolean> | undefined;

/**
 * Whether the words around images may go along with them: asked the first time for each destination, by a dialog that shows them, and each time in a workspace
 * that is not trusted; of several images at once, the first words are shown. Rejects with `notConfirmed` where nothing is to be sent at all.
 */
export async function mayGoAlong(all: readonly Words[], memory: vscode.Memento): Promise<boolean> {
  const there = all.filter(({ before, behind }) => before !== '' || behind !== '');
  const [first] = there;
  if (first === undefined) return false;
  const where = destination();
  const key = `consent:words:${where}`;
  const remembered = memory.get<boolean>(key);
  if (vscode.workspace.isTrusted && remembered !== undefined) return remembered;
  asking ??= ask(first, there.length - 1, where).finally(() => {
    asking = undefined;
  });
  const answer = await asking;
  if (vscode.workspace.isTrusted) await memory.update(key, answer);
  return answer;
}

async function ask({ before, behind }: Words, others: number, where: string): Promise<boolean> {
  const send = t('Send with Surrounding Text');
  const without = t('Without Surrounding Text');
  const kept = t('Your choice is kept for this address.');
  const detail = [
    t('To: {0}', withoutControls(new URL(where).host)),
    '',
    `${before} [${t('the image')}] ${behind}`.trim(),
    ...(others > 0 ? ['', t('And those around other images: {0}, at most 1,000 characters each.', others)] : []),
    '',
    [t('These words make the alt text fit the place.'), vscode.workspace.isTrusted ? kept : ''].join(' ').trim(),
  ].join('\n');
  const answer = await vscode.window.showInformationMessage(
    t('Send the words around the image to Gemini too?'),
    { modal: true, detail },
    send,
    without,
  );
  if (answer === undefined) throw new InspectorError('notConfirmed', t('Not sent.'));
  return answer === send;
}
