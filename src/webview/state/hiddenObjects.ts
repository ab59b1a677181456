import type { FromWebviewMessage } from '../../protocol.ts';
import type { PageContext } from './pageContext.ts';

/** Tells the host which objects of the shown run are hidden, whenever that has changed. */
export class HiddenObjects {
  readonly #post: (message: FromWebviewMessage) => void;
  #told = '';

  constructor(post: (message: FromWebviewMessage) => void) {
    this.#post = post;
  }

  /** Of a comparison it is not known of which run an object is. */
  tell({ shown: { run, objects, compared }, hidden: { ids } }: Pick<PageContext, 'shown' | 'hidden'>): void {
    if (run === undefined || compared) return;
    const hidden = objects.map(({ detection }) => detection.id).filter((id) => ids.has(id));
    const told = `${run.id} ${hidden.join()}`;
    // The host begins with none.
    if (told === this.#told || (this.#told === '' && hidden.length === 0)) return;
    this.#told = told;
    this.#post({ type: 'hidden', run: run.id, ids: hidden });
  }
}
