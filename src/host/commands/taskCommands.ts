import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { type Inspection, TASKS, type Task } from '../../core/inspection/inspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { SetCall } from '../../core/sets/inspectionSet.ts';
import { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import { sameImageTwice, tooFewImages } from '../../engine/task/taskPlanner.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { usesVertex } from '../base/settings.ts';
import { taskTitle } from '../base/taskTitles.ts';
import { imagesOf, openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { Tasks } from '../session/tasks.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import type { SetCommands } from '../sets/setCommands.ts';
import type { UsageTracker } from '../status/usageTracker.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What running tasks by command takes. */
export interface TaskServices {
  tasks: Tasks;
  files: VscodeImageFiles;
  editors: InspectorEditors;
  memory: Pick<WorkspaceMemory, 'labelLists'>;
  usage: Pick<UsageTracker, 'estimate'>;
  keys: Pick<KeyStore, 'get'>;
  sets: () => Promise<Pick<SetCommands, 'run'>>;
}

/** Runs tasks as commands ask for them. */
export class TaskCommands {
  readonly #tasks: Tasks;
  readonly #files: VscodeImageFiles;
  readonly #editors: InspectorEditors;
  readonly #memory: Pick<WorkspaceMemory, 'labelLists'>;
  readonly #usage: Pick<UsageTracker, 'estimate'>;
  readonly #keys: Pick<KeyStore, 'get'>;
  readonly #sets: TaskServices['sets'];

  constructor({ tasks, files, editors, memory, usage, keys, sets }: TaskServices) {
    this.#tasks = tasks;
    this.#files = files;
    this.#editors = editors;
    this.#memory = memory;
    this.#usage = usage;
    this.#keys = keys;
    this.#sets = sets;
  }

  /** Lets the user choose a task, and runs it. */
  async choose(call: CommandCall): Promise<unknown> {
    const { promptItems, agreesTo } = await import('../session/promptLibrary.ts');
    const tasks = TASKS.filter((task) => task !== 'compare').map((task) => ({ label: taskTitle(task), task, prompt: undefined }));
    const saved = promptItems().map((item) => ({ ...item, task: item.prompt.task }));
    const line = { label: t('Saved Prompts'), kind: vscode.QuickPickItemKind.Separator, task: undefined, prompt: undefined };
    const items = [...tasks, ...(saved.length === 0 ? [] : [line, ...saved])];
    const chosen = await vscode.window.showQuickPick(items, { title: t('Run Task'), matchOnDetail: true });
    if (chosen?.task === undefined) return undefined;
    if (chosen.prompt === undefined) return this.run(chosen.task, call);
    const { query, labels } = chosen.prompt;
    return (await agreesTo(chosen.prompt)) ? this.run(chosen.task, { ...call, options: { ...call.options, query, labels } }) : undefined;
  }

  /**
   * Runs a task on the images of a call: a comparison on all of them together, every other task once for each. Called from a menu, a question and a classification wait for
   * their words in the inspector.
   */
  async run(task: Task, call: CommandCall): Promise<Inspection | Inspection[] | undefined> {
    if (task === 'compare' && call.repeated) throw sameImageTwice();
    const { uris, show } = await imagesOf(this.#files, call, task === 'compare');
    const [first, ...others] = uris;
    if (first === undefined) return undefined;
    const { options } = call;
    if (!(await this.#hasKey(call))) {
      // What was chosen for an image is kept until there is a key.
      if (others.length === 0) (await openInspector(this.#editors, first, show)).draft(task, words(options.query));
      return undefined;
    }
    if (task === 'compare') {
      if (others.length === 0) throw tooFewImages();
      return this.#runOne({ task, images: [first.toString(), ...others.map(String)], query: words(options.query), options }, call, show);
    }
    const needsQuery = !call.fromCode && options.query === undefined && (task === 'ask' || task === 'classify');
    if (needsQuery && others.length === 0) {
      (await openInspector(this.#editors, first, show)).draft(task, task === 'classify' ? (this.#memory.labelLists[0] ?? '') : '');
      return undefined;
    }
    const query = needsQuery
      ? await this.#askForQuery(task, uris.length)
      : words(options.query, task === 'ask' ? t('What is in this image?') : '');
    if (query === undefined) return undefined;
    const taskCall = (uri: vscode.Uri): TaskCall => ({ task, images: [uri.toString()], query, options });
    return others.length > 0 ? this.#runMany(uris.map(taskCall), call) : this.#runOne(taskCall(first), call, show);
  }

  /**
   * True where there is a key, or nobody is to be asked for one. Someone at the screen is asked before an inspector opens, which would take the focus
   * from the box that the key is typed into.
   */
  async #hasKey({ fromCode }: CommandCall): Promise<boolean> {
    return fromCode || usesVertex() || (await this.#keys.get()) !== undefined || (await this.#tasks.askForKey());
  }

  /** Asks for the words of a task on several images; undefined when the user gave up. */
  #askForQuery(task: Task, images: number): Thenable<string | undefined> {
    return task === 'ask'
      ? vscode.window.showInputBox({
          title: taskTitle(task),
          prompt: t('A question about each of {0} images', images),
          validateInput: (value) => (value.trim() === '' ? t('Enter a question.') : undefined),
        })
      : vscode.window.showInputBox({
          title: taskTitle(task),
          prompt: t('Labels, separated by commas (optional)'),
          value: this.#memory.labelLists[0] ?? '',
        });
  }

  /** One request, in the inspector where there is someone to look at it. */
  #runOne(taskCall: TaskCall, call: CommandCall, show: vscode.TextDocumentShowOptions): Promise<Inspection | undefined> {
    if (!call.fromCode || call.options.reveal === true) return this.#runInInspector(taskCall, call, show);
    return this.#tasks.run(taskCall, new Job(1, 1, call.fromCode));
  }

  /** In the inspector, which shows the course and any failure. A call from the user interface then resolves to undefined. */
  async #runInInspector(
    { task, images, query, options }: TaskCall,
    call: CommandCall,
    show: vscode.TextDocumentShowOptions,
  ): Promise<Inspection | undefined> {
    const [first, ...others] = images;
    const session = await openInspector(this.#editors, vscode.Uri.parse(first), show);
    if (call.fromCode) return session.calls.runFromCode(task, query, options, others);
    return session.calls.runAttended(task, query, options, others).catch(() => undefined);
  }

  /** One task on several images: for someone at the screen as a set, which opens. */
  async #runMany(calls: readonly TaskCall[], call: CommandCall): Promise<Inspection[] | undefined> {
    const [first] = calls;
    if (!call.fromCode && first !== undefined) {
      await (await this.#sets()).run(setCall(first, calls));
      return undefined;
    }
    const job = new Job(calls.length, 1, true);
    job.imageTokens = this.#sumOfTokens(calls);
    const { runOnMany, manyFailed } = await import('./manyImages.ts');
    const { inspections, failed } = await runOnMany(calls, job, (...once) => this.#tasks.run(...once));
    if (call.options.reveal === true) {
      for (const { images } of inspections)
        if (images[0] !== undefined) await openInspector(this.#editors, vscode.Uri.parse(images[0].uri), { preview: false });
    }
    const [failure] = failed;
    if (failure !== undefined) throw manyFailed(failure, failed.length, calls.length);
    return inspections;
  }

  /** From the headers; undefined when one of them cannot be read. */
  async #sumOfTokens(calls: readonly TaskCall[]): Promise<number | undefined> {
    const all = await Promise.all(
      calls.map(({ images: [address], options }) => this.#usage.estimate(vscode.Uri.parse(address), options).catch(() => undefined)),
    );
    return all.reduce((sum: number | undefined, one) => (sum === undefined || one === undefined ? undefined : sum + one.tokens), 0);
  }
}

/** A task on several images as a set. */
function setCall({ task, query, options }: TaskCall, calls: readonly TaskCall[]): SetCall {
  const { model, mediaResolution, maxDimension, labels } = options;
  return {
    uris: calls.map(({ images: [uri] }) => uri),
    task,
    query,
    onlyNew: false,
    ...(labels === undefined ? {} : { labels: typeof labels === 'string' ? labels.split(',') : labels }),
    ...(model === undefined ? {} : { model }),
    ...(mediaResolution === undefined ? {} : { mediaResolution }),
    ...(maxDimension === undefined ? {} : { maxDimension }),
  };
}

/** The words of a call from code, which may hold anything. */
function words(query: unknown, otherwise = ''): string {
  return typeof query === 'string' && query.trim() !== '' ? query : otherwise;
}
