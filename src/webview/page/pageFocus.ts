import type { LitElement } from 'lit';
import { rowElementId } from '../panel/objects/objectGroups.ts';
import { replyElementId } from '../panel/results/rawReply.ts';
import type { PageAction, PageState } from '../state/pageState.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';
import type { SwipeDivider } from '../widgets/swipeDivider.ts';

/** Where picture and panel take turns; the style sheet says the same. */
const ONE_AT_A_TIME = '(width < 420px) or (height < 420px) or ((width < 760px) and (height < 630px))';

/** Seen in both. */
const PROMPT = '[data-testid="prompt"]';

/** What of the page decides who gets the focus. */
export interface FocusTargets {
  state: () => PageState;
  dispatch: (action: PageAction) => void;
  /** The picture that keys act on. */
  viewer: () => ImageViewer | undefined;
}

/** Gives the focus to parts of the page, which are shown for it. */
export class PageFocus {
  readonly #page: LitElement;
  readonly #targets: FocusTargets;
  #waiting: AbortController | undefined;

  constructor(page: LitElement, targets: FocusTargets) {
    this.#page = page;
    this.#targets = targets;
  }

  /** Hides or shows the panel; where only one of them has room, turns between it and the picture. */
  togglePanel(): void {
    const { state, dispatch } = this.#targets;
    if (!matchMedia(ONE_AT_A_TIME).matches) dispatch({ type: 'togglePanel' });
    else dispatch({ type: 'tab', tab: state().tab === 'image' ? 'results' : 'image' });
  }

  /**
   * Gives the focus within the page, now or once VS Code gives it to the page; never takes it from a question or another editor.
   * What was to have it before no longer does.
   */
  whenFocused(give: () => unknown): void {
    this.#waiting?.abort();
    this.#waiting = new AbortController();
    if (document.hasFocus()) void give();
    else addEventListener('focus', () => void give(), { once: true, signal: this.#waiting.signal });
  }

  prompt(): Promise<void> {
    return this.inPanel(PROMPT);
  }

  /** Gives the focus to a part of the panel. */
  async inPanel(selector: string): Promise<void> {
    const { state, dispatch } = this.#targets;
    if (!state().panel) dispatch({ type: 'togglePanel' });
    if (selector !== PROMPT && matchMedia(ONE_AT_A_TIME).matches) dispatch({ type: 'tab', tab: 'results' });
    await this.#page.updateComplete;
    this.#page.querySelector<HTMLElement>(selector)?.focus();
  }

  /** The field for the label of the selected object, once that is drawn. */
  async label(): Promise<void> {
    await this.#drawn();
    const field = this.#page.querySelector<HTMLInputElement>('[data-testid="label-edit"]');
    field?.focus();
    field?.select();
  }

  /** Once it is there: it may have to come back from behind a review. */
  async picture(): Promise<void> {
    await this.#drawn();
    this.#targets.viewer()?.focus();
  }

  async review(): Promise<void> {
    if (matchMedia(ONE_AT_A_TIME).matches) this.#targets.dispatch({ type: 'tab', tab: 'results' });
    await this.#page.updateComplete;
    const review = this.#page.querySelector('.send-review');
    // Who reads meanwhile is not disturbed.
    if (review?.contains(document.activeElement) && document.activeElement?.matches('input, .sent-parts')) return;
    const button =
      review?.querySelector<HTMLElement>('[data-review-focus]:not(:disabled)') ?? review?.querySelector<HTMLElement>('.button');
    button?.focus();
  }

  async leaveReview(): Promise<void> {
    await this.#drawn();
    if (document.activeElement === document.body || document.activeElement === null) this.#targets.viewer()?.focusQuietly();
  }

  async #drawn(): Promise<void> {
    await this.#page.updateComplete;
    await this.#targets.viewer()?.updateComplete;
  }
}

/** Brings an object into sight in list, raw reply and picture, each by the least amount. */
export function showObject(page: Element, id: string, viewer: ImageViewer | undefined): void {
  show(page, rowElementId(id));
  show(page, replyElementId(Number(id) - 1));
  viewer?.closest('.pair')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const box = viewer?.boxOf(id);
  if (!box || !viewer?.viewport) return;
  viewer.viewport.reveal(box);
  const { view, viewer: room } = viewer.viewport;
  const share = (x: number) => (view.x + x * view.k) / room.width;
  const isOver = viewer.closest('.over') !== null;
  page.querySelector<SwipeDivider>('swipe-divider')?.uncover(share(box.x), share(box.x + box.width), isOver);
}

/** Goes to a part of the raw reply. `place`: of the object in the reply, from 0. */
export function goToReply(page: Element, place: number): void {
  page.querySelector<HTMLElement>('.raw-text')?.focus({ preventScroll: true });
  show(page, replyElementId(place));
}

function show(page: Element, elementId: string): void {
  page.querySelector(`#${CSS.escape(elementId)}`)?.scrollIntoView({ block: 'nearest', inline: 'start' });
}
