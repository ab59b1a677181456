import * as vscode from 'vscode';
import { shortRef } from '../../core/base/addresses.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { Commit, Ref, Repository } from './gitApi.ts';

/** Commits that changed the file, and branches and tags, of each at most. */
const MOST_LISTED = 100;

/** A version in a picker. */
interface VersionItem extends vscode.QuickPickItem {
  ref?: string;
}

/** Lets the user choose a commit that changed the file, or a branch or tag; undefined when nothing was chosen. */
export async function pickVersion(repository: Repository, file: vscode.Uri): Promise<string | undefined> {
  const chosen = await vscode.window.showQuickPick<VersionItem>(versionItems(repository, file), {
    title: t('Compare Image with Commit or Branch'),
    placeHolder: t('Commits that changed this file, then branches and tags'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.ref;
}

async function versionItems(repository: Repository, file: vscode.Uri): Promise<VersionItem[]> {
  const [commits, refs] = await Promise.all([
    repository.log({ maxEntries: MOST_LISTED, path: file.fsPath }).catch(() => []),
    repository.getRefs({ sort: 'committerdate', count: MOST_LISTED }).catch(() => []),
  ]);
  const line = (label: string): VersionItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const named = refs.flatMap(refItem);
  return [
    ...(commits.length === 0 ? [] : [line(t('Commits')), ...commits.map(commitItem)]),
    ...(named.length === 0 ? [] : [line(t('Branches and Tags')), ...named]),
  ];
}

function commitItem({ hash, message, authorName = '', authorDate }: Commit): VersionItem {
  const [subject = ''] = message.split('\n', 1);
  const date = authorDate?.toLocaleDateString(vscode.env.language) ?? '';
  return {
    label: `$(git-commit) ${sanitizeForUi(subject)}`,
    description: shortRef(hash),
    detail: [sanitizeForUi(authorName), date].filter(Boolean).join(' · '),
    ref: hash,
  };
}

/** A tag is of type 2; a remote branch of type 1. */
function refItem({ type, name, commit }: Ref): VersionItem[] {
  if (name === undefined) return [];
  const icon = type === 2 ? 'tag' : type === 1 ? 'cloud' : 'git-branch';
  return [{ label: `$(${icon}) ${sanitizeForUi(name)}`, ...(commit === undefined ? {} : { description: shortRef(commit) }), ref: name }];
}
