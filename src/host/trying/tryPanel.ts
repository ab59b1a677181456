import * as vscode from 'vscode';
import { failureView, isSilent } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type LiveModel, offeredModels } from '../../core/models/modelList.ts';
import { describePrice, modelDescription } from '../../core/usage/modelDescription.ts';
import { resolutionName } from '../../core/usage/tokenChoices.ts';
import { MEDIA_RESOLUTIONS } from '../../core/usage/tokens.ts';
import { Job } from '../../engine/sending/job.ts';
import type { FromTryMessage, ToTryMessage, TryChoice, TryView } from '../../tryProtocol.ts';
import { act } from '../base/actions.ts';
import { changeSetting } from '../base/changeSetting.ts';
import { readSettings } from '../base/settings.ts';
import { openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import { ownPage } from '../editor/ownPage.ts';
import { namedPrompts } from '../session/promptLibrary.ts';
import type { Tasks } from '../session/tasks.ts';
import { isTriedTask, type TrialSession } from './trialSession.ts';

/** Milliseconds between two messages about what has come. */
const EVERY = 250;

/** What the panel takes. */
export interface TryPanelParts {
  extension: vscode.Uri;
  tasks: Tasks;
  editors: InspectorEditors;
  report: (error: unknown) => void;
}

/** The editor of Try Models: tells its page what is tried and what came of it, and does what it asks for. */
export class TryPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #parts: TryPanelParts;
  readonly #session: TrialSession;
  readonly #subscriptions: vscode.Disposable[] = [];
  #choice: TryChoice;
  #live: readonly LiveModel[] | undefined;
  #failure: TryView['failure'];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #listing = new Job();

  constructor(parts: TryPanelParts, session: TrialSession, choice: TryChoice) {
    this.#parts = parts;
    this.#session = session;
    this.#choice = choice;
    const options = {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [vscode.Uri.joinPath(parts.extension, 'dist')],
    };
    this.#panel = vscode.window.createWebviewPanel('imageInspector.try', t('Try Models'), vscode.ViewColumn.Active, options);
    this.#subscriptions.push(
      this.#panel.webview.onDidReceiveMessage((message: FromTryMessage) => void this.#handle(message).catch(parts.report)),
      this.#panel.onDidDispose(() => this.dispose()),
      vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('imageInspector') && this.#post()),
    );
    this.#panel.webview.html = ownPage(this.#panel.webview, parts.extension, 'try.js', '<div id="app"></div>', 'try.css');
    void parts.tasks.sender.listModels(this.#listing).then(
      (live) => {
        this.#live = live;
        this.#post();
      },
      () => undefined,
    );
  }

  dispose(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#listing.cancel();
    this.#session.cancel();
    vscode.Disposable.from(...this.#subscriptions.splice(0)).dispose();
  }

  async #handle(message: FromTryMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.#post();
      case 'choose':
        this.#choice = message.choice;
        return this.#post();
      case 'run':
        return this.#run();
      case 'cancel':
        return this.#session.cancel();
      case 'use':
        return this.#use(message.row);
      case 'act':
        if (message.action === 'tryAgain') return this.#run();
        await act(message.action, this.#failure?.enableUrl);
        return;
      default:
        message satisfies never;
    }
  }

  async #run(): Promise<void> {
    this.#failure = undefined;
    const run = this.#session.run(this.#choice, () => this.#postSoon());
    this.#post();
    try {
      await run;
    } catch (error) {
      const failure = failureView(error);
      if (!isSilent(failure.reason)) this.#failure = failure;
    }
    this.#post();
  }

  /** The settings take the model and the resolution of a row, and the inspector of the first image its words. */
  async #use(place: number): Promise<void> {
    const row = this.#session.results().rows[place];
    const [image] = this.#session.images;
    if (row === undefined || image === undefined) return;
    await changeSetting('model', row.model, image.uri);
    await changeSetting('mediaResolution', row.mediaResolution, image.uri);
    this.#post();
    if (row.query !== '')
      (await openInspector(this.#parts.editors, image.uri, { preview: true, preserveFocus: true })).draft(this.#session.task, row.query);
  }

  #postSoon(): void {
    this.#timer ??= setTimeout(() => this.#post(), EVERY);
  }

  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // A run that the end of the page cancels ends after it.
    if (this.#isClosed) return;
    const message: ToTryMessage = { type: 'view', view: this.#view() };
    void this.#panel.webview.postMessage(message);
  }

  #view(): TryView {
    const { images } = this.#session;
    const basis = this.#parts.tasks.rules.tokenBasis();
    const { model } = readSettings(images[0]?.uri);
    const { requests, costUsd, unpriced } = this.#session.forecast(this.#choice);
    return {
      images: images.length,
      labeled: images.filter(({ labels }) => labels !== undefined).length,
      models: offeredModels(model, this.#live, basis.date, basis.lives).map(({ id, remarks }) => ({
        id,
        price: [describePrice(id, basis), ...remarks].join(' · '),
        about: modelDescription(id, basis),
      })),
      resolutions: MEDIA_RESOLUTIONS.map((value) => ({ value, name: resolutionName(value) })),
      prompts: namedPrompts(['detect', 'segment']).flatMap(({ name, task, query }) => (isTriedTask(task) ? [{ name, task, query }] : [])),
      choice: this.#choice,
      forecast: { requests, costUsd, unpriced },
      ...this.#session.progress(),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(vscode.l10n.bundle && { translations: vscode.l10n.bundle }),
    };
  }
}
