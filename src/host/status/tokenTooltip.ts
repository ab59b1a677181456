import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { type FactRow, tokenFactRows } from '../../core/usage/tokenFacts.ts';
import type { TokenStatusView } from './tokenStatus.ts';

/** The commands that the tooltip's links may run. */
const COMMANDS = {
  countTokens: 'imageInspector.countTokens',
  selectModel: 'imageInspector.selectModel',
  showBudget: 'imageInspector.showBudget',
  resetCalibration: 'imageInspector.resetCalibration',
} as const;

/** What is known about the image of the status bar, in tables. `name`: of the file, fit to be shown; untrusted text goes in as text only. `address`: where it was fetched from. */
export function tokenTooltip(
  name: string,
  image: TokenStatusView['image'],
  accessibleText: string,
  basis: TokenBasis,
  address?: string,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: Object.values(COMMANDS) };
  if (image === undefined) {
    text.appendText(accessibleText);
    return text.appendMarkdown(`\n\n---\n\n${link(t('Budget'), COMMANDS.showBudget)}`);
  }
  text
    .appendMarkdown('**')
    .appendText(name)
    .appendMarkdown('** ')
    .appendText(t('for {0}', sanitizeForUi(image.model)));
  // In code marks, or VS Code would make a link of it.
  if (address !== undefined) text.appendMarkdown(`\n\n${cell(t('From {0}', ''))}\`${sanitizeForUi(address, 300).replaceAll('`', '%60')}\``);
  const { label, billed } = image;
  const tokens = label.tokens ?? image.estimate.tokens;
  text.appendMarkdown(`\n\n${table(tokenFactRows({ ...image, sign: label.sign, tokens, billed }, basis))}`);
  const links = [
    link(t('Count Exactly'), COMMANDS.countTokens),
    link(t('Change Model or Resolution'), COMMANDS.selectModel),
    link(t('Budget'), COMMANDS.showBudget),
    ...(image.estimate.rule === 'calibrated' ? [link(t('Reset Calibration'), COMMANDS.resetCalibration)] : []),
  ];
  return text.appendMarkdown(`\n\n---\n\n${links.join(' · ')}`);
}

/** The first row stands in the place of headings, which Markdown wants. */
function table(rows: readonly FactRow[]): string {
  // Names stay on one line: VS Code's tooltips are narrow, and the figures can do with less.
  const line = ([name, value]: FactRow) => `|${cell(name).replaceAll(' ', '\u00a0')}|${cell(value)}|`;
  const [first, ...others] = rows.map(line);
  return [first, '|:---|---:|', ...others].join('\n');
}

/** Our words, too, may hold what Markdown takes for its own. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~-]/g, '\\$&');
}

function link(title: string, command: string): string {
  return `[${cell(title)}](command:${command})`;
}
