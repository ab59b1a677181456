import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { costUsd } from '../../core/usage/cost.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { activeImage } from '../base/activeImage.ts';
import { titleOf } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';
import { onDidChangeFile } from '../base/watchFile.ts';
import type { SendOptionsStore } from '../session/sendOptions.ts';
import { readImageTokens } from './imageTokens.ts';
import { type ReportedTokens, TokenStatus, type TokenStatusView } from './tokenStatus.ts';

/** Beside the built-in image items, which are at 100 to 102. */
const PRIORITY = 99;

/** What the status bar entry shows depends on. */
export interface TokenItemOptions {
  basis: () => TokenBasis;
  isOverBudget: (usd: number) => Promise<boolean>;
  sendOptions: Pick<SendOptionsStore, 'of' | 'onDidChange'>;
  /** Where the image of a file was fetched from, if it was. */
  addressOf: (uri: vscode.Uri) => Promise<string | undefined>;
  /** What stored results say was billed for an image. */
  stored: (uri: vscode.Uri) => Promise<readonly ReportedTokens[]>;
  /** Fires when calibration, budget or prices may have changed. */
  onDidChange: vscode.Event<unknown>;
}

/** The entry in the status bar, as VS Code has it. */
export function createTokenStatus({ basis, isOverBudget, sendOptions, addressOf, stored, onDidChange }: TokenItemOptions): {
  status: TokenStatus;
  disposable: vscode.Disposable;
} {
  const item = vscode.window.createStatusBarItem('imageInspector.tokens', vscode.StatusBarAlignment.Right, PRIORITY);
  item.name = t('Image Tokens');
  item.command = 'imageInspector.selectModel';
  let shown = 0;
  const status = new TokenStatus({
    activeImage,
    show: (name, view) => {
      item.text = view.text;
      item.accessibilityInformation = { label: view.accessibleText };
      item.backgroundColor = view.warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
      item.show();
      const current = ++shown;
      const uri = activeImage();
      void tooltipOf(name, view, basis(), uri === undefined ? undefined : addressOf(uri)).then((tooltip) => {
        if (current === shown) item.tooltip = tooltip;
      });
    },
    hide: () => {
      shown++;
      item.hide();
    },
    form: (uri) => readSettings(uri).statusBar,
    read: (uri) => {
      const settings = readSettings(uri);
      const { maxDimension = settings.maxDimension } = sendOptions.of(uri);
      return readImageTokens(uri, { ...settings, maxDimension }, basis());
    },
    costUsd: (model, prompt) => costUsd(model, new Date(), { prompt }, basis().prices),
    isOverBudget,
    nameOf: (uri) => sanitizeForUi(titleOf(uri)),
    stored,
    watch: onDidChangeFile,
  });
  const update = () => void status.update();
  const disposable = vscode.Disposable.from(
    status,
    item,
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('imageInspector') && update()),
    onDidChange(update),
    sendOptions.onDidChange(update),
  );
  return { status, disposable };
}

async function tooltipOf(
  name: string,
  { image, accessibleText }: TokenStatusView,
  basis: TokenBasis,
  address: Promise<string | undefined> | undefined,
): Promise<vscode.MarkdownString> {
  const { tokenTooltip } = await import('./tokenTooltip.ts');
  return tokenTooltip(name, image, accessibleText, basis, await address);
}
