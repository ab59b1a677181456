import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { actionTitle } from '../../core/base/failure.ts';
import { setTranslations, t } from '../../core/base/l10n.ts';
import type { FromTryMessage, ToTryMessage, TryChoice, TryView } from '../../tryProtocol.ts';
import { message } from '../panel/messages/message.ts';
import type { Host } from '../state/host.ts';
import { imageCount } from '../text/counts.ts';
import { formatCount, usdRange } from '../text/format.ts';
import { icon } from '../widgets/icon.ts';
import { type TrySort, trialTable } from './trialTable.ts';
import { tryChoices } from './tryChoices.ts';

/** The page of Try Models: what is tried, what that costs, and how well each does. */
export class TryPage extends LitElement {
  static override properties = { view: { state: true }, sort: { state: true } };
  declare private view: TryView | undefined;
  declare private sort: TrySort;
  readonly #host: Host<unknown, FromTryMessage, ToTryMessage>;
  #spoken = '';
  /** Prompts that were to be tried at some time. */
  readonly #typed = new Set<string>();

  constructor(host: Host<unknown, FromTryMessage, ToTryMessage>) {
    super();
    this.#host = host;
    this.view = undefined;
    this.sort = { by: 'f1', descending: true };
    host.listen(({ view }) => {
      setTranslations(view.translations);
      this.view = view;
      for (const query of view.choice.queries) this.#typed.add(query);
    });
    host.post({ type: 'ready' });
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render(): TemplateResult {
    const { view } = this;
    if (view === undefined) return html``;
    const isRunning = view.run?.isRunning === true;
    const facts = [
      imageCount(view.images),
      view.labeled === 0 ? t('no labels: measured by what most of them find') : t('{0} with labels', formatCount(view.labeled)),
    ];
    return html`<main class="try" data-testid="try">
      <header class="try-head">${icon('beaker')}<h1 class="clip">${t('Try Models')}</h1><span class="quiet clip grow">${facts.join(' · ')}</span></header>
      <div class="try-body">
        ${tryChoices({ view, typed: [...this.#typed], disabled: isRunning, choose: (part) => this.#choose(part) })}
        ${this.#run(view, isRunning)}${this.#failure(view)}
        ${
          view.results === undefined || view.results.rows.length === 0
            ? nothing
            : trialTable({
                ...view.results,
                images: view.images,
                sort: this.sort,
                sortBy: (sort) => {
                  this.sort = sort;
                },
                use: (row) => this.#post({ type: 'use', row }),
              })
        }
      </div><div class="visually-hidden" role="status" aria-live="polite"></div></main>`;
  }

  /** The end is said. */
  protected override updated(): void {
    const run = this.view?.run;
    const text = run === undefined || run.isRunning ? '' : t('{0} of {1} requests done', formatCount(run.done), formatCount(run.of));
    const region = this.querySelector('[role="status"]');
    if (text === this.#spoken || region === null) return;
    this.#spoken = text;
    region.textContent = text;
  }

  #run({ forecast: { requests, costUsd, unpriced }, run }: TryView, isRunning: boolean): TemplateResult {
    const cost = [
      unpriced.length === 0 || costUsd[1] > 0 ? usdRange(costUsd) : '',
      unpriced.length === 0 ? '' : t('price unknown: {0}', unpriced.join(', ')),
    ];
    const text = [requests === 1 ? t('1 request') : t('{0} requests', formatCount(requests)), ...cost].filter(Boolean).join(' · ');
    return html`<div class="try-run">
      ${
        isRunning && run !== undefined
          ? html`<progress aria-label=${t('Progress')} .max=${Math.max(1, run.of)} .value=${run.done}></progress>
            <span class="grow">${t('{0} of {1} requests done', formatCount(run.done), formatCount(run.of))}</span>
            <button type="button" class="button secondary" data-testid="try-cancel" @click=${() => this.#post({ type: 'cancel' })}>${t('Cancel')}</button>`
          : html`<button type="button" class="button" data-testid="try-run" ?disabled=${requests === 0} @click=${() => this.#post({ type: 'run' })}>${icon('play')}${t('Run')}</button>
            <span class="grow" data-testid="try-sum">${text}</span>`
      }</div>`;
  }

  #failure({ failure }: TryView): TemplateResult | typeof nothing {
    if (failure === undefined) return nothing;
    return message({
      icon: 'error',
      tone: 'error',
      title: failure.message,
      detail: failure.detail,
      buttons: failure.actions.map((action, index) => ({
        text: actionTitle(action),
        kind: index === 0 ? 'primary' : 'secondary',
        click: () => this.#post({ type: 'act', action }),
      })),
      alert: true,
    });
  }

  #choose(part: Partial<TryChoice>): void {
    if (this.view === undefined) return;
    const choice = { ...this.view.choice, ...part };
    for (const query of choice.queries) this.#typed.add(query);
    // The sum follows from the host.
    this.view = { ...this.view, choice };
    this.#post({ type: 'choose', choice });
  }

  readonly #post = (posted: FromTryMessage): void => this.#host.post(posted);
}

customElements.define('try-page', TryPage);
