import type { StyledObject } from '../result/types.ts';
import type { PageContext } from '../state/pageContext.ts';
import { StackedViews } from './stackedViews.ts';
import type { ImageViewer } from './viewerElement.ts';

/** The pictures on the page: one, or several side by side, of which the user has turned to one. */
export class Viewers {
  readonly #page: Element;
  #turnedTo = 0;
  /** The picture that the first is laid under, by its place. */
  #other = 1;
  readonly #stacked = new StackedViews();

  constructor(page: Element) {
    this.#page = page;
  }

  get #all(): readonly ImageViewer[] {
    // Unlike a query, the browser answers this from memory: it is asked for at each movement.
    return [...(this.#page.getElementsByTagName('image-viewer') as HTMLCollectionOf<ImageViewer>)];
  }

  /** The picture that keys and buttons act on. */
  get active(): ImageViewer | undefined {
    const all = this.#all;
    return all[this.#turnedTo] ?? all[0];
  }

  isActive(index: number): boolean {
    return index === this.#turnedTo || this.#all.length === 1;
  }

  turnTo(index: number): void {
    this.#turnedTo = index;
    if (index > 0) this.#other = index;
  }

  /** The picture that is laid over the first, by its place among `count`. */
  over(count: number): number {
    return this.#other < count ? this.#other : 1;
  }

  /** Two pictures in the same place move together. */
  moveTogether(): void {
    const all = this.#all;
    const other = all[this.over(all.length)]?.viewport;
    this.#stacked.follow(all[0]?.viewport, other, this.active?.viewport);
  }

  standApart(): void {
    this.#stacked.end();
  }

  /** Turns to the picture that an object is drawn on. */
  turnToObject(id: string, objects: readonly StyledObject[]): void {
    this.turnTo(objects.find(({ detection }) => detection.id === id)?.detection.imageIndex ?? this.#turnedTo);
  }

  /** What the masks drawn on the picture say. */
  readonly masks: PageContext['masks'] = {
    coverageOf: (id) => this.active?.masks.coverageOf(id),
    share: (ids) => this.active?.masks.share(ids),
    soft: () => this.active?.masks.soft ?? false,
  };
}
