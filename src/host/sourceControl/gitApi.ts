import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** A commit, as far as a list shows it. */
export interface Commit {
  readonly hash: string;
  readonly message: string;
  readonly authorName?: string;
  readonly authorDate?: Date;
}

/** A branch or tag. */
export interface Ref {
  readonly type: number;
  readonly name?: string;
  readonly commit?: string;
}

/** A file that is another in two versions. */
export interface Change {
  readonly originalUri: vscode.Uri;
  readonly renameUri: vscode.Uri | undefined;
}

/** What of a repository is used here, by the names of VS Code's Git extension. */
export interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  getCommit(ref: string): Promise<Commit>;
  /** Rejects for a path that is not in the version. `mode`: as git writes it, such as 100644. */
  getObjectDetails(ref: string, path: string): Promise<{ mode: string; size: number }>;
  /** What differs between a version and the files on disk; with renames. */
  diffWith(ref: string): Promise<Change[]>;
  log(options: { maxEntries: number; path: string }): Promise<Commit[]>;
  getRefs(query: { sort: 'committerdate'; count: number }): Promise<Ref[]>;
}

/** The API of VS Code's Git extension, version 1, as far as it is used here. */
export interface GitApi {
  getRepository(uri: vscode.Uri): Repository | null;
  openRepository(folder: vscode.Uri): Promise<Repository | null>;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

/** Rejects with `unsupported` where VS Code has no Git, or Git itself is missing. */
export async function gitApi(): Promise<GitApi> {
  const extension = vscode.extensions.getExtension<{ enabled: boolean; getAPI(version: 1): GitApi }>('vscode.git');
  if (extension === undefined)
    throw unsupported(t("VS Code's Git extension is not available: it is disabled, or this workspace is not trusted."));
  const git = await extension.activate();
  // Turned off later it goes on being enabled, and has no repositories.
  const isOff = vscode.workspace.getConfiguration('git').get('enabled') === false;
  if (!git.enabled || isOff) throw unsupported(t('Git is not installed, or the setting "{0}" is off.', 'git.enabled'));
  return git.getAPI(1);
}

/** The repository that a file is in. Rejects with `notFound` where it is in none, or in one that VS Code does not open. */
export async function repositoryOf(api: GitApi, file: vscode.Uri): Promise<Repository> {
  const known = api.getRepository(file) ?? (await api.openRepository(vscode.Uri.joinPath(file, '..'))) ?? api.getRepository(file);
  if (known === null)
    throw new InspectorError('notFound', t('This file is not in a Git repository that is open in VS Code.'), {
      detail: t('A repository in a parent folder is opened from the Source Control view.'),
    });
  return known;
}

function unsupported(detail: string): InspectorError {
  return new InspectorError('unsupported', t('Images cannot be compared with Git here.'), { detail });
}
