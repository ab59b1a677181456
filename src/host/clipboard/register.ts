import type * as vscode from 'vscode';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { PastedImageServices } from './openPasted.ts';

/** What pasting images takes. */
interface ClipboardServices extends PastedImageServices {
  context: vscode.ExtensionContext;
  commands: CommandRegistry;
  requests: PageRequests;
}

/** Images out of the clipboard, opened like files. */
export function registerClipboard({ context, commands, requests, ...services }: ClipboardServices): void {
  commands.register('pasteImage', async () => (await import('./pastePage.ts')).openPastePage(context.extensionUri, services));
  requests.on('pasteImage', async (_, pasted) => (await import('./openPasted.ts')).openPasted(services, pasted));
}
