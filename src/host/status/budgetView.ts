import * as vscode from 'vscode';
import { localDay } from '../../core/base/dates.ts';
import { formatNumber, formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { TABLE_DATE } from '../../core/models/modelTable.ts';
import type { Limits } from '../../core/usage/budget.ts';
import { byModel, type Spending, spendingCsv, total } from '../../core/usage/ledger.ts';
import { saveFile } from '../export/exportWrite.ts';

/** What was spent, and what may be. */
export interface SpendingOverview {
  /** All that is known. */
  all: () => Promise<readonly Spending[]>;
  /** Of this window. */
  session: () => readonly Spending[];
  workspace: string;
  limits: () => Limits;
  /** What is wrong with prices that the user has set. */
  priceProblems: () => readonly string[];
  /** Fires when any of it may have changed. */
  onDidChange: vscode.Event<unknown>;
  extensionUri: vscode.Uri;
}

const EXPORT = 'imageInspector.exportBudget';
const SETTINGS = 'workbench.action.openSettings';

let panel: vscode.WebviewPanel | undefined;

/** Shows what was spent, by model, in a page of tables without scripts. There is one such page in a window. */
export async function showBudget(overview: SpendingOverview): Promise<void> {
  if (panel !== undefined) {
    panel.reveal();
    return;
  }
  const media = vscode.Uri.joinPath(overview.extensionUri, 'media');
  const opened = vscode.window.createWebviewPanel('imageInspector.budget', t('Image Inspector: Budget'), vscode.ViewColumn.Active, {
    enableScripts: false,
    enableCommandUris: [EXPORT, SETTINGS],
    enableFindWidget: true,
    localResourceRoots: [media],
  });
  panel = opened;
  let drawn = 0;
  const draw = async () => {
    const current = ++drawn;
    const all = await overview.all();
    if (current === drawn) opened.webview.html = page(overview, all, opened.webview);
  };
  const subscriptions = vscode.Disposable.from(
    overview.onDidChange(() => void draw()),
    // Other windows spend too.
    opened.onDidChangeViewState(() => void (opened.visible && draw())),
  );
  opened.onDidDispose(() => {
    drawn = Number.NaN;
    panel = undefined;
    subscriptions.dispose();
  });
  await draw();
}

/** Saves all that is known as CSV where the user says; undefined when nothing was saved. */
export async function exportBudget({ all, workspace }: SpendingOverview): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `image-inspector-${localDay(new Date())}.csv`;
  const target = await vscode.window.showSaveDialog({
    title: t('Export Budget as CSV'),
    filters: { CSV: ['csv'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return undefined;
  await saveFile(target, new TextEncoder().encode(spendingCsv(await all(), workspace)));
  return target;
}

function page(overview: SpendingOverview, all: readonly Spending[], webview: vscode.Webview): string {
  const style = webview.asWebviewUri(vscode.Uri.joinPath(overview.extensionUri, 'media', 'budget.css'));
  const today = all.filter(({ day }) => day === localDay(new Date()));
  const here = all.filter(({ workspace }) => workspace === overview.workspace);
  const parts = [
    `<h1>${html(t('Budget'))}</h1>`,
    limitLines(overview.limits(), today),
    ...overview.priceProblems().map((problem) => `<p class="problem" role="alert">${html(problem)}</p>`),
    section(t('This Session'), overview.session()),
    section(t('Today'), today),
    section(t('This Workspace'), here),
    `<p class="actions">${link(t('Export as CSV…'), EXPORT)}${link(t('Limits and Prices…'), `${SETTINGS}?${encodeURIComponent('["imageInspector.budget"]')}`)}</p>`,
    `<p class="quiet">${html(t('Prices of {0}, or your own. Calls that ended before Gemini told their figures are estimated.', TABLE_DATE))}</p>`,
  ];
  const policy = `default-src 'none'; style-src ${webview.cspSource}`;
  return `<!DOCTYPE html><html lang="${html(vscode.env.language)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${html(t('Budget'))}</title><link rel="stylesheet" href="${style}"></head><body><main>${parts.join('\n')}</main></body></html>`;
}

function limitLines({ warnAt, stopAt }: Limits, today: readonly Spending[]): string {
  const spent = total(today)?.usd ?? 0;
  if (warnAt === 0 && stopAt === 0) {
    return `<p>${html(t('{0} today. No limit is set.', formatUsd(spent)))}</p>`;
  }
  const lines = [
    [stopAt, t('{0} of {1} today, where tasks are stopped', formatUsd(spent), formatUsd(stopAt))] as const,
    [warnAt, t('{0} of {1} today, where you are asked', formatUsd(spent), formatUsd(warnAt))] as const,
  ];
  return lines
    .filter(([limit]) => limit > 0)
    .map(
      ([limit, words]) =>
        `<p><meter min="0" max="${limit}" value="${Math.min(spent, limit)}" aria-label="${html(words)}"></meter> ${html(words)}</p>`,
    )
    .join('\n');
}

function section(title: string, spendings: readonly Spending[]): string {
  const heading = `<caption>${html(title)}</caption>`;
  const rows = byModel(spendings);
  const sum = total(spendings);
  if (sum === undefined) return `<table>${heading}<tbody><tr><td class="quiet">${html(t('Nothing yet'))}</td></tr></tbody></table>`;
  const names = [t('Model'), t('Calls'), t('Image'), t('Input'), t('Output'), t('Thoughts'), t('Cost')];
  const head = names.map((name) => `<th scope="col">${html(name)}</th>`).join('');
  const body = rows.map((row) => line(row.model, row)).join('');
  const foot = rows.length > 1 ? `<tfoot>${line(t('Total'), sum)}</tfoot>` : '';
  return `<table>${heading}<thead><tr>${head}</tr></thead><tbody>${body}</tbody>${foot}</table>`;
}

function line(name: string, spending: Spending): string {
  const { calls, image, output, thoughts, usd, unpriced, guessed } = spending;
  const figures = [formatNumber(calls), formatNumber(image), inputOf(spending), formatNumber(output), formatNumber(thoughts)]
    .map((value) => `<td>${html(value)}</td>`)
    .join('');
  const about = guessed > 0 ? '≈ ' : '';
  const cost = unpriced === calls ? t('price unknown') : unpriced > 0 ? t('{0} and more', formatUsd(usd)) : `${about}${formatUsd(usd)}`;
  return `<tr><th scope="row">${html(name)}</th>${figures}<td>${html(cost)}</td></tr>`;
}

/** The input, and how much of it cost less or came from tools. */
function inputOf({ prompt, cached, toolUse }: Spending): string {
  const parts = [cached > 0 && t('{0} cached', formatNumber(cached)), toolUse > 0 && t('{0} by tools', formatNumber(toolUse))];
  const said = parts.filter((part) => part !== false);
  return said.length === 0 ? formatNumber(prompt) : `${formatNumber(prompt)} (${said.join(', ')})`;
}

function link(title: string, command: string): string {
  return `<a href="command:${command}">${html(title)}</a>`;
}

/** Untrusted text, such as the id of a model, as text. */
function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
