import '../widgets/popMenu.ts';
import '../widgets/popPanel.ts';
import './setGrid.ts';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { actionTitle, type FailureAction } from '../../core/base/failure.ts';
import { setTranslations, t } from '../../core/base/l10n.ts';
import type { SetRow, SetSpeed } from '../../core/sets/inspectionSet.ts';
import { type LabelTotal, labelTotals } from '../../core/sets/setRows.ts';
import type { FromSetMessage, Judgement, SetScoreView, SetView, ToSetMessage } from '../../setProtocol.ts';
import { message } from '../panel/messages/message.ts';
import { isObjectTask } from '../result/shownResult.ts';
import { imageCount } from '../text/counts.ts';
import { describeTask } from '../text/describeTask.ts';
import { formatCount } from '../text/format.ts';
import { icon } from '../widgets/icon.ts';
import { toolButton } from '../widgets/toolButton.ts';
import { planView } from './planView.ts';
import {
  type FailureTotal,
  failureTotals,
  isOpen,
  listedRows,
  maybeBilled,
  NO_ROW_FILTER,
  type RowFilter,
  type RowSort,
} from './rowFilter.ts';
import { type FilterContext, hiddenRows, rowFilterBar } from './rowFilterBar.ts';
import { progressBar, retryQuestion, runMessages } from './runView.ts';
import { placesIn, scoreView } from './scoreView.ts';
import type { SetGrid } from './setGrid.ts';
import type { SetHost } from './setHost.ts';
import { setTotals } from './setTotals.ts';
import { progressText, speedName } from './setWords.ts';
import { SpokenProgress } from './spokenProgress.ts';

/** Narrower pages begin without the totals. CSS pixels. */
const ROOM_FOR_TOTALS = 760;
/** Pictures whose addresses are remembered; beyond, those that were not seen for longest are asked for again. */
const MOST_THUMBNAILS = 2000;

/** The page of a set: its plan, then its images. */
export class SetPage extends LitElement {
  static override properties = {
    set: { state: true },
    rows: { state: true },
    thumbnails: { state: true },
    filter: { state: true },
    sort: { state: true },
    speed: { state: true },
    showsTotals: { state: true },
    asksRetry: { state: true },
    selected: { state: true },
    score: { state: true },
  };
  declare private set: SetView | undefined;
  declare private rows: readonly SetRow[];
  declare private thumbnails: ReadonlyMap<string, string>;
  declare private filter: RowFilter;
  declare private sort: RowSort;
  /** As chosen in the plan; as the host says until then. */
  declare private speed: SetSpeed | undefined;
  declare private showsTotals: boolean;
  /** Images of which state would be asked about again, while the user is asked. */
  declare private asksRetry: 'failed' | 'cancelled' | undefined;
  /** How many images are selected. */
  declare private selected: number;
  /** How the results agree with labels, while that is looked at. */
  declare private score: SetScoreView | undefined;
  readonly #host: SetHost;
  readonly #spoken = new SpokenProgress(() => this.querySelector('.set-spoken'));
  /** Places in `rows` by key. */
  #places = new Map<string, number>();
  #listed: readonly SetRow[] = [];
  #labels: readonly LabelTotal[] = [];
  #failures: readonly FailureTotal[] = [];

