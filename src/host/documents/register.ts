import * as vscode from 'vscode';
import { DOCUMENT_LANGUAGES } from '../../core/documents/documentKind.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import type { AltTextServices } from './altTexts.ts';

/** Without other extensions, VS Code takes these for plain text. */
const BY_NAME = '**/*.{vue,mdx}';

/** Alternative text where documents use images: the light bulb, commands, problems. All of it is loaded when it is first needed. */
export function registerDocuments({ commands, ...services }: AltTextServices & { commands: CommandRegistry }): vscode.Disposable {
  const altTexts = lazy(async () => {
    const { AltTexts } = await import('./altTexts.ts');
    return new AltTexts(services);
  });
  commands.register('insertAltText', async (call) => (await altTexts()).insert(call));
  commands.register('writeMissingAltText', async (call) => (await altTexts()).writeMissing(call));
  const problems = lazy(async () => {
    const { AltProblems } = await import('./altProblems.ts');
    services.context.subscriptions.push(new AltProblems());
  });
  const follow = () => {
    if (vscode.workspace.getConfiguration('imageInspector').get('altText.check', 'off') !== 'off') void problems();
  };
  follow();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration(follow),
    vscode.languages.registerCodeActionsProvider([...DOCUMENT_LANGUAGES, { pattern: BY_NAME }], {
      provideCodeActions: async (document, range, _, token) => (await import('./altActions.ts')).altActions(document, range, token),
    }),
  );
}
