import { join } from 'node:path';
import * as vscode from 'vscode';
import { formatNumber } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { CommandCall, CommandOptions } from '../../core/request/commandArguments.ts';
import type { SetCall, SetPlan, SetResult } from '../../core/sets/inspectionSet.ts';
import { endedOf } from '../../core/sets/setEnded.ts';
import { Job } from '../../engine/sending/job.ts';
import { InspectionSets, type SetSummary } from '../../engine/sets/inspectionSets.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { noImage, toUri } from '../base/activeImage.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { onCancelled } from '../base/onCancelled.ts';
import { readSettings } from '../base/settings.ts';
import { taskTitle } from '../base/taskTitles.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { Tasks } from '../session/tasks.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import { hiddenByVscode, VSCODE_FOLDERS } from './folders.ts';
import { justStarted } from './justStarted.ts';
import { openFromSet } from './openFromSet.ts';
import { SET_VIEW, SetPanel, type SetPanelParts } from './setPanel.ts';
import { describeSet, SetRuns } from './setRuns.ts';
import { chooseQuestion, type FolderQuestion, questionOf, speedOption } from './setTasks.ts';
import { nameOfImages } from './setTexts.ts';

/** What sets take. */
export interface SetServices {
  context: vscode.ExtensionContext;
  commands: Pick<CommandRegistry, 'report'>;
  log: vscode.LogOutputChannel;
  tasks: Tasks;
  store: InspectionStore;
  editors: InspectorEditors;
  memory: Pick<WorkspaceMemory, 'labelLists'>;
  /** Shows what a set of alternative texts would change in documents. */
  previewAltTexts: (set: OpenSet) => Promise<void>;
}

/** Sets of images: as commands ask for them, and as they are found at the start. */
export class SetCommands {
  readonly sets: InspectionSets;
  readonly #services: SetServices;
  readonly #runs: SetRuns;
  readonly #panels = new Map<string, SetPanel>();
  readonly #parts: Omit<SetPanelParts, 'shown'>;

