import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { excludePermit } from '../../../../src/engine/sending/permits.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../../../src/engine/task/taskRunner.ts';
import { Toolbox } from '../../../../src/engine/tools/toolbox.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';

/** How tools differ from those that may do everything. */
export interface ToolChanges {
  isExcluded?: boolean;
  mayShow?: boolean;
  admits?: boolean;
  draws?: boolean;
}

/** A folder, the stand-in, and tools over both. */
export class ToolWorld {
  readonly server: GeminiServer;
  readonly folder: string;
  readonly #worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });

  private constructor(server: GeminiServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async start(): Promise<ToolWorld> {
    return new ToolWorld(await startGeminiServer(), await mkdtemp(join(tmpdir(), 'tools-')));
  }

  async stop(): Promise<void> {
    this.#worker.dispose();
    await this.server.close();
    await rm(this.folder, { recursive: true });
  }

  addressOf(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  /** What runs tasks, and tools on it. */
  make({ isExcluded = false, mayShow = true, admits = true, draws = true }: ToolChanges = {}): { runner: TaskRunner; tools: Toolbox } {
    const rules = taskRules({}, { isExcluded: async () => isExcluded });
    const preparer = new ImagePreparer(LOCAL_FILES, this.#worker, rules);
    const planner = new TaskPlanner(preparer, LOCAL_FILES, rules, { of: async () => [], find: async () => undefined });
    const sender = plainSender(this.server.url, { permits: [excludePermit(async () => isExcluded)] });
    const runner = new TaskRunner(planner, sender, { add: async () => undefined }, { info: () => undefined, warn: () => undefined });
    const tools = new Toolbox({
      files: LOCAL_FILES,
      rules,
      worker: draws ? this.#worker : { draw: () => Promise.reject(new InspectorError('unreadableImage', 'broken')) },
      preparer: async () => preparer,
      run: (call, job) => runner.inspect(call, job, () => undefined),
      resolve: async (path) => this.addressOf(path),
      mayShow: async () => {
        if (!mayShow) throw new InspectorError('notConfirmed', 'no');
      },
      admit: async () => {
        if (!admits) throw new InspectorError('overBudget', 'no');
      },
    });
    return { runner, tools };
  }
}
