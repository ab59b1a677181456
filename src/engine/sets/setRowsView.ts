import type { SetRow } from '../../core/sets/inspectionSet.ts';
import type { SetImage } from '../../core/sets/journal.ts';
import { rowOf } from '../../core/sets/setRows.ts';

/** The rows of a set, made when they are looked at, and who is told of those that change. */
export class SetRowsView {
  readonly #images: () => readonly SetImage[];
  readonly #listeners = new Set<(rows: readonly SetRow[]) => void>();
  #rows: SetRow[] | undefined;
  /** Of images that have changed since the rows were made. */
  readonly #stale = new Set<number>();
  /** Of images that have changed since the listeners were told. */
  readonly #changes = new Set<number>();
  #telling: NodeJS.Immediate | undefined;

  constructor(images: () => readonly SetImage[]) {
    this.#images = images;
  }

  /** The same array and rows as long as nothing changes. */
  get rows(): readonly SetRow[] {
    const images = this.#images();
    this.#rows ??= images.map(rowOf);
    if (this.#stale.size > 0) {
      this.#rows = [...this.#rows];
      for (const index of this.#stale) {
        const image = images[index];
        if (image !== undefined) this.#rows[index] = rowOf(image);
      }
      this.#stale.clear();
    }
    return this.#rows;
  }

  /** Calls back with the rows that have changed, those of a moment together; where that is called stops it. */
  onDidChange(listener: (rows: readonly SetRow[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(images: readonly number[]): void {
    for (const index of images) {
      this.#changes.add(index);
      this.#stale.add(index);
    }
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined;
      const changes = [...this.#changes];
      this.#changes.clear();
      // A new array of all rows for each image that ends would be 10,000 times 10,000 places.
      if (this.#listeners.size === 0) return;
      const images = this.#images();
      const changed = changes.flatMap((index) => (images[index] === undefined ? [] : rowOf(images[index])));
      for (const listener of this.#listeners) listener(changed);
    });
  }
}
