import type { LitElement } from 'lit';
import type { FromWebviewMessage, ToWebviewMessage } from '../../protocol.ts';
import { Differences } from '../difference/differences.ts';
import type { PageContext } from '../state/pageContext.ts';
import { isStacked, showsDifference } from '../state/pictureModes.ts';
import { Arrangement } from '../viewer/arrangement.ts';
import type { Viewers } from '../viewer/viewers.ts';

/** How the page takes part. */
interface ComparisonHooks {
  post(message: FromWebviewMessage): void;
  /** Says a text to screen readers. */
  say(text: string): void;
}

/** What the page knows and does of several pictures: how they stand, how they move, and what changed between two of them. */
export class PictureComparison {
  readonly #page: LitElement;
  readonly #viewers: Viewers;
  readonly #arrangement: Arrangement;
  readonly #differences: Differences;

  constructor(page: LitElement, viewers: Viewers, hooks: ComparisonHooks) {
    this.#page = page;
    this.#viewers = viewers;
    const changed = () => page.requestUpdate();
    this.#arrangement = new Arrangement(changed);
    this.#differences = new Differences({ ...hooks, changed });
  }

  get context(): Pick<PageContext, 'difference' | 'isAbove'> {
    const differences = this.#differences;
    const viewport = () => this.#viewers.active?.viewport;
    return {
      difference: {
        known: differences.known,
        at: differences.at,
        go: (place) => differences.go(place, viewport()),
        step: (by) => differences.step(by, viewport()),
      },
      isAbove: this.#arrangement.isAbove,
    };
  }

  /** Once the page has been drawn. */
  follow(page: PageContext): void {
    const { images } = page.shown;
    const over = this.#viewers.over(images.length);
    const [older, newer] = [images[0], images[over]];
    const isShown = showsDifference(page) && older && newer;
    // The picture that has changed is the one that keys act on.
    if (isShown && !this.#viewers.isActive(over)) this.#viewers.turnTo(over);
    this.#differences.follow(isShown ? { older, newer, alignment: page.state.alignment } : undefined);
    if (images.length > 1 && isStacked(page.state)) this.#viewers.moveTogether();
    else this.#viewers.standApart();
    this.#arrangement.follow(this.#page.querySelector('.side-by-side'));
  }

  receive(message: Extract<ToWebviewMessage, { type: 'difference' }>): void {
    this.#differences.receive(message);
  }
}
