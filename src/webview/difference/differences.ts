import type { Alignment } from '../../core/inspection/imageDifference.ts';
import type { FromWebviewMessage, SessionImage, ToWebviewMessage } from '../../protocol.ts';
import type { PictureDifference } from '../result/types.ts';
import { describeDifference, describeRegion } from '../text/describeDifference.ts';
import type { Viewport } from '../viewer/viewport.ts';

/** Two pictures to be compared. */
export interface PicturePair {
  older: SessionImage;
  newer: SessionImage;
  alignment: Alignment;
}

/** How the page takes part. */
export interface DifferenceHooks {
  post(message: FromWebviewMessage): void;
  /** Something else is to be drawn. */
  changed(): void;
  /** Says a text to screen readers. */
  say(text: string): void;
}

/** CSS pixels: a region that is smaller is enlarged when one goes to it. */
const TOO_SMALL = 16;

/** What changed between two pictures: asked of the host, kept for as long as they are the same, and walked through region by region. */
export class Differences {
  readonly #hooks: DifferenceHooks;
  #request = 0;
  /** Of the pair that was asked for. */
  #key = '';
  #isShown = false;
  #known: PictureDifference | undefined;
  #at: number | undefined;

  constructor(hooks: DifferenceHooks) {
    this.#hooks = hooks;
  }

  get known(): PictureDifference | undefined {
    return this.#known;
  }

  /** The region that one has gone to, by its place. */
  get at(): number | undefined {
    return this.#at;
  }

  /** Asks for the difference of the pair that is shown, if it is another; a picture that is still coming is waited for. */
  follow(pair: PicturePair | undefined): void {
    const isNew = pair !== undefined && !this.#isShown;
    this.#isShown = pair !== undefined;
    if (!pair || [pair.older, pair.newer].some(({ src, problem }) => src === '' && !problem)) return;
    const { older, newer, alignment } = pair;
    const key = [older.uri, older.src, newer.uri, newer.src, alignment].join(' ');
    if (key === this.#key) {
      if (isNew) this.#say();
      return;
    }
    this.#key = key;
    this.#take({ state: 'comparing' });
    this.#hooks.post({ type: 'difference', request: ++this.#request, uris: [older.uri, newer.uri], alignment });
  }

  /** Takes the host's answer. */
  receive({ request, difference, pixels, problem }: Extract<ToWebviewMessage, { type: 'difference' }>): void {
    if (request !== this.#request) return;
    if (!difference) {
      // The same pair is asked for anew the next time.
      if (problem) this.#take({ state: 'failed', problem });
      return;
    }
    const src = pixels && URL.createObjectURL(new Blob([pixels.png], { type: 'image/png' }));
    this.#take({ state: 'known', difference, ...(pixels && src && { pixels: { src, box: pixels.box } }) });
    if (this.#isShown) this.#say();
  }

  /** Goes to the next region, or the one before. */
  step(by: 1 | -1, viewport: Viewport | undefined): void {
    const count = this.#regions.length;
    if (count > 0) this.go(this.#at === undefined ? (by > 0 ? 0 : count - 1) : (this.#at + by + count) % count, viewport);
  }

  /** Goes to a region: it is marked, in sight and large enough to be seen. */
  go(place: number, viewport: Viewport | undefined): void {
    const region = this.#regions[place];
    if (!region) return;
    this.#at = place;
    if (viewport) {
      if (Math.max(region.width, region.height) * viewport.view.k < TOO_SMALL) viewport.togglePart(region);
      else viewport.reveal(region);
    }
    this.#hooks.say(describeRegion(region, place, this.#regions.length));
    this.#hooks.changed();
  }

  get #regions() {
    return this.#known?.state === 'known' ? this.#known.difference.regions : [];
  }

  #take(known: PictureDifference): void {
    if (this.#known?.state === 'known' && this.#known.pixels) URL.revokeObjectURL(this.#known.pixels.src);
    this.#known = known;
    this.#at = undefined;
    this.#hooks.changed();
  }

  #say(): void {
    if (this.#known?.state === 'known') this.#hooks.say(describeDifference(this.#known.difference));
  }
}
