import * as vscode from 'vscode';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { AgentServices } from './agentTools.ts';

/** What agents are given takes. */
interface AgentFeature extends AgentServices {
  commands: CommandRegistry;
  requests: PageRequests;
}

/** Milliseconds after which the start of the window is over. */
const AFTER_START = 3000;

/** Eyes for agents: tools in VS Code's chat, the configuration of others, pictures for the chat. All of it is loaded when it is first called. */
export function registerAgents({ commands, requests, ...services }: AgentFeature): vscode.Disposable {
  const { context } = services;
  const tools = lazy(async () => {
    const { AgentTools } = await import('./agentTools.ts');
    return new AgentTools(services);
  });
  commands.register('copyToolConfiguration', async (call) => (await import('./toolConfiguration.ts')).copyToolConfiguration(context, call));
  requests.answer('sendToChat', async (session, { picture }) => (await import('./sendToChat.ts')).sendToChat(services, session, picture));
  const later = setTimeout(
    () => void import('./commandLine.ts').then(({ writeCommandLine }) => writeCommandLine(context)),
    AFTER_START,
  ).unref();
  const contributed = context.extension.packageJSON.contributes.languageModelTools as { name: string }[];
  return vscode.Disposable.from(
    new vscode.Disposable(() => clearTimeout(later)),
    ...contributed.map(({ name }) =>
      vscode.lm.registerTool<object>(name, {
        prepareInvocation: async ({ input }) => (await tools()).prepare(name, input),
        invoke: async ({ input }, token) => (await tools()).invoke(name, input, token),
      }),
    ),
  );
}
