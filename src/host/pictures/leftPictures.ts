/** How many times others are shown before a picture is taken away. */
const SHOWN_SINCE = 3;

/** Pictures that were made for a page and that it need not show any more. It may still be loading the latest of them, which would fail: so each goes only once others have been left often enough, or with its page. */
export class LeftPictures<Picture> {
  readonly #takeAway: (picture: Picture) => void;
  #left: (readonly Picture[])[] = [];

  constructor(takeAway: (picture: Picture) => void) {
    this.#takeAway = takeAway;
  }

  /** @param pictures those that were shown together */
  add(pictures: readonly Picture[]): void {
    if (pictures.length === 0) return;
    this.#left.push(pictures);
    if (this.#left.length > SHOWN_SINCE) this.#left.shift()?.forEach(this.#takeAway);
  }

  /** Once no page is there any more. */
  dispose(): void {
    for (const picture of this.#left.flat()) this.#takeAway(picture);
    this.#left = [];
  }
}