  constructor(host: SetHost) {
    super();
    this.#host = host;
    this.set = undefined;
    this.rows = [];
    this.thumbnails = new Map();
    // What a cell holds is not kept.
    this.filter = { ...NO_ROW_FILTER, ...host.kept()?.filter, cell: undefined };
    this.sort = host.kept()?.sort ?? 'name';
    this.speed = undefined;
    this.showsTotals = innerWidth >= ROOM_FOR_TOTALS;
    this.asksRetry = undefined;
    this.selected = 0;
    this.score = undefined;
    host.listen((received) => this.#take(received));
    // Whoever comes back from an image goes on with the next one.
    addEventListener('focus', () => document.activeElement === document.body && this.#grid?.focusCell());
    host.post({ type: 'ready' });
  }

  protected override createRenderRoot() {
    return this;
  }

  #take(received: ToSetMessage): void {
    switch (received.type) {
      case 'set':
        if (received.set.translations !== undefined) setTranslations(received.set.translations);
        this.set = received.set;
        return;
      case 'rows':
        this.rows = received.rows;
        this.#places = new Map(received.rows.map(({ key }, index) => [key, index]));
        return;
      case 'changed': {
        const rows = [...this.rows];
        for (const row of received.rows) rows[this.#places.get(row.key) ?? rows.length] = row;
        this.rows = rows;
        return;
      }
      case 'thumbnails': {
        const all = [...this.thumbnails, ...received.thumbnails.map(({ key, src }) => [key, src] as const)];
        this.thumbnails = new Map(all.slice(-MOST_THUMBNAILS));
        return;
      }
      case 'score':
        this.score = received.score;
        this.filter = { ...this.filter, cell: undefined };
        return;
      default:
        received satisfies never;
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('rows')) {
      this.#labels = labelTotals(this.rows);
      this.#failures = failureTotals(this.rows);
    }
    if (changed.has('rows') || changed.has('filter') || changed.has('sort') || changed.has('score'))
      this.#listed = listedRows(this.rows, this.filter, this.sort, placesIn(this.score, this.filter.cell));
  }

  protected override updated(changed: PropertyValues): void {
    const { filter, sort } = this;
    const id = this.set?.id;
    if (id !== undefined && (changed.has('set') || changed.has('filter') || changed.has('sort'))) this.#host.keep({ id, filter, sort });
    const run = this.set?.run;
    if (run !== undefined) this.#spoken.follow(progressText(run), run.state === 'ended');
  }

  protected override render(): TemplateResult {
    const { set } = this;
    if (set === undefined) return html``;
    return html`<main class="set" data-testid="set">${this.#head(set)}${this.#failure(set)}${
      set.run === undefined
        ? planView({ set, speed: this.speed ?? set.speed, choose: (speed) => this.#choose(speed), post: this.#post })
        : this.#running(set, set.run)
    }<div class="set-spoken visually-hidden" role="status" aria-live="polite"></div></main>`;
  }

  #head(set: SetView): TemplateResult {
    const task = describeTask(set.task);
    const facts = [set.words, set.model, set.run === undefined ? '' : speedName(set.speed)].filter((fact) => fact !== '');
    return html`<header class="set-head">${icon(task.icon)}<h1 class="clip">${set.isAltText ? t('Alt text') : task.title}: ${set.name}</h1><span class="quiet clip grow" title=${facts.join(' · ')}>${facts.join(' · ')}</span></header>`;
  }

  #failure({ failure, plan, run }: SetView): TemplateResult | typeof nothing {
    if (failure === undefined) return nothing;
    // Without a plan there is no other way on.
    const isStuck = plan === undefined && run === undefined && !failure.actions.includes('tryAgain');
    const actions: readonly FailureAction[] = isStuck ? [...failure.actions, 'tryAgain'] : failure.actions;
    return message({
      icon: 'error',
      tone: 'error',
      title: failure.message,
      detail: failure.detail,
      buttons: actions.map((action, index) => ({
        text: actionTitle(action),
        kind: index === 0 ? 'primary' : 'secondary',
        click: () => this.#post({ type: 'act', action }),
      })),
      alert: true,
    });
  }

