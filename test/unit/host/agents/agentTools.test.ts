import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';
import { useVscodeStub } from '../../../fakes/vscode.ts';
import { decoded, encoded, portrait } from '../../../fixtures/pictures.ts';

useVscodeStub();
// The same instance that the host gets.
const vscode = (await import('vscode')) as unknown as typeof import('../../../fakes/vscode.ts');
const { AgentTools } = await import('../../../../src/host/agents/agentTools.ts');
const { sendToChat } = await import('../../../../src/host/agents/sendToChat.ts');
const { copyToolConfiguration } = await import('../../../../src/host/agents/toolConfiguration.ts');
const { writeCommandLine } = await import('../../../../src/host/agents/commandLine.ts');
type Services = ConstructorParameters<typeof AgentTools>[0];

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
const settings: Record<string, unknown> = {};
let server: GeminiServer;
let base: string;
let folder: string;
let remembered: Map<string, unknown>;

before(async () => {
  server = await startGeminiServer();
  base = await realpath(await mkdtemp(join(tmpdir(), 'agents-')));
  folder = join(base, 'project');
  await mkdir(folder);
  await writeFile(join(folder, 'cat.png'), await encoded(portrait(400, 600), { format: 'png' }));
  await writeFile(join(base, 'outside.png'), await encoded(portrait(40, 60), { format: 'png' }));
  vscode.workspace.getConfiguration = () => ({
    get: (key: string) => settings[key],
    inspect: (key: string) => ({ globalValue: settings[key] }),
  });
});
after(async () => {
  worker.dispose();
  await server.close();
  await rm(base, { recursive: true });
});
beforeEach(() => {
  server.reset();
  remembered = new Map();
  for (const key of Object.keys(settings)) delete settings[key];
  settings.baseUrl = server.url;
  vscode.workspace.workspaceFolders = [{ uri: vscode.Uri.file(folder) }];
  vscode.workspace.isTrusted = true;
  vscode.env.remoteName = undefined;
  vscode.dialogs.length = 0;
  vscode.answers.length = 0;
  vscode.commands.known = [];
  vscode.commands.executed.length = 0;
  delete vscode.optional.LanguageModelDataPart;
});

interface Changes {
  isExcluded?: boolean;
  redactions?: { x: number; y: number; width: number; height: number }[];
}

function services({ isExcluded = false, redactions = [] }: Changes = {}): Services {
  const rules = taskRules({}, { isExcluded: async () => isExcluded, sendOptionsFor: () => ({ redactions }) });
  const planner = new TaskPlanner(new ImagePreparer(LOCAL_FILES, worker, rules), LOCAL_FILES, rules, {
    of: async () => [],
    find: async () => undefined,
  });
  const runner = new TaskRunner(
    planner,
    plainSender(server.url),
    { add: async () => undefined },
    { info: () => undefined, warn: () => undefined },
  );
  const tasks = {
    rules,
    files: LOCAL_FILES,
    worker,
    planner: async () => planner,
    run: (call: Parameters<TaskRunner['inspect']>[0], job: Parameters<TaskRunner['inspect']>[1]) =>
      runner.inspect(call, job, () => undefined),
  };
  const context = {
    globalStorageUri: vscode.Uri.file(join(base, 'storage')),
    asAbsolutePath: (path: string) => join(base, 'installed-1', path),
    workspaceState: {
      get: (key: string) => remembered.get(key),
      update: async (key: string, value: unknown) => void remembered.set(key, value),
    },
  };
  return { context, tasks } as unknown as Services;
}

const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
const region = { x: 0, y: 0, width: 100, height: 100 };
type Part = { value?: string; mimeType?: string };

async function invoke(tools: InstanceType<typeof AgentTools>, name: string, input: object): Promise<Part[]> {
  const { content } = await tools.invoke(`imageInspector_${name}`, input, token as never);
  return content as Part[];
}

