import type * as vscode from 'vscode';
import type { Sender } from '../../engine/sending/sender.ts';
import type { CommandRegistry } from './commandRegistry.ts';
import type { KeyStore } from './keyStore.ts';

/** The API key and the log. */
export function registerBasics(services: {
  commands: CommandRegistry;
  keys: KeyStore;
  sender: Sender;
  log: vscode.LogOutputChannel;
}): void {
  const { commands, keys, sender, log } = services;
  commands.register('setApiKey', async () => (await import('./apiKey.ts')).setApiKey(keys, sender));
  commands.register('clearApiKey', async () => (await import('./apiKey.ts')).clearApiKey(keys));
  commands.register('showLog', () => log.show());
}
