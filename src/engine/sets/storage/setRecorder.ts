import { asAnswered, type SetImage, type StateRecord } from '../../../core/sets/journal.ts';
import { isSettled } from '../../../core/sets/setEnded.ts';
import { doneRecord, type SetFiles } from './setFiles.ts';
import { TwinBook, twinLine } from './twins.ts';

/** Writes down what becomes of the images of a set, and of those that have the same content. */
export class SetRecorder {
  readonly files: SetFiles;
  readonly twins: TwinBook;
  readonly #changed: (images: readonly number[]) => void;

  constructor(files: SetFiles, changed: (images: readonly number[]) => void) {
    this.files = files;
    this.twins = new TwinBook(files.state);
    this.#changed = changed;
  }

  get images(): readonly SetImage[] {
    return this.files.state.images;
  }

  get head() {
    const { head } = this.files.state;
    if (head === undefined) throw new Error('a set without a head');
    return head;
  }

  /** Images that are to be asked about. */
  get waiting(): SetImage[] {
    return this.images.filter(({ state, twin }) => state === 'waiting' && twin === undefined);
  }

  /** True if every image has come to its end. */
  get isSettled(): boolean {
    return this.images.every(isSettled);
  }

  async record(...records: StateRecord[]): Promise<void> {
    const written = this.files.record(...records);
    this.#changed(records.map(({ image }) => image));
    await written;
  }

  /** Another image of the same content is asked about in the place of this one. */
  async isTwin(index: number, of: number): Promise<void> {
    if (this.images[index]?.state !== 'waiting') await this.record({ kind: 'state', image: index, state: 'waiting' });
    await this.files.record({ kind: 'twin', image: index, of });
    const image = this.images[index];
    if (image !== undefined) await this.settleTwin(image);
  }

  /** All images that wait for one that has ended, or for the given one. */
  async settleTwins(of?: number): Promise<void> {
    for (const image of this.images) {
      if (image.twin !== undefined && image.state === 'waiting' && (of === undefined || image.twin === of)) await this.settleTwin(image);
    }
  }

  /** A twin ends as the image does that is asked about in its place. */
  async settleTwin({ image, twin, key, uri }: SetImage): Promise<void> {
    const other = twin === undefined ? undefined : this.images[twin];
    if (other === undefined) return;
    const { state, reason, message, at, length } = asAnswered(other);
    if (state === 'done' && at !== undefined && length !== undefined) {
      const line = await this.files.readLine({ at, length });
      if (line?.inspection === undefined) return;
      const own = twinLine(line, { key, uri });
      const place = await this.files.addLine(own);
      await this.record(doneRecord(image, own, place));
    } else if (state === 'failed' || state === 'skipped' || state === 'cancelled') {
      await this.record({
        kind: 'state',
        image,
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(message === undefined ? {} : { message }),
      });
    }
  }

  async cancelRest(): Promise<void> {
    const rest = this.images.filter(({ state }) => state === 'waiting' || state === 'prepared');
    await this.record(...rest.map(({ image }): StateRecord => ({ kind: 'state', image, state: 'cancelled' })));
  }
}
