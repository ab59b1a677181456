import '../panel/tools/shortcutsDialog.ts';
import '../viewer/viewerElement.ts';
import '../widgets/objectRow.ts';
import '../widgets/panelSash.ts';
import '../widgets/popMenu.ts';
import '../widgets/popPanel.ts';
import '../widgets/swipeDivider.ts';
import { html, LitElement, type TemplateResult } from 'lit';
import { setTranslations, t } from '../../core/base/l10n.ts';
import type { Task } from '../../core/inspection/inspection.ts';
import type { SessionState, ToWebviewMessage } from '../../protocol.ts';
import { beginAsked } from '../editing/correcting.ts';
import { openFindBar } from '../liveText/findBar.ts';
import { showScored } from '../panel/comparison/showScored.ts';
import { objectAction } from '../panel/objects/objectActions.ts';
import { rovingTabindex } from '../panel/tools/rovingTabindex.ts';
import type { ShortcutsDialog } from '../panel/tools/shortcutsDialog.ts';
import { formatZoom } from '../panel/tools/toolbar.ts';
import { beginComparing, seriesOf } from '../result/comparison.ts';
import { sessionChanges, waitOf, withProgress } from '../result/sessionChanges.ts';
import { startsWithBoxes } from '../result/shownResult.ts';
import type { ShownResult } from '../result/types.ts';
import { afterFrame } from '../state/afterFrame.ts';
import { savedFrom } from '../state/corrections.ts';
import { HiddenObjects } from '../state/hiddenObjects.ts';
import type { Host } from '../state/host.ts';
import type { PageContext } from '../state/pageContext.ts';
import { actionsAtFirst, INITIAL_STATE, keptState, looksOther, type PageAction, type PageState, reduce } from '../state/pageState.ts';
import { isStacked } from '../state/pictureModes.ts';
import { ShownResults } from '../state/shownResults.ts';
import type { Middle } from '../state/view.ts';
import { Visibility } from '../state/visibility.ts';
import { formatCount } from '../text/format.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';
import { Viewers } from '../viewer/viewers.ts';
import type { PopMenu } from '../widgets/popMenu.ts';
import type { PopPanel } from '../widgets/popPanel.ts';
import { Announcer, announcement } from './announcer.ts';
import { Blinking } from './blinking.ts';
import { markContext } from './contextMenu.ts';
import { followContrast } from './contrast.ts';
import { copySelection } from './copying.ts';
import { followHeldKeys, pageKey } from './keyboard.ts';
import { LongList } from './longList.ts';
import { goToReply, PageFocus, showObject } from './pageFocus.ts';
import { pageLayout } from './pageLayout.ts';
import { followPastes } from './pasting.ts';
import { PictureComparison } from './pictureComparison.ts';
import { PictureCopier, writeToClipboard } from './pictureCopier.ts';
import { runTask, toggleSent } from './runTask.ts';
import { ScaleText } from './scaleText.ts';
import { Ticker } from './ticker.ts';
import { viewAction, viewControls } from './viewActions.ts';
import { ViewFocus } from './viewFocus.ts';

