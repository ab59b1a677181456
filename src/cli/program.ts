import { join } from 'node:path';
import { InspectorError } from '../core/base/failure.ts';
import { SETTING_RULES } from '../core/base/settingRules.ts';
import type { Inspection } from '../core/inspection/inspection.ts';
import { speedOf } from '../core/request/request.ts';
import type { TokenBasis } from '../core/usage/estimate.ts';
import { spendingOf } from '../core/usage/spendingOf.ts';
import { LOCAL_FILES } from '../engine/files/localFiles.ts';
import { connect } from '../engine/sending/connect.ts';
import { checkedAddress, GOOGLE_ADDRESS } from '../engine/sending/geminiAddress.ts';
import type { Job } from '../engine/sending/job.ts';
import type { OutgoingRequest, SendOutcome } from '../engine/sending/outgoing.ts';
import { excludePermit, sizePermit } from '../engine/sending/permits.ts';
import { Sender } from '../engine/sending/sender.ts';
import { UploadCache } from '../engine/sending/uploadCache.ts';
import { Uploads } from '../engine/sending/uploads.ts';
import { LOCAL_FOLDERS } from '../engine/sets/folderAccess.ts';
import { InspectionSets } from '../engine/sets/inspectionSets.ts';
import type { RunParts } from '../engine/sets/runParts.ts';
import { ImagePreparer } from '../engine/task/imagePreparer.ts';
import type { TaskRules, TaskSettings } from '../engine/task/settings.ts';
import type { TaskCall } from '../engine/task/taskCall.ts';
import { TaskPlanner } from '../engine/task/taskPlanner.ts';
import { TaskRunner } from '../engine/task/taskRunner.ts';
import { ToolBudget } from '../engine/tools/toolBudget.ts';
import { CalibrationStore } from '../engine/usage/calibrationStore.ts';
import { learned } from '../engine/usage/learned.ts';
import { SpendingLedger } from '../engine/usage/spendingLedger.ts';
import { ImageWorker } from '../imaging/worker/imageWorker.ts';
import type { CommonFlags } from './cliArguments.ts';
import type { Roots } from './roots.ts';
import { StateFile, usualStateFolder } from './stateFile.ts';

/** Requests under way. */
const AT_A_TIME = 3;
/** Bytes of a whole request. */
const INLINE_LIMIT = SETTING_RULES.inlineLimitMB.default * 1e6;
/** Milliseconds. */
const TIMEOUT = SETTING_RULES.requestTimeoutSeconds.default * 1000;

/** What the environment and the command line say. */
export interface ProgramOptions extends Pick<CommonFlags, 'maxUsd' | 'baseUrl' | 'state'> {
  model?: string | undefined;
  key: string | undefined;
  /** Of the worker thread of images. */
  worker: URL;
  /** Between two looks at a batch; unset: as long as is sensible. */
  wait: RunParts['wait'];
  roots: () => Roots;
  log: (line: string) => void;
  env: Readonly<Record<string, string | undefined>>;
}

/** The engine without an editor: everything that runs tasks, on the files of this computer. */
export class Program {
  readonly files = LOCAL_FILES;
  readonly rules: TaskRules;
  readonly worker: ImageWorker;
  readonly sender: Sender;
  readonly preparer: ImagePreparer;
  readonly planner: TaskPlanner;
  /** An address without a slash at the end. */
  readonly destination: string;
  readonly #runner: TaskRunner;
  readonly #ledger: SpendingLedger;
  readonly #budget: ToolBudget;
  readonly #basis: () => TokenBasis;
  readonly #roots: () => Roots;
  readonly #stateFolder: string;
  readonly #maxUsd: number;
  readonly #log: (line: string) => void;
  readonly #wait: RunParts['wait'];
  #isHidden: (address: string) => boolean = () => false;

