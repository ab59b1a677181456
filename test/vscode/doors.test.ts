import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import * as vscode from 'vscode';
import type { Inspection, Task } from '../../src/core/inspection/inspection.ts';
import { locateAnswer, textAnswer, wordsAnswer } from '../../src/core/tools/toolAnswer.ts';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';

/** The command line as it is installed. */
const CLI = join(import.meta.dirname, '../../dist/cli.js');
/** VS Code's own program, run as Node where it is Electron. */
const ENVIRONMENT = { PATH: process.env.PATH ?? '', GEMINI_API_KEY: 'test-key', ELECTRON_RUN_AS_NODE: '1' };
const SETTINGS = ['baseUrl', 'confirmBeforeSending', 'tools.maxUsdPerSession', 'exclude'];

const BOXES = JSON.stringify([
  { box_2d: [680, 150, 870, 400], label: 'yellow car' },
  { box_2d: [790, 540, 980, 790], label: 'tram, "line 5"' },
]);
const LINES = JSON.stringify([
  { box_2d: [10, 20, 60, 400], text: 'EXIT' },
  { box_2d: [70, 20, 120, 300], text: 'SALIDA' },
]);
const LABELS = JSON.stringify({ labels: [{ label: 'street', confidence: 0.9 }] });

/** A task as it is asked by each door; agents have no tool for some. */
interface Row {
  task: Task;
  images: readonly string[];
  query?: string;
  labels?: readonly string[];
  command: string;
  tool?: string;
  reply: string;
  answer?: (inspection: Inspection, images: readonly [NamedImage, ...NamedImage[]]) => object;
}
type NamedImage = { path: string; width: number; height: number };

const ROWS: readonly Row[] = [
  { task: 'caption', images: ['street.png'], command: 'caption', tool: 'describe', reply: 'A street with a tram.', answer: wordsAnswer },
  {
    task: 'detect',
    images: ['street.png'],
    query: 'cars and trams',
    command: 'detect',
    tool: 'locate',
    reply: BOXES,
    answer: (inspection, [image]) => locateAnswer(inspection, image),
  },
  {
    task: 'readText',
    images: ['sign.png'],
    command: 'read-text',
    tool: 'read_text',
    reply: LINES,
    answer: (inspection, [image]) => textAnswer(inspection, image),
  },
  {
    task: 'ask',
    images: ['sign.png'],
    query: 'Which way is out?',
    command: 'ask',
    tool: 'ask',
    reply: 'To the left.',
    answer: wordsAnswer,
  },
  {
    task: 'compare',
    images: ['street.png', 'sign.png'],
    command: 'compare',
    tool: 'compare',
    reply: 'One is a street, one is a sign.',
    answer: wordsAnswer,
  },
  { task: 'classify', images: ['street.png'], labels: ['street', 'forest'], command: 'classify', reply: LABELS },
  { task: 'segment', images: ['street.png'], query: 'cars', command: 'segment', reply: BOXES },
];

/** Of the tools that send something. */
const SENDING = ['describe', 'locate', 'read_text', 'ask', 'compare'] as const;

