import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCli } from '../../../src/cli/main.ts';
import type { RunParts } from '../../../src/engine/sets/runParts.ts';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { PROJECT } from '../../tools/project.ts';

/** How a command line is run. */
export interface CliRun {
  env?: Record<string, string>;
  /** What somebody at a terminal types; unset: there is none. */
  typed?: string;
  wait?: RunParts['wait'];
  interrupted?: AbortSignal;
}

/** A folder with two images, the stand-in, and the command line over both. */
export class CliWorld {
  readonly server: GeminiServer;
  readonly folder: string;

  private constructor(server: GeminiServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async start(): Promise<CliWorld> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'command-line-')));
    for (const name of ['street.png', 'sign.png']) await cp(join(PROJECT, 'test/fixtures/samples', name), join(folder, name));
    return new CliWorld(await startGeminiServer(), folder);
  }

  async stop(): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true });
  }

  /** Runs a command line, with all that it needs besides the given arguments. */
  async run(args: readonly string[], { env = { GEMINI_API_KEY: 'test-key' }, typed, wait, interrupted }: CliRun = {}) {
    const isTTY = typed !== undefined;
    const input = Object.assign(new PassThrough(), { isTTY });
    const output = new PassThrough();
    const errors = Object.assign(new PassThrough(), { isTTY });
    let out = '';
    let err = '';
    output.on('data', (data: Buffer) => (out += data));
    errors.on('data', (data: Buffer) => (err += data));
    if (typed !== undefined) input.write(typed);
    const code = await runCli({
      args: [...args, '--base-url', this.server.url, '--state', join(this.folder, 'state')],
      env,
      streams: { input, output, errors },
      version: '1.2.3',
      worker: new URL('../../../src/imaging/worker/worker.ts', import.meta.url),
      wait,
      interrupted: interrupted ?? new AbortController().signal,
    });
    return { code, out, err };
  }
}
