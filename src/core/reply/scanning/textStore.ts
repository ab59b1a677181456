/** Text that arrives in pieces and can be cut out by place, without ever joining the whole (a growing string would be copied again and again). */
export class TextStore {
  readonly #pieces: string[] = [];
  /** Where each piece starts. */
  readonly #starts: number[] = [];
  #length = 0;

  /** Characters (UTF-16 units) so far. */
  get length(): number {
    return this.#length;
  }

  add(piece: string): void {
    if (piece === '') {
      return;
    }
    this.#pieces.push(piece);
    this.#starts.push(this.#length);
    this.#length += piece.length;
  }

  /** The text from `start` up to and without `end`, both in characters. */
  slice(start: number, end: number): string {
    const first = this.#pieceAt(start);
    let index = first;
    const parts: string[] = [];
    for (; index < this.#pieces.length; index++) {
      const offset = this.#starts[index] ?? 0;
      if (offset >= end) {
        break;
      }
      parts.push((this.#pieces[index] ?? '').slice(Math.max(0, start - offset), end - offset));
    }
    return parts.join('');
  }

  /** The piece that holds the character at `position`, by binary search. */
  #pieceAt(position: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
