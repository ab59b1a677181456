import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { CommandOptions } from '../../core/request/commandArguments.ts';
import { sentResolution } from '../../core/request/request.ts';
import type { Limits } from '../../core/usage/budget.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import { isImageUnbilled } from '../../core/usage/isImageUnbilled.ts';
import { MEDIA_RESOLUTIONS, type TokenEstimate } from '../../core/usage/tokens.ts';
import type { ImageFiles } from '../../engine/files/imageFiles.ts';
import type { OutgoingRequest, SendOutcome } from '../../engine/sending/outgoing.ts';
import { CalibrationStore } from '../../engine/usage/calibrationStore.ts';
import { ReportedLifeStore } from '../../engine/usage/reportedLifeStore.ts';
import { readLimits, readPrices, readSettings } from '../base/settings.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { VscodeTaskRules } from '../session/taskRules.ts';
import type { SpendingOverview } from './budgetView.ts';
import { readImageTokens } from './imageTokens.ts';
import type { SpendingStore } from './spendingStore.ts';
import type { TokenStatus } from './tokenStatus.ts';
import { createTokenStatus } from './tokenStatusItem.ts';

/** All that knows about tokens and money: estimates, what was learnt, what was spent, what may be spent, and the status bar that shows it. */
export class UsageTracker implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #extensionUri: vscode.Uri;
  readonly #basis: () => TokenBasis;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #calibration: CalibrationStore;
  readonly #lives: ReportedLifeStore;
  readonly #folder: vscode.Uri;
  #opened: Promise<SpendingStore> | undefined;
  readonly #item: ReturnType<typeof createTokenStatus>;
  /** Fires when something was learnt or spent. */
  readonly onDidChange = this.#changed.event;

  constructor(
    { globalState, globalStorageUri, extensionUri }: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
    { sendOptions, tokenBasis }: Pick<VscodeTaskRules, 'sendOptions' | 'tokenBasis'>,
    files: Pick<ImageFiles, 'originOf'>,
    store: Pick<InspectionStore, 'of'>,
  ) {
    this.#log = log;
    this.#basis = tokenBasis;
    this.#extensionUri = extensionUri;
    this.#calibration = new CalibrationStore(globalState, () => this.#changed.fire());
    this.#lives = new ReportedLifeStore(globalState);
    this.#folder = vscode.Uri.joinPath(globalStorageUri, 'spending');
    this.#item = createTokenStatus({
      basis: tokenBasis,
      isOverBudget: async (usd) => readLimits().stopAt > 0 && (await this.#spending()).budget.stops(usd),
      sendOptions,
      addressOf: async (uri) => (await files.originOf(uri.toString()))?.address,
      stored: async (uri) => (await import('./storedTokens.ts')).storedTokens(uri, store, tokenBasis()),
      onDidChange: this.onDidChange,
    });
  }

  dispose(): void {
    this.#item.disposable.dispose();
    this.#changed.dispose();
  }

  get status(): TokenStatus {
    return this.#item.status;
  }

  /** The limits as a permit. */
  readonly permit = async (outgoing: OutgoingRequest): Promise<void> => (await this.#spending()).budget.permit(outgoing);

  /** US dollars of today in all windows, and the user's limits. */
  async spentToday(): Promise<{ spent: number; limits: Limits }> {
    const today = await (await this.#spending()).ledger.today();
    return { spent: today.reduce((sum, { usd }) => sum + usd, 0), limits: readLimits() };
  }

  #spending(): Promise<SpendingStore> {
    this.#opened ??= import('./spendingStore.ts').then(
      ({ SpendingStore }) => new SpendingStore(this.#folder, (error) => this.#troubled(error)),
    );
    return this.#opened;
  }

  /** The tokens of an image, or of one of that size, by the settings where nothing else is said. Rejects with a RangeError for a size or resolution that there is not. */
  async estimate(
    image: vscode.Uri | { width: number; height: number },
    {
      model,
      mediaResolution: resolution,
      maxDimension,
      region,
    }: Pick<CommandOptions, 'model' | 'mediaResolution' | 'maxDimension' | 'region'>,
  ): Promise<TokenEstimate> {
    const settings = readSettings('width' in image ? undefined : image);
    const given = MEDIA_RESOLUTIONS.find((one) => one === resolution);
    if (resolution !== undefined && given === undefined) throw new RangeError(`there is no resolution "${resolution}"`);
    const mediaResolution = given ?? settings.mediaResolution;
    const chosen = {
      ...settings,
      model: model ?? settings.model,
      mediaResolution,
      maxDimension: maxDimension ?? settings.maxDimension,
      region,
    };
    const basis = this.#basis();
    if (!('width' in image)) return (await readImageTokens(image, chosen, basis)).estimate;
    const { estimateImage } = await import('../../core/request/estimateImage.ts');
    return estimateImage(image, { model: chosen.model, mediaResolution }, basis).estimate;
  }

  /** Takes down what a sending is expected to cost, before it goes out. Never rejects. */
  async begin(outgoing: OutgoingRequest): Promise<void> {
    await this.#logged(async () => (await this.#spending()).begin(outgoing));
  }

  /** Takes down what a sending cost and learns from it. Never rejects: the answer is worth more than the book. */
  async recordUsage(outgoing: OutgoingRequest, outcome: SendOutcome): Promise<void> {
    await this.#logged(async () => {
      await (await this.#spending()).end(outgoing, outcome);
      if (outcome !== undefined && 'reply' in outcome) await this.#learn(outgoing, outcome.reply);
    });
    this.#changed.fire();
  }

  async #logged(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.#log.warn(`What a call cost could not be recorded: ${messageOf(error)}`));
  }

  /** Without a ledger on disk the limits hold for as long as this window lives, which the user has to know. */
  #troubled(error: unknown): void {
    this.#log.warn(`The ledger of what calls cost cannot be written or read: ${messageOf(error)}`);
    const code = sanitizeForUi(String((error as NodeJS.ErrnoException).code ?? messageOf(error)), 80);
    void vscode.window.showWarningMessage(
      t('What your calls cost cannot be saved ({0}). Your daily limits count this window only until it is closed.', code),
    );
  }

  async #learn(outgoing: OutgoingRequest, reply: GeminiReply): Promise<void> {
    const { request, images } = outgoing;
    const imageTokens = images.reduce((sum, { estimate }) => sum + (estimate?.tokens ?? 0), 0);
    const { usage, billsNoImage } = reply;
    const [image] = images;
    const resolution = sentResolution(request);
    if (billsNoImage || isImageUnbilled({ ...usage, estimated: imageTokens }, images.length)) {
      this.#log.warn(`${request.task} · ${request.model} · no image tokens were billed: the model did not see the image`);
    } else if (image?.estimate !== undefined && images.length === 1 && usage?.image !== undefined && resolution !== undefined) {
      const { estimate } = image;
      this.status.report(vscode.Uri.parse(image.uri), {
        model: request.model,
        resolution,
        estimate,
        billed: usage.image,
      });
    }
    await this.#calibration.learn(outgoing, reply);
    await this.#lives.learn(request.model, reply);
  }

  /** Forgets what bills have taught. */
  async resetCalibration(): Promise<void> {
    await this.#calibration.reset();
  }

  /** What was spent, for people to look at. */
  async overview(): Promise<SpendingOverview> {
    const { ledger, workspace } = await this.#spending();
    return {
      all: () => ledger.all(),
      session: () => ledger.session,
      workspace,
      limits: readLimits,
      priceProblems: () => readPrices().problems,
      onDidChange: this.onDidChange,
      extensionUri: this.#extensionUri,
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