  constructor(services: SetServices) {
    this.#services = services;
    const { context, log, tasks, store, editors, commands, previewAltTexts } = services;
    const storage = vscode.Uri.joinPath(context.globalStorageUri, 'sets');
    const stored = context.storageUri ?? context.globalStorageUri;
    const isHidden = () => hiddenByVscode();
    this.sets = new InspectionSets({
      folder: storage.fsPath,
      files: tasks.files,
      folders: VSCODE_FOLDERS,
      rules: tasks.rules,
      stored: (sha256) => store.of(sha256),
      storedFolder: join(stored.fsPath, 'inspections'),
      isHidden: (address) => isHidden()(address),
      planner: () => tasks.planner(),
      sender: tasks.sender,
      log,
      refine: (...result) => tasks.refine(...result),
      concurrency: () => readSettings().maxConcurrency,
      deadlineHours: () => readSettings().deadlineHours,
    });
    this.#runs = new SetRuns(storage);
    this.#parts = {
      extension: context.extensionUri,
      storage,
      sets: this.sets,
      runs: this.#runs,
      thumbnails: { worker: tasks.worker, sendOptionsFor: (address) => tasks.rules.sendOptionsFor(address) },
      report: commands.report,
      open: (set, opening) => openFromSet(editors, set, opening, () => this.#reveal(set)),
      previewAltTexts,
      export: async (set, keys) =>
        (await import('./exportSet.ts')).exportSet(set, keys, tasks, (uri) => editors.sessionOf(vscode.Uri.parse(uri))?.hidden),
      rename: async (set, label) => (await import('./renameLabels.ts')).renameLabels(set, label),
    };
    this.#runs.onDidStall((set) => void this.#tellOfRest(set));
    this.#runs.onDidEnd((set) => set.documents !== undefined && void previewAltTexts(set).catch(commands.report));
    context.subscriptions.push(this.#runs, { dispose: () => void this.sets.dispose() });
  }

  /** A task over folders or many images. From code it runs, and resolves to the result; else the plan is shown. */
  async inspectFolder(call: CommandCall): Promise<SetResult | SetPlan | undefined> {
    const uris = (call.uris.length > 0 ? call.uris : (call.options.uris ?? [])).map(toUri);
    if (call.fromCode) {
      if (uris.length === 0) throw noImage();
      return this.#fromCode(uris, call.options);
    }
    const chosen = uris.length > 0 ? uris : await chooseFolder();
    if (chosen.length === 0) return undefined;
    const name = nameOfImages(chosen);
    const question = await chooseQuestion(sanitizeForUi(name, 60), this.#services.memory.labelLists[0]);
    if (question !== undefined) this.showPlan(chosen, question, name);
    return undefined;
  }

  /** Shows the plan of a set in a panel of its own. */
  showPlan(uris: readonly vscode.Uri[], question: FolderQuestion, name = nameOfImages(uris)): void {
    const { model, speed } = readSettings(uris[0]);
    const panel = this.#createPanel(undefined);
    void panel.plan({ uris: uris.map(String), ...question, onlyNew: true }, { name, model, speed });
  }

  /** Shows the plan of a set of alternative texts; when it has ended, what it would change in its documents is shown. */
  showAltTextPlan(call: SetCall): void {
    const uris = call.uris.map((uri) => vscode.Uri.parse(uri));
    const { model, speed } = readSettings(uris[0]);
    void this.#createPanel(undefined).plan(call, { name: nameOfImages(uris), model, speed });
  }

  /** Runs a task on many images and shows it; what there is of them from before does not count. */
  async run(call: SetCall): Promise<void> {
    const uris = call.uris.map((uri) => vscode.Uri.parse(uri));
    const { model, speed } = readSettings(uris[0]);
    await this.#createPanel(undefined).planAndStart(call, { name: nameOfImages(uris), model: call.model ?? model, speed });
  }

  async #fromCode(uris: readonly vscode.Uri[], options: CommandOptions): Promise<SetResult | SetPlan> {
    const { model, mediaResolution, maxDimension, onlyNew = true, include, limit, maxUsd, start = true, wait = true } = options;
    const call: SetCall = {
      uris: uris.map(String),
      ...questionOf(options),
      onlyNew,
      ...(model === undefined ? {} : { model }),
      ...(mediaResolution === undefined ? {} : { mediaResolution }),
      ...(maxDimension === undefined ? {} : { maxDimension }),
      ...(include === undefined ? {} : { include }),
      ...(limit === undefined ? {} : { limit }),
      ...(maxUsd === undefined ? {} : { maxUsd }),
    };
    const speed = speedOption(options.speed, readSettings(uris[0]).speed);
    const job = new Job(1, 1, true);
    const stop = new Set<() => void>([() => job.cancel()]);
    const subscription = onCancelled(options.token, () => {
      for (const one of stop) one();
    });
    try {
      const planned = await this.sets.plan(call, job);
      if (!start) return planned.plan;
      const set = await this.sets.start(planned, speed);
      job.throwIfCancelled();
      stop.add(() => void set.cancel());
      if (options.reveal === true) await this.#reveal(set);
      const run = this.#runs.run(set, true);
      if (wait && speed !== 'batch') await run;
      else {
        if (speed === 'batch') await Promise.race([run, firstSent(set)]);
        run.catch(this.#services.commands.report);
      }
      return set.result();
    } finally {
      // Who does not wait for the end can still cancel it.
      if (!start || wait) subscription?.dispose();
    }
  }

  /** A set's view; without an id one is picked. From code it resolves to its result now. */
  async openSet({ fromCode, options }: CommandCall): Promise<SetResult | undefined> {
    const id = options.id ?? (await chooseSet(await this.sets.list()));
    if (id === undefined) return undefined;
    const set = await this.sets.open(id);
    if (options.reveal !== false) await this.#reveal(set);
    return fromCode ? set.result() : undefined;
  }

  /** Lets the user compare the set that is looked at with labels. */
  async scoreActive(): Promise<undefined> {
    for (const shown of this.#panels.values()) if (shown.panel.active) await shown.score();
  }

  async #reveal(set: OpenSet): Promise<void> {
    const open = this.#panels.get(set.id);
    if (open !== undefined) open.panel.reveal();
    else this.#createPanel(set.id).show(set, nameOfSet(set.folder));
  }

  #createPanel(id: string | undefined): SetPanel {
    const panel = vscode.window.createWebviewPanel(SET_VIEW, t('Set of Images'), vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    return this.#adopt(panel, id);
  }

  #adopt(panel: vscode.WebviewPanel, id: string | undefined): SetPanel {
    const adopted: SetPanel = new SetPanel(panel, { ...this.#parts, shown: (shownId) => this.#panels.set(shownId, adopted) });
    if (id !== undefined) this.#panels.set(id, adopted);
    panel.onDidDispose(() => {
      for (const [known, open] of this.#panels) if (open === adopted) this.#panels.delete(known);
    });
    return adopted;
  }

  /** A panel that was open when VS Code ended. One that showed only a plan has nothing to show any more. */
  async restore(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const named = (kept as { id?: unknown } | undefined)?.id;
    // A window that is reloaded a moment after the start of a set may not have written down yet which one the page shows.
    const id = typeof named === 'string' ? named : justStarted(await this.sets.list(), (shown) => this.#panels.has(shown));
    const set = id === undefined ? undefined : await this.sets.open(id).catch(() => undefined);
    if (set === undefined) panel.dispose();
    else this.#adopt(panel, set.id).show(set, nameOfSet(set.folder));
  }

  /** Goes on with the sets that were at work when their window ended, and tells of them. */
  async pickUp(): Promise<void> {
    for (const id of await this.sets.running()) {
      const set = await this.sets.open(id).catch(() => undefined);
      if (set === undefined || set.isRunning || set.phase.phase === 'ended') continue;
      void this.#runs.run(set).catch((error: unknown) => this.#services.log.info(`set ${id}: ${String(error)}`));
      void this.#tellOf(set);
    }
  }

  /** How far a set is that was picked up. The number stands still, so it is told once it is known what became of it meanwhile. */
  async #tellOf(set: OpenSet): Promise<void> {
    await set.looked();
    const open = { title: t('Open Set') };
    const { phase } = set.phase;
    // What is left of a batch is told by itself.
    if (phase === 'stalled') return;
    const text = phase === 'ended' ? describeSet(set) : t('{0} so far', describeSet(set));
    if ((await vscode.window.showInformationMessage(text, open)) === open) await this.#reveal(set);
  }

  /** The page of the set offers other speeds; whoever does not see it is told. */
  async #tellOfRest(set: OpenSet): Promise<void> {
    if (this.#panels.get(set.id)?.panel.visible === true) return;
    const open = { title: t('Open Set') };
    const { message = '' } = set.phase;
    const text = [describeSet(set), sanitizeForUi(message, 300)].filter(Boolean).join('. ');
    if ((await vscode.window.showWarningMessage(text, open)) === open) await this.#reveal(set);
  }

  /** Deletes all sets with their results, journals and pictures. */
  async clear(): Promise<void> {
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
    await this.sets.clear();
  }
}

/** Resolves once an image of a set is on its way: of a batch, once its first job exists. */
function firstSent(set: OpenSet): Promise<void> {
  return new Promise((resolve) => {
    const stop = set.onDidChange((rows) => {
      if (!rows.some(({ state }) => state === 'sent')) return;
      stop();
      resolve();
    });
  });
}

/** A folder of the workspace, where there is one only; else the user picks. */
async function chooseFolder(): Promise<vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const options = {
    canSelectFolders: true,
    canSelectFiles: false,
    canSelectMany: true,
    title: t('Select a Folder to Inspect'),
    openLabel: t('Inspect'),
  };
  return (await vscode.window.showOpenDialog({ ...options, ...(folders[0] && { defaultUri: folders[0].uri }) })) ?? [];
}

async function chooseSet(sets: readonly SetSummary[]): Promise<string | undefined> {
  if (sets.length === 0) {
    void vscode.window.showInformationMessage(t('There are no sets yet. Choose Inspect Folder… in the menu of a folder.'));
    return undefined;
  }
  const items = sets.map(({ id, task, folder, createdAt, counts }) => {
    const { ended, all } = endedOf(counts);
    return {
      id,
      label: `${taskTitle(task.task).replace(/…$/, '')}: ${sanitizeForUi(nameOfSet(folder), 60)}`,
      description: t('{0} of {1} images', formatNumber(ended), formatNumber(all)),
      detail: [new Date(createdAt).toLocaleString(vscode.env.language), sanitizeForUi(task.query, 100), task.model]
        .filter(Boolean)
        .join(' · '),
    };
  });
  return (await vscode.window.showQuickPick(items, { title: t('Open Set'), matchOnDetail: true }))?.id;
}

function nameOfSet(folder: string): string {
  return nameOfImages([vscode.Uri.parse(folder)]);
}
