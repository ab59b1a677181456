import type { Size } from '../../core/base/geometry.ts';
import type { View } from '../state/view.ts';
import type { Viewport } from './viewport.ts';

/** The view of another picture that lies in the same place: as large as it can be inside the first, centred on it. Sizes in image pixels. */
function viewOver(view: View, first: Size, other: Size): View {
  const k = view.k * Math.min(first.width / other.width, first.height / other.height);
  return { x: view.x + (first.width * view.k - other.width * k) / 2, y: view.y + (first.height * view.k - other.height * k) / 2, k };
}

/** The reverse: the view of the first picture under another one. */
function viewUnder(view: View, first: Size, other: Size): View {
  const k = view.k / Math.min(first.width / other.width, first.height / other.height);
  return { x: view.x - (first.width * k - other.width * view.k) / 2, y: view.y - (first.height * k - other.height * view.k) / 2, k };
}

/** Two pictures in the same place move together, and come back to their own views when they stand apart again. */
export class StackedViews {
  /** How those that were moved come back: one that was moved may lead by now, and the other way around. */
  readonly #backs = new Map<Viewport, () => void>();
  #moving = false;

  /** `leader`: the one the user has turned to. */
  follow(first: Viewport | undefined, other: Viewport | undefined, leader: Viewport | undefined): void {
    if (this.#moving || !first || !other || first.picture.width === 0 || other.picture.width === 0) return;
    const follower = leader === other ? first : other;
    if (!this.#backs.has(follower)) this.#backs.set(follower, backOf(follower));
    const { picture } = first;
    const view = leader === other ? viewUnder(other.view, picture, other.picture) : viewOver(first.view, picture, other.picture);
    this.#moving = true;
    follower.show(view);
    this.#moving = false;
  }

  end(): void {
    for (const back of this.#backs.values()) back();
    this.#backs.clear();
  }
}

function backOf(viewport: Viewport): () => void {
  const { view, fitted } = viewport;
  return () => (fitted ? viewport.fit(false) : viewport.show(view));
}
