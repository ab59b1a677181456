import { fileURLToPath } from 'node:url';
import { InspectorError } from '../core/base/failure.ts';
import { SETTING_RULES } from '../core/base/settingRules.ts';
import type { Inspection } from '../core/inspection/inspection.ts';
import { speedOf } from '../core/request/request.ts';
import { cautiousCostUsd, costUsd } from '../core/usage/cost.ts';
import type { TokenBasis } from '../core/usage/estimate.ts';
import { spendingOf } from '../core/usage/spendingOf.ts';
import type { ImageFiles } from '../engine/files/imageFiles.ts';
import { openLocalFile } from '../engine/files/localFiles.ts';
import { connect } from '../engine/sending/connect.ts';
import { checkedAddress, GOOGLE_ADDRESS } from '../engine/sending/geminiAddress.ts';
import type { Job } from '../engine/sending/job.ts';
import type { OutgoingRequest, SendOutcome } from '../engine/sending/outgoing.ts';
import { excludePermit, sizePermit } from '../engine/sending/permits.ts';
import { Sender } from '../engine/sending/sender.ts';
import { UploadCache } from '../engine/sending/uploadCache.ts';
import { Uploads } from '../engine/sending/uploads.ts';
import { ImagePreparer } from '../engine/task/imagePreparer.ts';
import type { TaskRules, TaskSettings } from '../engine/task/settings.ts';
import type { TaskCall } from '../engine/task/taskCall.ts';
import { TaskPlanner } from '../engine/task/taskPlanner.ts';
import { TaskRunner } from '../engine/task/taskRunner.ts';
import { CalibrationStore } from '../engine/usage/calibrationStore.ts';
import { learned } from '../engine/usage/learned.ts';
import { SpendingLedger } from '../engine/usage/spendingLedger.ts';
import { ImageWorker } from '../imaging/worker/imageWorker.ts';
import type { CommonFlags } from './cliArguments.ts';
import type { Roots } from './roots.ts';
import { StateFile, usualStateFolder } from './stateFile.ts';

/** Bytes of a whole request. */
const INLINE_LIMIT = SETTING_RULES.inlineLimitMB.default * 1e6;
/** Milliseconds. */
const TIMEOUT = SETTING_RULES.requestTimeoutSeconds.default * 1000;

/** Images as a program without an editor sees them: files of this computer by their `file:` addresses. */
const LOCAL_FILES: ImageFiles = {
  open: (address) => openLocalFile(fileURLToPath(address)),
  fileOf: (address) => address,
  originOf: async () => undefined,
  isPublic: async () => false,
};

/** What the environment and the command line say. */
export interface ProgramOptions extends Pick<CommonFlags, 'maxUsd' | 'baseUrl' | 'state'> {
  model?: string | undefined;
  key: string | undefined;
  /** Of the worker thread of images. */
  worker: URL;
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
  readonly #maxUsd: number;
  /** What this process has spent, and what of it is under way, in US dollars. */
  #spent = 0;
  readonly #reserved = new Map<OutgoingRequest, number>();
  readonly #basis: () => TokenBasis;

  /** Throws `network` for an address that must not be used. */
  constructor({ maxUsd, baseUrl, state, model, key, worker, roots, log, env }: ProgramOptions) {
    this.destination = baseUrl === undefined ? GOOGLE_ADDRESS : checkedAddress(baseUrl);
    const folder = state ?? usualStateFolder(process.platform, env);
    const memory = new StateFile(folder);
    this.#ledger = new SpendingLedger(`${folder}/spending`);
    this.#maxUsd = maxUsd;
    this.#basis = () => ({ ...learned(memory), prices: {}, date: new Date() });
    this.rules = {
      settingsFor: () => settingsWith(model),
      sendOptionsFor: () => ({ redactions: [] }),
      isExcluded: (address) => roots().isExcluded(address),
      tokenBasis: this.#basis,
    };
    this.worker = new ImageWorker({ entry: worker });
    const calibration = new CalibrationStore(memory, () => undefined);
    this.sender = new Sender({
      permits: [
        excludePermit((address) => this.rules.isExcluded(address)),
        sizePermit(() => INLINE_LIMIT),
        (outgoing) => this.#permit(outgoing),
      ],
      destination: () => this.destination,
      key: async () => key,
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

  /** Rejects with `overBudget` where nothing more may be spent. */
  async admit(): Promise<void> {
    if (this.#maxUsd === 0 || this.#spent >= this.#maxUsd) throw this.#overBudget();
  }

  dispose(): void {
    this.worker.dispose();
  }

  /** What is permitted and has not ended yet counts as spent; a model without a known price counts as over any limit. */
  async #permit(outgoing: OutgoingRequest): Promise<void> {
    const { request, inputTokens, isFree } = outgoing;
    if (isFree) return;
    const basis = this.#basis();
    const usage = { prompt: inputTokens, output: USUAL_OUTPUT, speed: speedOf(request) };
    if (costUsd(request.model, basis.date, usage) === undefined) throw this.#overBudget();
    const cost = cautiousCostUsd(request.model, basis.date, usage);
    const reserved = [...this.#reserved.values()].reduce((sum, usd) => sum + usd, 0);
    // Sums of fractions are not exact: a millionth of a dollar is nothing.
    if (this.#spent + reserved + cost > this.#maxUsd + 1e-6) throw this.#overBudget();
    this.#reserved.set(outgoing, cost);
  }

  async #record(outgoing: OutgoingRequest, outcome: SendOutcome): Promise<void> {
    this.#reserved.delete(outgoing);
    if (outcome === undefined) return;
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
    this.#spent += spending.usd;
    await this.#ledger.record(spending);
  }

  #overBudget(): InspectorError {
    return new InspectorError('overBudget', `This would exceed the limit of $${this.#maxUsd}. Raise it with --max-usd.`);
  }
}

/** Output tokens that a call is thought to have before it is sent. */
const USUAL_OUTPUT = 1000;

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
