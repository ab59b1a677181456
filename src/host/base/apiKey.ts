import * as vscode from 'vscode';
import { InspectorError, isSilent } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { Job } from '../../engine/sending/job.ts';
import type { Sender } from '../../engine/sending/sender.ts';
import { confirm } from './confirm.ts';
import type { KeyStore } from './keyStore.ts';

const KEY_PAGE = vscode.Uri.parse('https://aistudio.google.com/apikey');

/** Opens the page where a key can be had. */
export async function openKeyPage(): Promise<void> {
  await vscode.env.openExternal(KEY_PAGE);
}

/**
 * Asks for a key, has the API check it by a call that costs nothing, and keeps it. Resolves to true when a key was kept.
 * A key that the API refuses is not kept; one that could not be checked (no network) is, if the user wants.
 */
export async function setApiKey(keys: KeyStore, sender: Sender): Promise<boolean> {
  const key = await askForKey(async (candidate) => {
    const job = new Job();
    try {
      await sender.checkKey(job, candidate);
      return undefined;
    } catch (error) {
      return error instanceof InspectorError ? error : new InspectorError('server', t('The key could not be checked.'));
    }
  });
  if (key === undefined) return false;
  await keys.set(key);
  confirm(t('Gemini API key saved'));
  return true;
}

/** Forgets the stored key. One from the environment cannot be cleared from here: the message says so. */
export async function clearApiKey(keys: KeyStore): Promise<void> {
  await keys.clear();
  const remaining = (await keys.get()) !== undefined;
  const message = remaining
    ? t('The stored API key is cleared. The key in the environment (GEMINI_API_KEY or GOOGLE_API_KEY) is still used.')
    : t('The API key is cleared.');
  if (remaining) void vscode.window.showInformationMessage(message);
  else confirm(message);
}

/** The input box: stays open, with the reason, while the key is not accepted. */
function askForKey(check: (key: string) => Promise<InspectorError | undefined>): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  const getKey: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('link-external'), tooltip: t('Get a Key') };
  input.title = t('Gemini API Key');
  input.prompt = t(
    "Kept in VS Code's secret storage on this computer and used only to call Gemini. Get one at aistudio.google.com/apikey.",
  );
  input.password = true;
  input.ignoreFocusOut = true;
  input.buttons = [getKey];
  // A key that could not be checked is taken when Enter is pressed on it once more.
  let unchecked: string | undefined;
  return new Promise((resolve) => {
    const finish = (key: string | undefined) => {
      resolve(key);
      input.dispose();
    };
    input.onDidTriggerButton(() => void openKeyPage());
    input.onDidHide(() => finish(undefined));
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(async () => {
      const key = input.value.trim();
      if (key === '' || input.busy) return;
      if (key === unchecked) return finish(key);
      input.busy = true;
      const failure = await check(key);
      input.busy = false;
      if (failure === undefined) return finish(key);
      const refused = failure.reason === 'invalidApiKey' || failure.reason === 'permissionDenied' || isSilent(failure.reason);
      if (!refused) unchecked = key;
      const message = sanitizeForUi(`${failure.message} ${refused ? '' : t('Press Enter again to keep the key unchecked.')}`.trim(), 300);
      input.validationMessage = {
        message,
        severity: refused ? vscode.InputBoxValidationSeverity.Error : vscode.InputBoxValidationSeverity.Warning,
      };
    });
    input.show();
  });
}
