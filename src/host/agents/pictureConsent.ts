import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** In the workspace's memory: that the user has been told who receives pictures. */
const TOLD = 'agents.pictures';

/** Only one dialog of them at a time. */
let telling: Promise<boolean> | undefined;

/** Before the first picture goes to an agent or into the chat: the user is told once in a workspace that another model than Gemini receives it. Rejects with `notConfirmed` for a no. */
export async function mayShow({ workspaceState }: Pick<vscode.ExtensionContext, 'workspaceState'>): Promise<void> {
  if (vscode.workspace.isTrusted && workspaceState.get(TOLD) === true) return;
  telling ??= ask().finally(() => {
    telling = undefined;
  });
  if (!(await telling)) throw new InspectorError('notConfirmed', t('Not sent.'));
  if (vscode.workspace.isTrusted) await workspaceState.update(TOLD, true);
}

async function ask(): Promise<boolean> {
  const give = t('Give Pictures');
  const detail = t(
    "The chat's model receives them, not Gemini: cropped or with boxes drawn on them, without metadata, with covered areas black. Excluded files are not given.",
  );
  const asked = vscode.window.showWarningMessage(t('Give pictures of this workspace to the chat?'), { modal: true, detail }, give);
  // Where no dialog can be shown, nobody has agreed.
  const answer = await Promise.resolve(asked).catch(() => undefined);
  return answer === give;
}