suite('three doors to one engine', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri as vscode.Uri;
  const root = realpathSync(folder.fsPath);
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('imageInspector').update(key, value, vscode.ConfigurationTarget.Global);
  let server: GeminiServer;
  let elsewhere: string;

  suiteSetup(async () => {
    await vscode.extensions.getExtension('image-inspector.gemini-image-inspector')?.activate();
    server = await startGeminiServer();
    elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'elsewhere-')));
    copyFileSync(join(root, 'street.png'), join(elsewhere, 'street.png'));
    mkdirSync(join(root, 'links'));
    symlinkSync(join(elsewhere, 'street.png'), join(root, 'links', 'link.png'));
    process.env.GEMINI_API_KEY = 'test-key';
    await set('baseUrl', server.url);
  });
  setup(async () => {
    server.reset();
    await set('confirmBeforeSending', 'never');
    await set('tools.maxUsdPerSession', 5);
  });
  suiteTeardown(async () => {
    delete process.env.GEMINI_API_KEY;
    await Promise.all(SETTINGS.map((key) => set(key, undefined)));
    rmSync(join(root, 'links'), { recursive: true });
    rmSync(elsewhere, { recursive: true });
    await server.close();
  });

  /** Runs the command line as a process of its own, at no terminal. */
  function commandLine(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const all = [CLI, ...args, '--base-url', server.url, '--state', join(elsewhere, 'state')];
    return new Promise((resolve) => {
      execFile(process.execPath, all, { env: ENVIRONMENT, cwd: root }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      ).stdin?.end();
    });
  }

  /** Calls a tool of a server of its own, as another agent does. */
  async function byMcp(name: string, input: object, ...flags: string[]): Promise<CallToolResult> {
    const client = new Client({ name: 'test', version: '1' });
    const args = [CLI, 'mcp', '--root', root, '--base-url', server.url, '--state', join(elsewhere, 'state'), ...flags];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env: ENVIRONMENT, stderr: 'ignore' }));
    try {
      return (await client.callTool({ name, arguments: { ...input } })) as CallToolResult;
    } finally {
      await client.close();
    }
  }

  /** Calls a tool as VS Code's chat does. */
  async function byChat(name: string, input: object): Promise<Record<string, unknown>> {
    const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const { content } = await vscode.lm.invokeTool(`imageInspector_${camel}`, { input, toolInvocationToken: undefined });
    return JSON.parse((content[0] as vscode.LanguageModelTextPart).value) as Record<string, unknown>;
  }

  for (const { task, images, query, labels, command, tool, reply, answer } of ROWS)
    test(`${task} sends the same and finds the same by every door`, async () => {
      const doors = tool === undefined ? 2 : 4;
      server.respondWith(...Array.from({ length: doors }, () => ({ text: reply })));
      const uris = images.map((name) => vscode.Uri.joinPath(folder, name));
      const options = { ...(query === undefined ? {} : { query }), ...(labels === undefined ? {} : { labels }) };
      const found = await vscode.commands.executeCommand<Inspection>(
        `imageInspector.${task}`,
        uris[0],
        uris.length > 1 ? uris : undefined,
        options,
      );
      const flags = [...(query === undefined ? [] : ['--query', query]), ...(labels === undefined ? [] : ['--labels', labels.join(',')])];
      const { code, out, err } = await commandLine(command, ...images.map((name) => join(root, name)), ...flags, '--yes');
      assert.equal(code, 0, err);
      assert.deepEqual(comparable(JSON.parse(out) as Inspection), comparable(found));
      if (tool !== undefined && answer !== undefined) {
        const input = { ...(images.length === 1 ? { path: images[0] } : { paths: images }), ...(query === undefined ? {} : { query }) };
        const { structuredContent, isError } = await byMcp(tool, input);
        assert.equal(isError, undefined);
        const [first, ...others] = images.map((path, index) => ({ path, ...sizeOf(found, index) })) as [NamedImage, ...NamedImage[]];
        assert.deepEqual(structuredContent, JSON.parse(JSON.stringify(answer(found, [first, ...others]))));
        assert.deepEqual(await byChat(tool, input), structuredContent);
      }
      const sent = server.requests.map(({ method, path, json }) => ({ method, path, json }));
      assert.equal(sent.length, doors);
      for (const one of sent) assert.deepEqual(one, sent[0]);
    });

  /** What must send nothing, by every door. VS Code approves all tools by itself while it runs tests. */
  const refusals: readonly {
    why: string;
    path?: string;
    settings?: Readonly<Record<string, unknown>>;
    chat: RegExp;
    flags?: readonly string[];
    mcp?: string;
    yes?: boolean;
    code: number;
  }[] = [
    // By MCP the start with a folder is the consent: see the test below.
    { why: 'without consent', settings: { confirmBeforeSending: 'always' }, chat: /\bnotConfirmed: /, yes: false, code: 3 },
    { why: 'outside', path: 'links/link.png', chat: /\bnotConfirmed: /, mcp: 'excluded', code: 2 },
    { why: 'excluded', settings: { exclude: ['*.png'] }, chat: /\bexcluded: /, flags: ['--exclude', '*.png'], mcp: 'excluded', code: 3 },
    {
      why: 'past the limit',
      settings: { 'tools.maxUsdPerSession': 0.0001 },
      chat: /\boverBudget: /,
      flags: ['--max-usd', '0.0001'],
      mcp: 'overBudget',
      code: 3,
    },
  ];
  for (const { why, path = 'street.png', settings = {}, chat, flags = [], mcp, yes = true, code } of refusals)
    test(`${why} no byte leaves by any door`, async () => {
      for (const [key, value] of Object.entries(settings)) await set(key, value);
      try {
        for (const tool of SENDING) {
          const input = {
            ...(tool === 'compare' ? { paths: [path, 'sign.png'] } : { path }),
            ...(tool === 'ask' ? { query: 'What?' } : {}),
          };
          const message = await byChat(tool, input).then(
            () => 'answered',
            (error: Error) => error.message,
          );
          assert.match(`${tool}: ${message}`, chat);
          if (mcp === undefined) continue;
          const { isError, content } = await byMcp(tool, input, ...flags);
          assert.equal(isError, true, tool);
          assert.equal(content[0]?.type === 'text' && (JSON.parse(content[0].text) as { reason: string }).reason, mcp, tool);
        }
        const files = why === 'outside' ? [join(root, 'links')] : [join(root, path)];
        for (const command of ['caption', 'detect']) {
          const ended = await commandLine(command, ...files, ...flags, ...(yes ? ['--yes'] : []));
          assert.deepEqual([ended.code, ended.out], [code, ''], ended.err);
        }
      } finally {
        for (const key of Object.keys(settings)) await set(key, undefined);
      }
      assert.deepEqual(server.requests, []);
    });

  test('by MCP nothing is there without a folder that was agreed to', async () => {
    const { code, out, err } = await commandLine('mcp');
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /--root DIR/);
    assert.deepEqual(server.requests, []);
  });
});

/** An inspection without what is its own: id, time and addresses. */
function comparable({ id, createdAt, seconds, images, request, ...same }: Inspection): object {
  assert.ok(id !== '' && createdAt !== '' && (seconds ?? 0) >= 0);
  return JSON.parse(JSON.stringify({ ...same, request, images: images.map(({ uri: _, ...image }) => image) })) as object;
}

function sizeOf({ images }: Inspection, index: number): { width: number; height: number } {
  const { width = 0, height = 0 } = images[index] ?? {};
  return { width, height };
}
