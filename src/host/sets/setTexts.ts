import type * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { SetCall } from '../../core/sets/inspectionSet.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import type { SetView } from '../../setProtocol.ts';
import { taskTitle } from '../base/taskTitles.ts';

/** What is asked of each image, as the page shows it. */
export function shownQuestion({ task, query, labels }: Pick<SetCall, 'task' | 'query' | 'labels'>, isAltText: boolean) {
  if (isAltText) return { task, words: '', isAltText: true as const };
  return { task, words: labels === undefined ? query : labels.join(', ') };
}

/** Of the tab. */
export function panelTitle({ name, task, isAltText }: SetView): string {
  return `${isAltText ? t('Alt text') : taskTitle(task).replace(/…$/, '')}: ${sanitizeForUi(name, 60)}`;
}

/** Why a set does not go on, as a failure. */
export function waitsFor({ phase: { reason = 'server', message = '' } }: OpenSet): InspectorError {
  return new InspectorError(reason, message, { actions: ['tryAgain', 'openLog'] });
}

/** The name of a folder or of many images, for people. */
export function nameOfImages(uris: readonly vscode.Uri[]): string {
  const [first, ...others] = uris;
  if (first === undefined) return '';
  const parts = first.path.split('/').filter((part) => part !== '');
  if (others.length === 0) return parts.at(-1) ?? first.path;
  return t('{0} images', uris.length);
}
