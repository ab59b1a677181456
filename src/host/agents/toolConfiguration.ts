import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { GOOGLE_ADDRESS } from '../../engine/sending/geminiAddress.ts';
import { confirm } from '../base/confirm.ts';
import { destination } from '../base/destination.ts';
import { excludeLevels, readSettings, usesVertex } from '../base/settings.ts';
import { commandLinePath, writeCommandLine } from './commandLine.ts';

const CLIENTS = ['claude', 'codex', 'gemini'] as const;
type AgentClient = (typeof CLIENTS)[number];

/** What each is called, and the file that has its settings. */
const PLACES: Readonly<Record<AgentClient, readonly [name: string, file: string]>> = {
  claude: ['Claude Code', '.mcp.json'],
  codex: ['Codex', '~/.codex/config.toml'],
  gemini: ['Gemini CLI', '.gemini/settings.json'],
};

const NAME = 'image-inspector';

/** Makes the settings by which another agent finds the tools. For the user they go to the clipboard, with what starting them means. */
export async function copyToolConfiguration(
  context: vscode.ExtensionContext,
  { fromCode, options }: CommandCall,
): Promise<string | undefined> {
  const { for: named } = options as { for?: unknown };
  const known = CLIENTS.find((client) => client === named);
  if (fromCode && known === undefined)
    throw new InspectorError('unsupported', t('"{0}" is none of these: {1}.', sanitizeForUi(String(named), 40), CLIENTS.join(', ')));
  const client = known ?? (await chooseClient());
  if (client === undefined) return undefined;
  if (usesVertex()) throw new InspectorError('unsupported', t('The tools for other agents call the Gemini API with a key, not Vertex AI.'));
  const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  if (roots.length === 0) throw new InspectorError('notFound', t('Open a folder first: its images are those that an agent may look at.'));
  await writeCommandLine(context, true);
  const text = configurationFor(client, argumentsFor(commandLinePath(context), roots));
  if (fromCode) return text;
  await vscode.env.clipboard.writeText(text);
  confirm(t('Configuration copied'));
  void vscode.window.showInformationMessage(
    t(
      'Starting it with this folder is your consent: the agent may then send images of {0} to {1}, without being asked each time. The key is taken from GEMINI_API_KEY.',
      sanitizeForUi(roots.join(', '), 200),
      sanitizeForUi(destination(), 100),
    ),
  );
  return text;
}

/** What the command line is started with: the user's own exclusions, address and model go along. */
function argumentsFor(program: string, roots: readonly string[]): string[] {
  const patterns = excludeLevels().flatMap((level) =>
    Array.isArray(level) ? level.filter((one): one is string => typeof one === 'string') : [],
  );
  const address = destination();
  return [
    program,
    'mcp',
    ...roots.flatMap((root) => ['--root', root]),
    '--model',
    readSettings().model,
    ...(address === GOOGLE_ADDRESS ? [] : ['--base-url', address]),
    ...[...new Set(patterns)].flatMap((pattern) => ['--exclude', pattern]),
  ];
}

/** Seconds that a call of a tool may take: an answer may, and so may a wait for a free place. Codex ends calls after 60 by itself; others wait longer. */
const CALL_SECONDS = 300;

/** As each client has it in its settings. Source: their documentation of MCP servers. */
function configurationFor(client: AgentClient, args: readonly string[]): string {
  if (client === 'codex') {
    // TOML; its basic strings are written like those of JSON.
    return `[mcp_servers.${NAME}]\ncommand = "node"\nargs = [${args.map((arg) => JSON.stringify(arg)).join(', ')}]\nenv_vars = ["GEMINI_API_KEY"]\ntool_timeout_sec = ${CALL_SECONDS}\n`;
  }
  // The client puts the variable in.
  const variable = client === 'claude' ? '$'.concat('{GEMINI_API_KEY}') : '$GEMINI_API_KEY';
  const server = { ...(client === 'claude' ? { type: 'stdio' } : {}), command: 'node', args, env: { GEMINI_API_KEY: variable } };
  return `${JSON.stringify({ mcpServers: { [NAME]: server } }, undefined, 2)}\n`;
}

async function chooseClient(): Promise<AgentClient | undefined> {
  const items = CLIENTS.map((client) => ({ label: PLACES[client][0], description: PLACES[client][1], client }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Copy Tool Configuration') });
  return chosen?.client;
}