/** The whole page: takes the session from the host, keeps its own state and gives both to its parts. */
export class InspectorPage extends LitElement {
  static override properties = {
    session: { state: true },
    // What is only remembered changes nothing that is drawn.
    state: { state: true, hasChanged: looksOther },
    highContrast: { state: true },
    second: { state: true },
  };
  declare private session: SessionState | undefined;
  declare private state: PageState;
  /** Nothing else shows it, and within a zoom there is no time to draw everything. */
  readonly #scale = new ScaleText((scale) => {
    const level = this.querySelector<PopMenu>('pop-menu.zoom-level');
    if (level) level.text = formatZoom(scale);
  });
  declare private highContrast: boolean;
  /** Changes each second while a task runs. */
  declare private second: number;

  readonly #host: Host;
  #announcer: Announcer | undefined;
  /** The task of a draft that was taken before there was any result. */
  #drafted: Task | undefined;
  readonly #pictures: PictureCopier;
  readonly #ticker = new Ticker(() => this.second++);
  readonly #visibility = new Visibility();
  readonly #hidden = new HiddenObjects((message) => this.#host.post(message));
  readonly #list = new LongList(() => this.requestUpdate());
  readonly #results = new ShownResults();
  readonly #blinking = new Blinking((seen) => this.#dispatch({ type: 'blink', seen }));
  readonly #viewers = new Viewers(this);
  readonly #comparison: PictureComparison;
  readonly #focus = new PageFocus(this, {
    state: () => this.state,
    dispatch: (action) => this.#dispatch(action),
    viewer: () => this.#viewer,
  });
  /** What an earlier page looked at. */
  readonly #start: Middle | undefined;

  constructor(host: Host) {
    super();
    this.#host = host;
    this.#pictures = new PictureCopier({ post: host.post, announce: (text) => this.#announcer?.say(text), write: writeToClipboard });
    this.#comparison = new PictureComparison(this, this.#viewers, { post: host.post, say: (text) => this.#announcer?.say(text) });
    this.session = undefined;
    this.state = { ...INITIAL_STATE, ...host.kept() };
    this.#start = this.state.middle;
    this.highContrast = false;
    this.second = 0;
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    followContrast((highContrast) => {
      this.highContrast = highContrast;
    });
    this.addEventListener('keydown', (event) => this.#context && this.#viewer && pageKey(this.#context, this.#viewer, event));
    followHeldKeys({ h: () => this.#dispatch({ type: 'hideOverlay', hidden: false }), k: () => this.#blinking.hold(false) });
    this.addEventListener('contextmenu', (event) => {
      const frame = this.querySelector('main');
      if (this.#context && this.#viewer && frame) markContext(this.#context, this.#viewer, frame, event);
    });
    document.addEventListener('copy', (event) => this.#context && copySelection(this.#context, event));
    followPastes(this.#host);
    new ViewFocus((focused) => this.#host.post({ type: 'viewFocus', focused })).follow();
    this.#host.listen((message) => this.#receive(message));
    this.#host.post({ type: 'ready' });
  }

  get #viewer(): ImageViewer | undefined {
    return this.#viewers.active;
  }

  get #context(): PageContext | undefined {
    const { session, state } = this;
    if (!session) return undefined;
    const shown = this.#result(session);
    const dispatch = (action: PageAction) => this.#dispatch(action);
    const page = { session, state, shown, dispatch, post: this.#host.post };
    return {
      ...page,
      // An area is covered in the whole picture.
      review: state.cover ? undefined : session.review,
      hidden: this.#visibility.of(shown.objects, state),
      // A selection, or the place that a list is scrolled to, has to be there.
      rows: this.#list.rows(shown.key, shown.objects.length, state.selected !== undefined || state.scroll > 0, state.filter),
      watchRest: this.#list.watchRest,
      scale: this.#scale.scale,
      copyPicture: (picture) => void this.#pictures.copy(picture),
      run: (...wish) => runTask(page, ...wish),
      toggleSent: () => toggleSent(page),
      compare: (comparing) => this.#compare(comparing),
      compareShown: () => this.#compare(this.state.comparing ? undefined : beginComparing(session, shown.run)),
      blink: (on) => this.#blinking.hold(on),
      ...this.#comparison.context,
      keepAppearance: () => this.#host.post({ type: 'appearance', appearance: this.state.appearance }),
      showKeys: () => void this.querySelector<ShortcutsDialog>('shortcuts-dialog')?.show(),
      toggleAppearance: () => this.querySelector<PopPanel>('pop-panel.appearance')?.toggle(),
      numbersOnly: this.#viewer?.numbersOnly ?? false,
      focusPrompt: () => void this.#focus.prompt(),
      ask: (words) => {
        dispatch({ type: 'task', task: 'ask' });
        dispatch({ type: 'query', query: words });
        void this.#focus.prompt();
      },
      focusFilter: () => openFindBar(this) || void this.#focus.inPanel('.filter-text'),
      focusList: () => void this.#focus.inPanel('.list'),
      focusPicture: () => void this.#focus.picture(),
      togglePanel: () => this.#focus.togglePanel(),
      say: (text) => this.#announcer?.say(text),
      focusLabel: () => void this.#focus.label(),
      announceZoom: () => this.#announcer?.say(t('Zoom {0} %', formatCount((this.#viewer?.viewport?.view.k ?? 1) * 100))),
      masks: this.#viewers.masks,
      zoomTo: (id) => {
        dispatch({ type: 'select', id });
        this.#viewers.turnToObject(id, shown.objects);
        const viewer = this.#viewer;
        const box = viewer?.boxOf(id);
        if (box) viewer?.viewport?.togglePart(box);
      },
      view: viewControls(() => this.#viewer?.viewport),
    };
  }

  #result(session: SessionState): ShownResult {
    return this.#results.of(session, this.state, this.highContrast);
  }

  /** Shows what became of the objects, and says it; or goes back to the shown run. */
  #compare(comparing: PageState['comparing']): void {
    const session = this.session;
    if (!session || (comparing === undefined && this.state.comparing === undefined)) return;
    const runs = session.runs.filter(({ id }) =>
      comparing?.kind === 'runs' ? id === comparing.a || id === comparing.b : id === (comparing?.run ?? session.shown),
    );
    this.#dispatch({
      type: 'compare',
      comparing,
      boxes: startsWithBoxes(
        runs[0]?.task,
        runs.flatMap(({ detections = [] }) => detections),
      ),
    });
    const { compared } = this.#result(session);
    this.#announcer?.say(comparing === undefined ? t('Comparison closed.') : compared?.summary || t('Two answers beside each other.'));
  }

  protected override render(): TemplateResult {
    const page = this.#context;
    if (!page) return html``;
    return pageLayout(page, {
      start: this.state.middle ?? this.#start,
      over: this.#viewers.over(page.shown.images.length),
      turned: (index) => {
        if (this.#viewers.isActive(index)) return;
        this.#viewers.turnTo(index);
        this.#scale.follow(this.#viewer?.viewport?.view.k ?? this.#scale.scale);
        this.#scale.end();
        this.requestUpdate();
      },
      scaled: (scale, index) => {
        if (this.#viewers.isActive(index)) this.#scale.follow(scale);
        if ((this.#results.last?.images.length ?? 0) > 1 && isStacked(this.state)) this.#viewers.moveTogether();
      },
      rested: () => this.#scale.end(),
      reveal: (part) => this.#viewer?.viewport?.reveal(part),
      drawn: () => this.requestUpdate(),
    });
  }

  protected override updated(): void {
    const page = this.#context;
    if (!page) return;
    // Which buttons can be seen is known without further work once the page has been laid out, which a frame does at its end.
    afterFrame(() => rovingTabindex(this.querySelector('.toolbar')));
    this.#comparison.follow(page);
    this.#announcer ??= new Announcer(this.querySelector('[role="status"]') as HTMLElement);
    this.#announcer.follow(announcement(page.session, page.shown));
    this.#hidden.tell(page);
    const { running } = page.session;
    this.#ticker.follow((running && waitOf(running)?.until) ?? running?.sentAt);
  }

  #dispatch(action: PageAction): void {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state === before) return;
    this.#host.keep(keptState(this.state));
    if (this.state.drafts !== before.drafts) this.#host.post({ type: 'drafts', drafts: this.state.drafts });
    if (action.type === 'select' && this.state.selected !== before.selected) void this.#followSelection();
    if (action.type === 'showInRaw') void this.updateComplete.then(() => goToReply(this, action.place));
    if (action.type === 'filter') this.#followFilter();
  }

  /** What the filter leaves out cannot stay selected; how much that is, is said. */
  #followFilter(): void {
    const page = this.#context;
    if (!page) return;
    if (page.hidden.ids.has(this.state.selected ?? '')) this.#dispatch({ type: 'select', id: undefined });
    this.#announcer?.say(t('{0} hidden by filter.', formatCount(page.hidden.filtered)));
  }

  async #followSelection(): Promise<void> {
    const { selected } = this.state;
    if (selected === undefined) return;
    // Before it is drawn: of more than two pictures this may be another one that lies over the first.
    this.#viewers.turnToObject(selected, this.#context?.shown.objects ?? []);
    await this.updateComplete;
    showObject(this, selected, this.#viewer);
  }

  #receive(message: ToWebviewMessage): void {
    switch (message.type) {
      case 'state':
        this.#show(message.state);
        break;
      case 'progress':
        if (this.session) this.#show(withProgress(this.session, message.running));
        break;
      case 'view':
        if (this.#context && this.#viewer) viewAction(this.#context, this.#viewer, message.action);
        break;
      case 'picture':
        this.#pictures.receive(message);
        break;
      case 'copyPicture':
        void this.#pictures.copy(message.picture);
        break;
      case 'difference':
        this.#comparison.receive(message);
        break;
      case 'object':
        if (this.#context) objectAction(this.#context, message.action, message.id);
        break;
      default:
        message satisfies never;
    }
  }

  #show(session: SessionState): void {
    const changes = sessionChanges(this.session, session);
    setTranslations(session.translations);
    this.session = session;
    if (changes.first) for (const action of actionsAtFirst(session)) this.#dispatch(action);
    const { key, task, run, objects } = this.#result(session);
    for (const draft of savedFrom(this.state, run)) this.#dispatch({ type: 'savedEdits', run: draft });
    const detections = objects.map(({ detection }) => detection);
    const { shown, query } = this.state;
    const isOther = key !== shown;
    this.#dispatch({ type: 'shown', key, task, prompt: run?.prompt ?? '', boxes: startsWithBoxes(task, detections) });
    if (session.correct && this.#context) beginAsked(this.#context);
    if (changes.repeated && seriesOf(session, run).length > 1 && run) this.#compare({ kind: 'series', run: run.id });
    if (changes.scored && session.inSet?.scored) showScored(() => this.#context, session.inSet.scored);
    // After a reload it is looked at as before.
    if (changes.pair && (isOther || !changes.first)) this.#dispatch({ type: 'pictures', mode: 'difference' });
    if (changes.review) this.#dispatch({ type: 'review' });
    if (session.review && (changes.review || changes.reviewPictures)) this.#focus.whenFocused(() => this.#focus.review());
    else if (changes.review) this.#focus.whenFocused(() => this.#focus.leaveReview());
    // Results that were only read after the draft was taken do not undo its choice.
    if (isOther && this.#drafted && !session.running) {
      this.#dispatch({ type: 'task', task: this.#drafted });
      this.#dispatch({ type: 'query', query });
    }
    if (isOther || changes.draft) this.#drafted = key === '' ? changes.draft?.task : undefined;
    if (changes.failure) this.#dispatch({ type: 'tab', tab: 'results' });
    if (changes.draft) {
      this.#dispatch({ type: 'task', task: changes.draft.task });
      this.#dispatch({ type: 'query', query: changes.draft.query });
      this.#host.post({ type: 'draftTaken' });
      this.#focus.whenFocused(() => this.#focus.prompt());
    } else if (changes.first) {
      const start = session.tasks.includes('ask') ? 'ask' : session.tasks[0];
      if (task === undefined && this.#host.kept() === undefined && start) this.#dispatch({ type: 'task', task: start });
      void this.#begin();
    }
  }

  /** Comes back to where an earlier page was, with the focus on the picture. */
  async #begin(): Promise<void> {
    await this.updateComplete;
    const list = this.querySelector('.scroll');
    if (list) list.scrollTop = this.state.scroll;
    await this.#viewer?.updateComplete;
    if (!this.session?.review) this.#focus.whenFocused(() => this.#viewer?.focusQuietly());
  }
}

customElements.define('inspector-page', InspectorPage);
