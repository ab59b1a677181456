import * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { ImageFiles } from '../../engine/files/imageFiles.ts';
import type { Job } from '../../engine/sending/job.ts';
import type { Sender } from '../../engine/sending/sender.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { TaskPlanner } from '../../engine/task/taskPlanner.ts';
import type { Refine, TaskRunner } from '../../engine/task/taskRunner.ts';
import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import { lazy } from '../base/lazy.ts';
import { readSettings } from '../base/settings.ts';
import type { InspectionStore } from './inspectionStore.ts';
import type { VscodeTaskRules } from './taskRules.ts';

/** A task at work; `running` is unset once it has ended, however that was. */
export interface TaskProgress {
  call: TaskCall;
  running: RunningTask | undefined;
}

/** Where every task of this window runs, from whichever button, command or program. What runs it is loaded with the first one. */
export class Tasks implements vscode.Disposable {
  readonly files: ImageFiles;
  readonly worker: Imaging;
  readonly rules: VscodeTaskRules;
  readonly sender: Sender;
  /** Makes calls into requests. */
  readonly planner: () => Promise<TaskPlanner>;
  /** Improves each result before it is stored. */
  refine: Refine = async (inspection) => inspection;
  readonly #runner: () => Promise<TaskRunner>;
  readonly #progressed = new vscode.EventEmitter<TaskProgress>();
  readonly #finished = new vscode.EventEmitter<Inspection>();
  readonly onDidProgress = this.#progressed.event;
  readonly onDidFinish = this.#finished.event;

  constructor(
    parts: { files: ImageFiles; worker: Imaging; rules: VscodeTaskRules; sender: Sender },
    results: InspectionStore,
    log: vscode.LogOutputChannel,
  ) {
    this.files = parts.files;
    this.worker = parts.worker;
    this.rules = parts.rules;
    this.sender = parts.sender;
    this.planner = lazy(async () => {
      const [{ TaskPlanner }, { ImagePreparer }] = await Promise.all([
        import('../../engine/task/taskPlanner.ts'),
        import('../../engine/task/imagePreparer.ts'),
      ]);
      return new TaskPlanner(new ImagePreparer(this.files, this.worker, this.rules), this.files, this.rules, results);
    });
    this.#runner = lazy(async () => {
      const { TaskRunner } = await import('../../engine/task/taskRunner.ts');
      return new TaskRunner(await this.planner(), this.sender, results, log, (...result) => this.refine(...result));
    });
  }

  /** Runs a task. Rejects with an InspectorError. */
  async run(call: TaskCall, job: Job, onProgress: (running: RunningTask) => void = () => undefined): Promise<Inspection> {
    const runner = await this.#runner();
    try {
      const inspection = await runner.inspect(call, job, (running) => {
        this.#progressed.fire({ call, running });
        onProgress(running);
      });
      this.#finished.fire(inspection);
      return inspection;
    } finally {
      this.#progressed.fire({ call, running: undefined });
    }
  }

  /** The model that is asked where a call names none. */
  modelFor(uri: vscode.Uri): string {
    return readSettings(uri).model;
  }

  /** Resolves to true when the user has set a key. */
  async askForKey(): Promise<boolean> {
    return (await vscode.commands.executeCommand<boolean | undefined>('imageInspector.setApiKey')) === true;
  }

  get sendOptions() {
    return this.rules.sendOptions;
  }

  dispose(): void {
    this.#progressed.dispose();
    this.#finished.dispose();
  }
}