suite('tools in the chat', () => {
  test('say before what is sent, where to, and at what price; and ask nothing for that', async () => {
    const tools = new AgentTools(services());
    const { invocationMessage, confirmationMessages } = await tools.prepare('imageInspector_locate', { path: 'cat.png', query: 'face' });
    assert.equal(invocationMessage, 'Asking Gemini about cat.png');
    assert.equal(confirmationMessages?.title, 'Send cat.png to Gemini?');
    assert.match(
      String(confirmationMessages?.message),
      /^To: http:\/\/127\.0\.0\.1:\d+\n\nInput cost: about [\d,]+ tokens, \$0\.\d+ \+ output$/,
    );
    const outside = await tools.prepare('imageInspector_describe', { path: join(base, 'outside.png') });
    assert.doesNotMatch(String(outside.confirmationMessages?.message), /Input cost/);
    const several = await tools.prepare('imageInspector_compare', { paths: ['cat.png', 'cat.png'] });
    assert.equal(several.confirmationMessages?.title, 'Send 2 images to Gemini?');
    assert.equal((await tools.prepare('imageInspector_crop', { path: 'cat.png', region })).confirmationMessages, undefined);
    const hostile = await tools.prepare('imageInspector_ask', { path: '[x](command:evil) $(trash)', query: 'q' });
    assert.doesNotMatch(String(hostile.confirmationMessages?.title), /\]\(command|\$\(trash/);
    assert.deepEqual(vscode.dialogs, []);
    assert.deepEqual(server.requests, []);
  });

  test('a file outside of the workspace is asked about each time, by its full path', async () => {
    const tools = new AgentTools(services());
    const path = join(base, 'outside.png');
    vscode.answers.push('Allow Once', undefined);
    const [part] = await invoke(tools, 'tokens', { path });
    assert.ok(JSON.parse(part?.value ?? '').tokens > 0);
    await assert.rejects(invoke(tools, 'tokens', { path }), /^Error: notConfirmed/);
    assert.equal(vscode.dialogs.length, 2);
    assert.ok(vscode.dialogs.every(({ options }) => options.modal === true && options.detail === path));
    await assert.rejects(invoke(tools, 'describe', { path: '../outside.png' }), /^Error: notConfirmed/);
    assert.deepEqual(server.requests, []);
  });

  test('where no dialog can be shown, nobody has agreed', async () => {
    vscode.optional.LanguageModelDataPart = { image: (data: Uint8Array, mimeType: string) => ({ data, mimeType }) };
    const tools = new AgentTools(services());
    vscode.answers.push(...Array.from({ length: 3 }, () => new Error('refused to show a dialog')));
    await assert.rejects(invoke(tools, 'tokens', { path: join(base, 'outside.png') }), /^Error: notConfirmed/);
    await assert.rejects(invoke(tools, 'crop', { path: 'cat.png', region }), /^Error: notConfirmed/);
    server.respondWith({ text: JSON.stringify([{ box_2d: [0, 0, 500, 500], label: 'face' }]) });
    assert.equal((await invoke(tools, 'locate', { path: 'cat.png' })).length, 1);
    assert.equal(vscode.dialogs.length, 3);
  });

  test('pictures go to the chat after a question once in a workspace, each time in one that is not trusted', async () => {
    vscode.optional.LanguageModelDataPart = { image: (data: Uint8Array, mimeType: string) => ({ data, mimeType }) };
    const tools = new AgentTools(services());
    vscode.answers.push(undefined, 'Give Pictures');
    await assert.rejects(invoke(tools, 'crop', { path: 'cat.png', region }), /^Error: notConfirmed/);
    const [text, picture] = await invoke(tools, 'crop', { path: 'cat.png', region });
    assert.deepEqual(JSON.parse(text?.value ?? '').picture, { width: 100, height: 100 });
    assert.equal(picture?.mimeType, 'image/png');
    assert.equal((await invoke(tools, 'crop', { path: 'cat.png', region })).length, 2);
    assert.equal(vscode.dialogs.length, 2);
    vscode.workspace.isTrusted = false;
    vscode.answers.push('Give Pictures', 'Give Pictures');
    await invoke(tools, 'crop', { path: 'cat.png', region });
    await invoke(tools, 'crop', { path: 'cat.png', region });
    assert.equal(vscode.dialogs.length, 4);
  });

  test('where VS Code has no class for pictures, the answer is text alone', async () => {
    vscode.answers.push('Give Pictures');
    assert.equal((await invoke(new AgentTools(services()), 'crop', { path: 'cat.png', region })).length, 1);
  });

  test('excluded images are refused, tools that are off do nothing, and a session has its limit', async () => {
    vscode.answers.push('Give Pictures');
    for (const name of ['crop', 'locate'])
      await assert.rejects(
        invoke(new AgentTools(services({ isExcluded: true })), name, { path: 'cat.png', ...(name === 'crop' ? { region } : {}) }),
        /^Error: excluded/,
      );
    settings['tools.enabled'] = false;
    await assert.rejects(invoke(new AgentTools(services()), 'tokens', { path: 'cat.png' }), /^Error: unsupported.*tools\.enabled/);
    settings['tools.enabled'] = true;
    settings['tools.maxUsdPerSession'] = 0;
    await assert.rejects(invoke(new AgentTools(services()), 'describe', { path: 'cat.png' }), /^Error: overBudget/);
    assert.deepEqual(server.requests, []);
  });
});

suite('a picture for the chat', () => {
  const OPEN = 'workbench.action.chat.open';
  const session = () =>
    ({
      uri: vscode.Uri.file(join(folder, 'cat.png')),
      info: { header: { upright: { width: 400, height: 600 } } },
      runOf: () => undefined,
    }) as never;
  const picture = { kind: 'part', region: { x: 0, y: 0, width: 0.5, height: 0.5 } } as const;

  test('is a file with its place in words; old ones are taken away', async () => {
    vscode.commands.known = [OPEN];
    vscode.answers.push('Give Pictures');
    const old = join(base, 'storage', 'chat', 'old');
    await mkdir(old, { recursive: true });
    const week = new Date(Date.now() - 7.1 * 24 * 3_600_000);
    await utimes(old, week, week);
    assert.equal(await sendToChat(services(), session(), picture), undefined);
    const [
      {
        name,
        args: [{ query, isPartialQuery, attachFiles }],
      },
    ] = vscode.commands.executed as unknown as [
      { name: string; args: [{ query: string; isPartialQuery: boolean; attachFiles: { fsPath: string }[] }] },
    ];
    assert.equal(name, OPEN);
    assert.equal(isPartialQuery, true);
    assert.match(query, /^Part of cat\.png \(400 × 600 px\): 0, 0, 200 × 300 px\. $/);
    const { width, height } = await decoded(await readFile(attachFiles[0]?.fsPath ?? ''));
    assert.deepEqual([width, height], [200, 300]);
    await assert.rejects(stat(old), { code: 'ENOENT' });
    assert.equal((await readdir(join(base, 'storage', 'chat'))).length, 1);
  });

  test('is copied instead where there is no chat, and that is said', async () => {
    assert.deepEqual(await sendToChat(services(), session(), picture), { type: 'copyPicture', picture });
    assert.match(vscode.dialogs[0]?.message ?? '', /no chat/);
    assert.deepEqual(vscode.commands.executed, []);
  });

  test('is copied too where VS Code is told to have no AI features: its command does nothing then', async () => {
    vscode.commands.known = [OPEN];
    settings.disableAIFeatures = true;
    assert.deepEqual(await sendToChat(services(), session(), picture), { type: 'copyPicture', picture });
    assert.deepEqual(vscode.commands.executed, []);
  });

  test('is copied too in a remote window, where VS Code attaches none', async () => {
    vscode.commands.known = [OPEN];
    vscode.env.remoteName = 'wsl';
    assert.deepEqual(await sendToChat(services(), session(), picture), { type: 'copyPicture', picture });
    assert.match(vscode.dialogs[0]?.message ?? '', /paste it into the chat/);
    assert.deepEqual(vscode.commands.executed, []);
  });

  test('of an object has its label, and its place as the inspector shows it', async () => {
    vscode.commands.known = [OPEN];
    vscode.answers.push('Give Pictures');
    const object = {
      id: '1',
      label: 'eye',
      imageIndex: 0,
      box: { x: 0.1, y: 0.1999, width: 0.5, height: 0.3 },
      pixelBox: { x: 40, y: 119, width: 200, height: 180 },
    };
    const shown = {
      ...(session() as object),
      runOf: () => ({ detections: [object], images: [{ uri: '', width: 400, height: 600 }] }),
    } as never;
    await sendToChat(services(), shown, { kind: 'crop', run: 'r', detection: '1' });
    const [{ args }] = vscode.commands.executed as unknown as [{ args: [{ query: string }] }];
    assert.equal(args[0].query, 'Part of cat.png (400 × 600 px): 40, 119, 200 × 180 px. A model called it "eye". ');
  });

  test('of an excluded image is none, and covered areas are black', async () => {
    vscode.commands.known = [OPEN];
    vscode.answers.push('Give Pictures', 'Give Pictures');
    await assert.rejects(sendToChat(services({ isExcluded: true }), session(), picture), { reason: 'excluded' });
    assert.deepEqual(vscode.commands.executed, []);
    await sendToChat(services({ redactions: [{ x: 0, y: 0, width: 1, height: 1 }] }), session(), picture);
    const [{ args }] = vscode.commands.executed as unknown as [{ args: [{ attachFiles: { fsPath: string }[] }] }];
    const { rgb } = await decoded(await readFile(args[0].attachFiles[0]?.fsPath ?? ''));
    assert.ok(rgb.every((value) => value === 0));
  });

  test('does not go without a yes', async () => {
    vscode.commands.known = [OPEN];
    vscode.answers.push(undefined);
    await assert.rejects(sendToChat(services(), session(), picture), { reason: 'notConfirmed' });
    assert.deepEqual(vscode.commands.executed, []);
  });
});

suite('the configuration for other agents', () => {
  const configuration = async (client: string) =>
    (await copyToolConfiguration(services().context, { fromCode: true, options: { for: client } } as never)) ?? '';

  test('has what each client reads: the folder, the address, the exclusions, and the name of the variable with the key', async () => {
    settings.exclude = ['**/secret "1".*', 'C:\\x'];
    const args = [
      join(base, 'storage', 'cli.mjs'),
      'mcp',
      '--root',
      folder,
      '--model',
      'gemini-3.8-flash',
      '--base-url',
      server.url,
      '--exclude',
      '**/secret "1".*',
      '--exclude',
      'C:\\x',
    ];
    const claude = JSON.parse(await configuration('claude')).mcpServers['image-inspector'];
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code puts the variable in
    assert.deepEqual(claude, { type: 'stdio', command: 'node', args, env: { GEMINI_API_KEY: '${GEMINI_API_KEY}' } });
    const gemini = JSON.parse(await configuration('gemini')).mcpServers['image-inspector'];
    assert.deepEqual(gemini, { command: 'node', args, env: { GEMINI_API_KEY: '$GEMINI_API_KEY' } });
    const [table, command, list, names, timeout] = (await configuration('codex')).split('\n');
    assert.deepEqual(
      [table, command, names, timeout],
      ['[mcp_servers.image-inspector]', 'command = "node"', 'env_vars = ["GEMINI_API_KEY"]', 'tool_timeout_sec = 300'],
    );
    // Basic strings of TOML escape backslashes and quotes as JSON does.
    assert.deepEqual(JSON.parse(list?.replace('args = ', '') ?? ''), args);
  });

  test('runs a file of two lines, which is written anew when the extension has moved', async () => {
    const { context } = services();
    const path = join(base, 'storage', 'cli.mjs');
    await rm(path, { force: true });
    await writeCommandLine(context);
    await assert.rejects(stat(path), { code: 'ENOENT' });
    await writeCommandLine(context, true);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    assert.equal(lines.length, 2);
    const imported = (line = '') => fileURLToPath(JSON.parse(/^import (".*");$/.exec(line)?.[1] ?? ''));
    assert.equal(imported(lines[1]), join(base, 'installed-1', 'dist/cli.js'));
    await writeCommandLine({ ...context, asAbsolutePath: (name: string) => join(base, 'installed 2 #%', name) } as never);
    assert.equal(imported((await readFile(path, 'utf8')).split('\n')[1]), join(base, 'installed 2 #%', 'dist/cli.js'));
  });
});
