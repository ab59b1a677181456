import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** A command of this extension that calls a tool of VS Code, as agents in it do: `[name, input]` as JSON is typed, the answer is written down. */
export const CALL_TOOL = 'Agent: Call Tool';

const MANIFEST = {
  name: 'agent',
  publisher: 'test',
  version: '1.0.0',
  engines: { vscode: '^1.101.0' },
  main: './extension.js',
  contributes: { commands: [{ command: 'agent.callTool', title: 'Call Tool', category: 'Agent' }] },
};

const PROGRAM = `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');
exports.activate = ({ subscriptions }) => {
  const callTool = async () => {
    const [name, input] = JSON.parse(await vscode.window.showInputBox());
    const answer = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }).then(
      ({ content }) => content.map(({ value, mimeType, data }) => value ?? { mimeType, bytes: data.length }),
      ({ message }) => ({ error: message }),
    );
    appendFileSync(join(process.env.AGENT_FOLDER, 'answers.jsonl'), JSON.stringify(answer) + '\\n');
  };
  subscriptions.push(vscode.commands.registerCommand('agent.callTool', callTool));
};
`;

/** What a tool answered: its parts, texts as they are; or its error. */
export type AgentAnswer = (string | { mimeType: string; bytes: number })[] | { error: string };

/** Packages the extension into a folder, which it is to find as AGENT_FOLDER in its environment; resolves to the package. */
export async function packageAgent(folder: string): Promise<string> {
  const path = join(folder, 'agent.vsix');
  const bytes = (text: string) => new TextEncoder().encode(text);
  await writeFile(path, zipSync({ 'extension/package.json': bytes(JSON.stringify(MANIFEST)), 'extension/extension.js': bytes(PROGRAM) }));
  return path;
}

/** The answers so far, in their order. */
export async function agentAnswers(folder: string): Promise<AgentAnswer[]> {
  const text = await readFile(join(folder, 'answers.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AgentAnswer);
}