  #running(set: SetView, run: NonNullable<SetView['run']>): TemplateResult {
    const failed = run.counts.failed;
    const filter = this.#filterContext();
    return html`${progressBar(set, run, this.#post)}${this.#retryQuestion(run) ?? runMessages(set, run, this.#post, () => this.#askRetry('cancelled'))}
      <div class="set-tools">${rowFilterBar(filter)}${this.#verdicts()}
        ${toolButton({ icon: 'graph', title: t('Totals by label, failures'), pressed: this.showsTotals && this.score === undefined, testId: 'set-totals-toggle', click: () => this.#toggleTotals() })}
        ${this.#hasObjects ? toolButton({ icon: 'tag', title: t('Rename or Merge Labels…'), testId: 'set-rename', click: () => this.#rename() }) : nothing}
        ${this.#hasObjects ? toolButton({ icon: 'target', title: t('Score Against Labels…'), testId: 'set-score', click: () => this.#post({ type: 'score' }) }) : nothing}
        ${toolButton({ icon: 'export', title: isOpen(this.filter) ? t('Export…') : t('Export {0}…', imageCount(this.#listed.length)), testId: 'set-export', click: () => this.#export() })}
      </div>
      ${hiddenRows(filter)}
      <div class="set-body ${this.score !== undefined ? 'with-score' : this.showsTotals ? 'with-totals' : ''}">
        <set-grid tabindex="-1" .rows=${this.#listed} .thumbnails=${this.thumbnails} .canCorrect=${this.#hasObjects} @open-row=${this.#open} @correct-row=${this.#correct} @verdict=${({ detail }: CustomEvent<Judgement>) => this.#judge(detail)}
          @want-thumbnails=${({ detail }: CustomEvent<string[]>) => this.#post({ type: 'thumbnails', keys: detail })} @selection-change=${() => this.#selectionChanged()}></set-grid>
        ${
          this.score !== undefined
            ? scoreView({
                score: this.score,
                cell: this.filter.cell,
                choose: (cell) => filter.setFilter({ cell }),
                close: () => this.#post({ type: 'closeScore' }),
              })
            : this.showsTotals
              ? setTotals({
                  labels: this.#labels,
                  failures: this.#failures,
                  counts: run.counts,
                  filter: this.filter,
                  canRetry: failed > 0 && run.state !== 'elsewhere',
                  setFilter: filter.setFilter,
                  retry: () => this.#askRetry('failed'),
                })
              : nothing
        }</div>`;
  }

  #verdicts(): TemplateResult {
    const count = this.selected > 0 ? ` (${imageCount(this.selected)})` : '';
    const button = (verdict: Judgement, name: string, key: string, codicon: string) =>
      toolButton({ icon: codicon, title: `${name}${count} (${key})`, testId: `set-${verdict}`, click: () => this.#judge(verdict) });
    return html`<div class="set-verdicts" role="group" aria-label=${t('Review')}>
      ${button('accepted', t('Accept'), 'A', 'thumbsup')}${button('rejected', t('Reject'), 'R', 'thumbsdown')}${button('skipped', t('Skip: no verdict'), 'S', 'debug-step-over')}${this.#hasObjects ? toolButton({ icon: 'edit', title: t('Correct (C)'), testId: 'set-correct', click: () => this.#grid?.correct() }) : nothing}
      ${this.selected > 0 ? html`<span class="quiet">${t('{0} selected', formatCount(this.selected))}</span>` : nothing}</div>`;
  }

  #filterContext(): FilterContext {
    return {
      filter: this.filter,
      sort: this.sort,
      labels: this.#labels.map(({ label }) => label),
      reasons: this.#failures,
      listed: this.#listed.length,
      all: this.rows.length,
      setFilter: (part) => {
        this.filter = { ...this.filter, ...part };
      },
      setSort: (sort) => {
        this.sort = sort;
      },
      focusGrid: () => this.#grid?.focusCell(),
    };
  }

  get #hasObjects(): boolean {
    return isObjectTask(this.set?.task);
  }

  get #grid(): SetGrid | null {
    return this.querySelector('set-grid');
  }

  readonly #post = (posted: FromSetMessage): void => this.#host.post(posted);

  readonly #correct = ({ detail: key }: CustomEvent<string>): void =>
    this.#post({ type: 'open', key, order: this.#listed.map((row) => row.key), corrects: true });

  readonly #open = ({ detail: key }: CustomEvent<string>): void => {
    const { cell } = this.filter;
    this.#post({ type: 'open', key, order: this.#listed.map((row) => row.key), ...(cell === undefined ? {} : { cell }) });
  };

  #choose(speed: SetSpeed): void {
    this.speed = speed;
  }

  #selectionChanged(): void {
    this.selected = this.#grid?.selectedCount ?? 0;
  }

  #judge(verdict: Judgement): void {
    const keys = this.#grid?.chosen ?? [];
    if (keys.length === 0) return;
    this.#post({ type: 'review', keys, verdict });
    this.#grid?.goOn();
  }

  /** Begins with the label whose images are listed. */
  #rename(): void {
    const { label } = this.filter;
    this.#post({ type: 'rename', ...(label === undefined ? {} : { label }) });
  }

  /** They stand where the score does. */
  #toggleTotals(): void {
    if (this.score !== undefined) this.#post({ type: 'closeScore' });
    this.showsTotals = this.score !== undefined || !this.showsTotals;
  }

  #retryQuestion({ counts }: NonNullable<SetView['run']>): TemplateResult | undefined {
    const state = this.asksRetry;
    if (state === undefined) return undefined;
    const close = () => {
      this.asksRetry = undefined;
    };
    return retryQuestion(state, { images: counts[state], billed: maybeBilled(this.rows, state) }, () => this.#retry(state), close);
  }

  #askRetry(state: 'failed' | 'cancelled'): void {
    if (maybeBilled(this.rows, state) === 0) this.#retry(state);
    else this.asksRetry = state;
  }

  #retry(state: 'failed' | 'cancelled'): void {
    this.asksRetry = undefined;
    this.#post({ type: 'retry', state });
  }

  #export(): void {
    this.#post({ type: 'export', ...(isOpen(this.filter) ? {} : { keys: this.#listed.map(({ key }) => key) }) });
  }
}

customElements.define('set-page', SetPage);
