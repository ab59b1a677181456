import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import type { UriLike } from '../../core/request/commandArguments.ts';

/** The image of the active tab: the built-in preview is a custom editor, an SVG may be open as text. */
export function activeImage(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText)) return undefined;
  return isImageName(input.uri.path) ? input.uri : undefined;
}

/** A real Uri from whatever a caller passed: a Uri, its JSON, an address, or the absolute path of a file. */
export function toUri(value: UriLike | string): vscode.Uri {
  if (value instanceof vscode.Uri) return value;
  if (typeof value !== 'string') return vscode.Uri.from(value);
  return /^[a-z][a-z0-9+.-]+:/i.test(value) ? vscode.Uri.parse(value, true) : vscode.Uri.file(value);
}

/** The failure of a call that names no image where none is active. */
export function noImage(): InspectorError {
  return new InspectorError('noImage', t('No image was given, and none is open in the active editor.'));
}
