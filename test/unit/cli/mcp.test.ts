import assert from 'node:assert/strict';
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type CallToolResult, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import Ajv from 'ajv';
import { runCli } from '../../../src/cli/main.ts';
import { TOOL_NAMES } from '../../../src/core/tools/toolSpecs.ts';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { PROJECT } from '../../tools/project.ts';

let server: GeminiServer;
let folder: string;
let ended: Promise<number>;
let client: Client;
let stdin: PassThrough;

before(async () => {
  server = await startGeminiServer();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mcp-')));
  await cp(join(PROJECT, 'test/fixtures/samples/street.png'), join(folder, 'street.png'));
  await symlink(join(PROJECT, 'test/fixtures/samples/sign.png'), join(folder, 'link.png'));
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => server.reset());
afterEach(async () => {
  await client.close();
  stdin.end();
  assert.equal(await ended, 0);
});

/** The client's end of the pipes. */
class Pipes implements Transport {
  readonly #from: PassThrough;
  readonly #to: PassThrough;
  readonly #buffer = new ReadBuffer();
  onmessage?: NonNullable<Transport['onmessage']>;
  onclose?: () => void;

  constructor(from: PassThrough, to: PassThrough) {
    this.#from = from;
    this.#to = to;
  }
  async start(): Promise<void> {
    this.#from.on('data', (data: Buffer) => {
      this.#buffer.append(data);
      for (let message = this.#buffer.readMessage(); message !== null; message = this.#buffer.readMessage()) this.onmessage?.(message);
    });
  }
  async send(message: Parameters<Transport['send']>[0]): Promise<void> {
    this.#to.write(serializeMessage(message));
  }
  async close(): Promise<void> {
    this.onclose?.();
  }
}

/** Starts the server on the folder, and a client of it. `roots`: what the client has open, if it says. */
async function connect({
  args = [],
  roots,
  env = { GEMINI_API_KEY: 'test-key' },
}: {
  args?: string[];
  roots?: string[];
  env?: Record<string, string>;
} = {}): Promise<Client> {
  stdin = new PassThrough();
  const [output, errors] = [new PassThrough(), new PassThrough()];
  ended = runCli({
    args: ['mcp', '--root', folder, '--base-url', server.url, '--state', join(folder, 'state'), ...args],
    env,
    streams: { input: stdin, output, errors },
    version: '1.2.3',
    worker: new URL('../../../src/imaging/worker/worker.ts', import.meta.url),
    interrupted: new AbortController().signal,
  });
  client = new Client({ name: 'test', version: '1' }, { capabilities: roots === undefined ? {} : { roots: {} } });
  if (roots !== undefined)
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots.map((path) => ({ uri: pathToFileURL(path).href })) }));
  await client.connect(new Pipes(output, stdin));
  return client;
}

const call = async (name: string, input: object) => (await client.callTool({ name, arguments: { ...input } })) as CallToolResult;
const textOf = ({ content: [first] }: CallToolResult) => (first?.type === 'text' ? first.text : '');

suite('tools by MCP', () => {
  test('are listed with schemas and notes that they only look', async () => {
    const { tools } = await (await connect()).listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      [...TOOL_NAMES],
    );
    const ajv = new Ajv({ strict: false });
    for (const { inputSchema, outputSchema, annotations } of tools) {
      assert.ok(ajv.compile(inputSchema) && ajv.compile(outputSchema ?? {}));
      assert.equal(annotations?.readOnlyHint, true);
    }
    assert.equal(tools.find(({ name }) => name === 'locate')?.annotations?.openWorldHint, true);
    assert.equal(tools.find(({ name }) => name === 'crop')?.annotations?.openWorldHint, false);
  });

  test('locate gives JSON that fits its schema, the same as structured content, and a picture', async () => {
    server.respondWith({ text: JSON.stringify([{ box_2d: [100, 200, 500, 600], label: 'car' }]) });
    const { tools } = await (await connect()).listTools();
    const result = await call('locate', { path: 'street.png', query: 'cars', maxTokens: 300 });
    assert.deepEqual(JSON.parse(textOf(result)), result.structuredContent);
    const [, picture] = result.content;
    assert.ok(picture?.type === 'image' && picture.mimeType === 'image/png' && picture.data.length > 1000);
    const schema = tools.find(({ name }) => name === 'locate')?.outputSchema ?? {};
    const validate = new Ajv({ strict: false }).compile(schema);
    assert.ok(validate(result.structuredContent), JSON.stringify(validate.errors));
  });

  test('errors are results with their reason; nothing outside of the folder is looked at', async () => {
    await connect();
    for (const [path, reason] of [
      ['/etc/hostname', 'excluded'],
      ['link.png', 'excluded'],
      ['none.png', 'unreadableImage'],
    ] as const) {
      const result = await call('crop', { path, region: { x: 0, y: 0, width: 5, height: 5 } });
      assert.equal(result.isError, true);
      assert.equal(JSON.parse(textOf(result)).reason, reason, path);
    }
    assert.equal(JSON.parse(textOf(await call('locate', {}))).reason, 'unsupported');
    assert.equal(JSON.parse(textOf(await call('export', {}))).reason, 'unsupported');
    assert.deepEqual(server.requests, []);
  });

  test("a client's folders narrow what may be looked at, and never widen it", async () => {
    await connect({ roots: [join(folder, 'state')] });
    assert.equal(JSON.parse(textOf(await call('tokens', { path: join(folder, 'street.png') }))).reason, 'excluded');
    await client.close();
    stdin.end();
    await ended;
    await connect({ roots: ['/', folder] });
    assert.equal((await call('tokens', { path: 'street.png' })).isError, undefined);
    assert.equal(JSON.parse(textOf(await call('tokens', { path: '/etc/hostname' }))).reason, 'excluded');
  });

  test('past the limit of dollars nothing is sent', async () => {
    await connect({ args: ['--max-usd', '0.0001'] });
    assert.equal(JSON.parse(textOf(await call('describe', { path: 'street.png' }))).reason, 'overBudget');
    assert.deepEqual(server.requests, []);
  });

  test('without a key an agent is told where it is looked for, also where its client has not put it in', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so it comes from a client that has no such variable
    await connect({ env: { GEMINI_API_KEY: '${GEMINI_API_KEY}' } });
    const { reason, message } = JSON.parse(textOf(await call('describe', { path: 'street.png' })));
    assert.equal(reason, 'noApiKey');
    assert.match(message, /GEMINI_API_KEY/);
    assert.deepEqual(server.requests, []);
  });

  test('a call that the client cancels is cancelled', async () => {
    await connect();
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    server.respondWith({ text: 'late', hold });
    const controller = new AbortController();
    const asked = client.callTool({ name: 'describe', arguments: { path: 'street.png' } }, undefined, { signal: controller.signal });
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await assert.rejects(asked);
    release();
  });
});
