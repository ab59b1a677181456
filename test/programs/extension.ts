import { fileURLToPath } from 'node:url';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import type { SnippetFacts } from '../../src/core/snippets/snippet.ts';
import type { ImageFiles } from '../../src/engine/files/imageFiles.ts';
import { LOCAL_FILES } from '../../src/engine/files/localFiles.ts';
import { Job } from '../../src/engine/sending/job.ts';
import { ImagePreparer } from '../../src/engine/task/imagePreparer.ts';
import { programOf } from '../../src/engine/task/program.ts';
import type { TaskSettings } from '../../src/engine/task/settings.ts';
import type { TaskCall } from '../../src/engine/task/taskCall.ts';
import { TaskPlanner } from '../../src/engine/task/taskPlanner.ts';
import { TaskRunner } from '../../src/engine/task/taskRunner.ts';
import type { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { plainSender, taskRules } from '../fakes/plainNode.ts';

/** What the extension does by itself and what it says in a program, of the same call. */
export interface Done {
  /** The last of the calls. */
  inspection: Inspection;
  program: Pick<SnippetFacts, 'request' | 'images'>;
}

/**
 * Carries out calls, one after the other: each follows the one before. Then plans the last of them as a program.
 * @param origins where images come from, by their file addresses
 */
export async function carryOut(
  calls: readonly [TaskCall, ...TaskCall[]],
  {
    url,
    worker,
    settings,
    origins = new Map(),
  }: { url: string; worker: ImageWorker; settings: Partial<TaskSettings>; origins?: ReadonlyMap<string, string> },
): Promise<Done> {
  const files: ImageFiles = {
    ...LOCAL_FILES,
    originOf: async (file) => {
      const address = origins.get(file);
      return address === undefined ? undefined : { address, whole: true };
    },
    // results name the web's address of such an image
    fileOf: (address) => [...origins].find(([, origin]) => origin === address)?.[0] ?? address,
    isPublic: async () => true,
  };
  const rules = taskRules(settings);
  const { inlineLimit } = rules.settingsFor();
  const sender = plainSender(url, { inlineLimit });
  const results: Inspection[] = [];
  const planner = new TaskPlanner(new ImagePreparer(files, worker, rules), files, rules, {
    of: async (sha256) => results.filter(({ images: [image] }) => image?.sha256 === sha256),
    find: async (id) => results.find((result) => result.id === id),
  });
  const log = { info: () => undefined, warn: () => undefined };
  const runner = new TaskRunner(planner, sender, { add: async (result) => void results.push(result) }, log);
  const [first, ...others] = calls;
  let call = first;
  let inspection = await runner.inspect(call, new Job(), () => undefined);
  for (const next of others) {
    call = { ...next, options: { ...next.options, follow: inspection.id } };
    inspection = await runner.inspect(call, new Job(), () => undefined);
  }
  const pathOf = (address: string) => fileURLToPath(address).replace(/.*\//, '');
  return { inspection, program: await programOf(await planner.plan(call, new Job()), { files, pathOf, limit: inlineLimit }) };
}
