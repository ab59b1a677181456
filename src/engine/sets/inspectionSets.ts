import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { narrowedOutput } from '../../core/sets/forecast.ts';
import type { SetCall, SetCounts, SetSpeed, SetTask } from '../../core/sets/inspectionSet.ts';
import type { JournalRecord, SetImage, SetPhase } from '../../core/sets/journal.ts';
import { isSetId } from '../../core/sets/keys.ts';
import { countStates } from '../../core/sets/setRows.ts';
import type { ImageFiles } from '../files/imageFiles.ts';
import type { Job } from '../sending/job.ts';
import type { TaskRules } from '../task/settings.ts';
import type { FolderAccess } from './folderAccess.ts';
import { HashMemory } from './hashMemory.ts';
import { KnownResults } from './knownResults.ts';
import { OpenSet } from './openSet.ts';
import { type PlannedItems, type PlanProgress, planOf, planSet } from './planSet.ts';
import type { RunParts } from './runParts.ts';
import { SetLock } from './setLock.ts';
import { RunningSets } from './storage/runningSets.ts';
import { SetFiles, setSize } from './storage/setFiles.ts';

/** What sets are made of. */
export interface SetParts extends Omit<RunParts, 'rules'> {
  /** Path of the folder of all sets. */
  folder: string;
  files: ImageFiles;
  folders: FolderAccess;
  rules: TaskRules;
  /** Results of an image by its hash. */
  stored: (sha256: string) => Promise<readonly Inspection[]>;
  /** Path of the folder where these are; by it more of a plan is known before it runs. */
  storedFolder?: string | undefined;
  /** What the user does not want to see, such as by `files.exclude`. */
  isHidden?: ((address: string) => boolean) | undefined;
  /** Bytes of all sets together. */
  mostBytes?: number | undefined;
}

/** A plan, and the set that it has become, if it has. */
export interface PlannedSet extends PlannedItems {
  set?: OpenSet;
  /** Images whose bills have narrowed its forecast. */
  tried?: number;
}

/** A set in a list. */
export interface SetSummary {
  id: string;
  task: SetTask;
  /** Address of the folder below which its keys are. */
  folder: string;
  /** ISO 8601 */
  createdAt: string;
  phase: SetPhase;
  counts: SetCounts;
}

/** A set that makes room for a new one. */
export interface SetToGo extends Pick<SetSummary, 'id' | 'phase'> {
  /** On disk. */
  bytes: number;
}

const MOST_BYTES = 2e9;

/** All sets of this computer. */
export class InspectionSets {
  readonly #parts: SetParts;
  readonly #running: RunningSets;
  readonly #hashes: HashMemory;
  readonly #open = new Map<string, Promise<OpenSet | undefined>>();

  constructor(parts: SetParts) {
    this.#parts = parts;
    this.#running = new RunningSets(parts.folder);
    this.#hashes = new HashMemory(parts.folder);
  }

