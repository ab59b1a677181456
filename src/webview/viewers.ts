import type { PageContext } from './pageContext.ts';
import type { StyledObject } from './shownResult.ts';
import type { ImageViewer } from './viewer/viewerElement.ts';

/** The pictures on the page: one, or several side by side, of which the user has turned to one. */
export class Viewers {
  readonly #page: ParentNode;
  #turnedTo = 0;

  constructor(page: ParentNode) {
    this.#page = page;
  }

  get #all(): readonly ImageViewer[] {
    return [...this.#page.querySelectorAll<ImageViewer>('image-viewer')];
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
  }

  /** The picture that an object is drawn on, turned to. */
  of(id: string, objects: readonly StyledObject[]): ImageViewer | undefined {
    this.#turnedTo = objects.find(({ detection }) => detection.id === id)?.detection.imageIndex ?? this.#turnedTo;
    return this.active;
  }

  /** What the masks drawn on the picture say. */
  readonly masks: PageContext['masks'] = {
    coverageOf: (id) => this.active?.masks.coverageOf(id),
    share: (ids) => this.active?.masks.share(ids),
    soft: () => this.active?.masks.soft ?? false,
  };
}
