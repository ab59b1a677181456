import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { SetCall } from '../../../../src/core/sets/inspectionSet.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import type { SenderOptions } from '../../../../src/engine/sending/senderOptions.ts';
import { LOCAL_FOLDERS } from '../../../../src/engine/sets/folderAccess.ts';
import { InspectionSets, type SetParts } from '../../../../src/engine/sets/inspectionSets.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import type { TaskRules, TaskSettings } from '../../../../src/engine/task/settings.ts';
import { TaskPlanner } from '../../../../src/engine/task/taskPlanner.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { plainSender, taskRules } from '../../../fakes/plainNode.ts';

/** A folder of images, the stand-in, and the engine of sets over both. */
export class SetWorld {
  readonly server: GeminiServer;
  readonly root: string;
  readonly #worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });

  private constructor(server: GeminiServer, root: string) {
    this.server = server;
    this.root = root;
  }

  static async start(): Promise<SetWorld> {
    return new SetWorld(await startGeminiServer(), await mkdtemp(join(tmpdir(), 'sets-')));
  }

  async stop(): Promise<void> {
    this.#worker.dispose();
    await this.server.close();
    await rm(this.root, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.root, name);
  }

  uri(name: string): string {
    return pathToFileURL(this.path(name)).href;
  }

  write(name: string, bytes: Uint8Array | string): Promise<void> {
    return writeFile(this.path(name), bytes);
  }

  /** The engine as a program without an editor would make it, but for what a test changes. */
  sets(
    changes: Partial<SetParts> & {
      sending?: Partial<SenderOptions>;
      settings?: Partial<TaskSettings>;
      taskRules?: Partial<TaskRules>;
    } = {},
  ): InspectionSets {
    const { sending, settings, taskRules: own, ...parts } = changes;
    const rules = taskRules(settings, own);
    const results = { of: async (): Promise<Inspection[]> => [], find: async () => undefined };
    return new InspectionSets({
      folder: join(this.root, '.sets'),
      files: LOCAL_FILES,
      folders: LOCAL_FOLDERS,
      rules,
      planner: async () => new TaskPlanner(new ImagePreparer(LOCAL_FILES, this.#worker, rules), LOCAL_FILES, rules, results),
      sender: plainSender(this.server.url, sending),
      stored: async () => [],
      log: { info: () => undefined, warn: () => undefined },
      concurrency: () => 4,
      ...parts,
    });
  }
}

/** A call for the objects of the images in a folder. */
export function setCall(uri: string, changes: Partial<SetCall> = {}): SetCall {
  return { uris: [uri], task: 'detect', query: 'cat', onlyNew: true, ...changes };
}