  /** What a set would do and cost. Sends nothing. Rejects when the job is cancelled. */
  async plan(call: SetCall, job: Job, onProgress: (progress: PlanProgress) => void = () => undefined): Promise<PlannedSet> {
    const { files, folders, rules, concurrency, isHidden } = this.#parts;
    return planSet(
      call,
      { files, folders, rules, hashes: this.#hashes, earlier: (task) => this.#earlier(task), concurrency, isHidden },
      job,
      onProgress,
    );
  }

  /**
   * Runs the first `most` images of a plan, and narrows its forecast by what they were billed. The set stays, with the others waiting: `start` goes on with it. At `batch`
   * they are asked about at standard speed.
   */
  async tryFirst(
    planned: PlannedSet,
    most: number,
    { speed, fromCode = false }: { speed: SetSpeed; fromCode?: boolean },
  ): Promise<OpenSet> {
    const set = await this.#made(planned, speed === 'batch' ? 'standard' : speed);
    await set.run({ fromCode, most });
    const billed: number[] = [];
    for await (const { inspection } of set.lines(({ state }) => state === 'done', { asAnswered: true })) {
      const { output, thoughts = 0, total = 0 } = inspection?.tokens ?? {};
      if (output !== undefined && total > 0) billed.push(output + thoughts);
    }
    const output = narrowedOutput(planned.facts.output, billed);
    planned.facts = { ...planned.facts, output };
    planned.plan = planOf(planned.items, planned.task, planned.facts, this.#parts.rules);
    planned.tried = billed.length;
    return set;
  }

  /** Makes the set of a plan, or takes the one of which some images were tried; `run` then asks. Rejects with `overBudget` where its limit cannot be held. */
  async start(planned: PlannedSet, speed: SetSpeed): Promise<OpenSet> {
    const forecast = planned.plan.speeds.find((one) => one.speed === speed);
    if (forecast === undefined)
      throw new InspectorError('unsupported', t('This speed is not available here.'), { actions: ['openSettings'] });
    const { maxUsd } = planned.call;
    if (maxUsd !== undefined && forecast.costUsd === undefined && planned.plan.new > 0) throw unpriced(planned.task.model);
    const set = await this.#made(planned, speed);
    if (set.task.speed !== speed) await set.continueAt(speed);
    return set;
  }

  /** The newest set that was made of the same images by the same call at a speed, ended or not. */
  async sameAs({ items, task, folder }: PlannedItems, speed: SetSpeed): Promise<OpenSet | undefined> {
    const wanted = setMark(
      { ...task, speed },
      folder,
      items.filter(({ kind }) => kind !== 'done'),
    );
    const found: { id: string; createdAt: string }[] = [];
    for (const id of await this.#ids()) {
      const files = await SetFiles.read(join(this.#parts.folder, id));
      const head = files?.state.head;
      if (files === undefined || head === undefined) continue;
      if (setMark(head.task, head.folder, files.state.images) === wanted) found.push(head);
    }
    const [newest] = found.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    return newest && this.open(newest.id);
  }

  async #made(planned: PlannedSet, speed: SetSpeed): Promise<OpenSet> {
    if (planned.set !== undefined) return planned.set;
    await this.shrink();
    const id = `${new Date(this.#now()).toISOString().slice(0, 10)}-${randomUUID()}`;
    const files = await SetFiles.create(
      join(this.#parts.folder, id),
      firstRecords(planned, { id, speed, createdAt: new Date(this.#now()).toISOString() }),
    );
    const set = this.#openSet(files, planned.call.onlyNew);
    this.#open.set(id, Promise.resolve(set));
    planned.set = set;
    return set;
  }

  get #now(): () => number {
    return this.#parts.now ?? Date.now;
  }

  #openSet(files: SetFiles, onlyNew: boolean): OpenSet {
    return new OpenSet(files, {
      ...this.#parts,
      running: this.#running,
      known: async (task) => (onlyNew ? this.#earlier(task, files.state.head?.id) : undefined),
    });
  }

  /** @param except the id of a set whose own results do not count */
  async #earlier(task: SetTask, except?: string): Promise<KnownResults> {
    const earlier = new KnownResults(task, this.#parts.stored);
    for (const id of await this.#ids()) {
      const files = id === except ? undefined : await SetFiles.read(join(this.#parts.folder, id));
      if (files !== undefined) earlier.addSet(files.state);
    }
    if (this.#parts.storedFolder !== undefined) await earlier.addStored(this.#parts.storedFolder);
    return earlier;
  }

  /** A set by its id: the same object as long as it is open here. Rejects with `notFound`. */
  async open(id: string): Promise<OpenSet> {
    const opening = this.#open.get(id) ?? this.#read(id);
    this.#open.set(id, opening);
    const set = await opening;
    if (set === undefined) {
      this.#open.delete(id);
      throw new InspectorError('notFound', t('There is no such set.'));
    }
    return set;
  }

  async #read(id: string): Promise<OpenSet | undefined> {
    // It may come from anywhere, and becomes a part of a path.
    const files = isSetId(id) ? await SetFiles.read(join(this.#parts.folder, id)) : undefined;
    return files === undefined ? undefined : this.#openSet(files, files.state.head?.onlyNew === true);
  }

  /** All sets, the newest first. */
  async list(): Promise<SetSummary[]> {
    const summaries: SetSummary[] = [];
    for (const id of await this.#ids()) {
      const files = await SetFiles.read(join(this.#parts.folder, id));
      const head = files?.state.head;
      if (files === undefined || head === undefined) continue;
      const { images, phase, speed } = files.state;
      const { task, folder, createdAt } = head;
      summaries.push({ id, task: { ...task, speed }, folder, createdAt, phase, counts: countStates(images) });
    }
    return summaries.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  async #ids(): Promise<string[]> {
    const names = await readdir(this.#parts.folder).catch((): string[] => []);
    return names.filter(isSetId);
  }

  /** Ids of the sets that are at work, or were when their window ended. */
  running(): Promise<string[]> {
    return this.#running.ids();
  }

  /** The sets that the next new one would take away, since there is too much: the oldest that have ended. */
  async tooOld(): Promise<SetToGo[]> {
    const sets: SetToGo[] = [];
    for (const { id, phase } of await this.list()) sets.push({ id, phase, bytes: await setSize(join(this.#parts.folder, id)) });
    let total = sets.reduce((sum, { bytes }) => sum + bytes, 0);
    const old: SetToGo[] = [];
    for (const set of sets.reverse()) {
      if (total <= (this.#parts.mostBytes ?? MOST_BYTES)) break;
      if (set.phase !== 'ended' || (await SetLock.isTaken(join(this.#parts.folder, set.id)))) continue;
      total -= set.bytes;
      old.push(set);
    }
    return old;
  }

  /** Takes the oldest sets that have ended away while there is too much. */
  async shrink(): Promise<void> {
    for (const { id } of await this.tooOld()) await this.#remove(id);
  }

  /** Deletes all sets; what is under way here is cancelled, and what another window has at work stays. */
  async clear(): Promise<void> {
    for (const id of await this.#ids()) {
      const set = await this.#open.get(id);
      if (set?.isRunning) await set.cancel();
      await set?.close();
      if (!(await SetLock.isTaken(join(this.#parts.folder, id)))) await this.#remove(id);
    }
    await rm(join(this.#parts.folder, 'hashes.json'), { force: true });
  }

  /** Takes away a set that is not running. */
  async remove(set: OpenSet): Promise<void> {
    await set.close();
    await this.#remove(set.id);
  }

  async #remove(id: string): Promise<void> {
    this.#open.delete(id);
    await this.#running.remove(id);
    await rm(join(this.#parts.folder, id), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Lets go of everything; sets that are running are found as after a kill. */
  async dispose(): Promise<void> {
    const sets = await Promise.all(this.#open.values());
    await Promise.all(sets.map((set) => set?.leave()));
  }
}

/** What tells whether two sets ask the same about the same files. */
function setMark(task: SetTask, folder: string, images: readonly Pick<SetImage, 'uri' | 'bytes' | 'altText'>[]): string {
  const { task: name, query, labels = [], model, mediaResolution, maxDimension, speed } = task;
  const files = images.map(({ uri, bytes, altText }) => [uri, bytes, altText]);
  return JSON.stringify([name, query, labels, model, mediaResolution, maxDimension, speed, folder, files]);
}

function firstRecords(
  planned: PlannedItems,
  { id, speed, createdAt }: { id: string; speed: SetSpeed; createdAt: string },
): JournalRecord[] {
  const { call, task, folder, words } = planned;
  const items = planned.items.filter(({ kind }) => kind !== 'done');
  const numbers = new Map(items.map(({ key }, image) => [key, image]));
  return [
    {
      kind: 'set',
      version: 1,
      id,
      createdAt,
      folder,
      task: { ...task, speed },
      words,
      ...(call.onlyNew ? { onlyNew: true } : {}),
      ...(call.maxUsd === undefined ? {} : { maxUsd: call.maxUsd }),
      ...(call.altTexts === undefined ? {} : { documents: call.uris }),
    },
    ...items.map(
      ({ key, uri, bytes, tokens, sha256, altText }, image): JournalRecord => ({
        kind: 'image',
        image,
        key,
        uri,
        bytes,
        tokens,
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(altText === undefined ? {} : { altText }),
      }),
    ),
    ...items.flatMap(({ kind, twin, reason, message }, image): JournalRecord[] => {
      if (kind === 'duplicate') return [{ kind: 'twin', image, of: numbers.get(twin ?? '') ?? image }];
      if (kind === 'new') return [];
      return [
        {
          kind: 'state',
          image,
          state: 'skipped',
          ...(reason === undefined ? {} : { reason }),
          ...(message === undefined ? {} : { message }),
        },
      ];
    }),
  ];
}

function unpriced(model: string): InspectorError {
  return new InspectorError('overBudget', t('The price of {0} is not known, so a limit in dollars cannot be held.', model), {
    actions: ['selectModel', 'openSettings'],
  });
}
