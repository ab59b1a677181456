import * as vscode from 'vscode';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import type { PastedServices } from './pastedReplies.ts';

/** In which replies are kept: those whose texts get a light bulb. */
const LANGUAGES = ['json', 'jsonc', 'markdown', 'plaintext'];

/** Replies that were not asked for here, drawn on an image: out of any text, the clipboard, a debugger's variable, a program. Nothing is sent. */
export function registerPasted({ commands, ...services }: PastedServices & { commands: CommandRegistry }): vscode.Disposable {
  const replies = lazy(async () => {
    const { PastedReplies } = await import('./pastedReplies.ts');
    return new PastedReplies(services);
  });
  commands.register('showReply', async (call) => (await replies()).show(call));
  commands.register('showClipboard', async () => (await replies()).showClipboard());
  commands.register('showVariable', async (call) => (await replies()).showVariable(call));
  return vscode.languages.registerCodeActionsProvider(LANGUAGES, {
    provideCodeActions: async (document, range) => (await import('./replyActions.ts')).replyActions(document, range),
  });
}