  /** Throws `network` for an address that must not be used. */
  constructor({ maxUsd, baseUrl, state, model, key, worker, wait, roots, log, env }: ProgramOptions) {
    this.destination = baseUrl === undefined ? GOOGLE_ADDRESS : checkedAddress(baseUrl);
    const folder = state ?? usualStateFolder(process.platform, env);
    this.#roots = roots;
    this.#stateFolder = folder;
    this.#maxUsd = maxUsd;
    this.#log = log;
    this.#wait = wait;
    const memory = new StateFile(folder);
    this.#ledger = new SpendingLedger(`${folder}/spending`);
    this.#basis = () => ({ ...learned(memory), prices: {}, date: new Date() });
    this.#budget = new ToolBudget({
      limit: () => maxUsd,
      basis: this.#basis,
      exceeded: (limit) => `This would exceed the limit of $${limit}. Raise it with --max-usd.`,
    });
    this.rules = {
      settingsFor: () => settingsWith(model),
      sendOptionsFor: () => ({ redactions: [] }),
      isExcluded: (address) => roots().isExcluded(address),
      tokenBasis: this.#basis,
    };
    this.worker = new ImageWorker({ entry: worker });
    const calibration = new CalibrationStore(memory, () => undefined);
    this.sender = new Sender({
      permits: [excludePermit((address) => this.rules.isExcluded(address)), sizePermit(() => INLINE_LIMIT), this.#budget.permit],
      destination: () => this.destination,
      key: async () => {
        if (key === undefined)
          throw new InspectorError('noApiKey', 'There is no key in GEMINI_API_KEY, in the environment of this program.');
        return key;
      },
      connect,
      uploads: async () => new Uploads(new UploadCache(memory), () => INLINE_LIMIT),
      timeout: () => TIMEOUT,
      begin: async () => undefined,
      recordUsage: async (outgoing, outcome) => {
        await this.#record(outgoing, outcome);
        if (outcome !== undefined && 'reply' in outcome) await calibration.learn(outgoing, outcome.reply).catch(() => undefined);
      },
      log,
    });
    this.preparer = new ImagePreparer(LOCAL_FILES, this.worker, this.rules);
    this.planner = new TaskPlanner(this.preparer, LOCAL_FILES, this.rules, { of: async () => [], find: async () => undefined });
    this.#runner = new TaskRunner(this.planner, this.sender, { add: async () => undefined }, { info: log, warn: log });
  }

  /** Runs a task. Rejects with an InspectorError. */
  run(call: TaskCall, job: Job): Promise<Inspection> {
    return this.#runner.inspect(call, job, () => undefined);
  }

  /** Tells what the settings of the folders hide, from when it has resolved also to sets. */
  async hidden(): Promise<(address: string) => boolean> {
    this.#isHidden = await this.#roots().hidden();
    return this.#isHidden;
  }

  /** The sets that were begun and not yet handed over. */
  sets(): InspectionSets {
    return new InspectionSets({
      folder: join(this.#stateFolder, 'sets'),
      files: LOCAL_FILES,
      folders: LOCAL_FOLDERS,
      rules: this.rules,
      planner: async () => this.planner,
      sender: this.sender,
      stored: async () => [],
      log: { info: this.#log, warn: this.#log },
      concurrency: () => AT_A_TIME,
      maxUsd: this.#maxUsd,
      wait: this.#wait,
      isHidden: (address) => this.#isHidden(address),
    });
  }

  /** Rejects with `overBudget` where nothing more may be spent. */
  async admit(): Promise<void> {
    this.#budget.admit();
  }

  dispose(): void {
    this.worker.dispose();
  }

  async #record(outgoing: OutgoingRequest, outcome: SendOutcome): Promise<void> {
    const isThis = (other: OutgoingRequest) => other === outgoing;
    if (outcome === undefined) {
      this.#budget.settle(isThis, 0);
      return;
    }
    const { request, images, inputTokens } = outgoing;
    const imageTokens = images.reduce((sum, { estimate }) => sum + (estimate?.tokens ?? 0), 0);
    const call = {
      model: request.model,
      speed: speedOf(request),
      workspace: '',
      date: new Date(),
      imageTokens,
      inputTokens,
      ending: outcome,
    };
    const spending = spendingOf(call, {});
    this.#budget.settle(isThis, spending.usd);
    await this.#ledger.record(spending);
  }
}

/** Settings as a new user of the editor has them. */
function settingsWith(model: string | undefined): TaskSettings {
  return {
    model: model ?? SETTING_RULES.model.default,
    mediaResolution: SETTING_RULES.mediaResolution.default,
    speed: 'standard',
    pointInAnswers: SETTING_RULES.pointInAnswers.default,
    maxDimension: SETTING_RULES.maxDimension.default,
    inlineLimit: INLINE_LIMIT,
    outputLanguage: '',
    systemInstruction: '',
    safetySettings: [],
    maskEngine: 'gemini',
    url: { sendAddress: false },
  };
}
