import { takesKeys } from './keyboard.ts';

/** Tells whether single keys may act on the view: the page has the focus, and in it no field, popover or menu. */
export class ViewFocus {
  readonly #tell: (focused: boolean) => void;
  #told: boolean | undefined;

  constructor(tell: (focused: boolean) => void) {
    this.#tell = tell;
  }

  /** Follows the focus from now on. */
  follow(): void {
    for (const name of ['focus', 'blur', 'focusin', 'focusout']) addEventListener(name, () => queueMicrotask(() => this.#look()));
  }

  #look(): void {
    const focused = document.hasFocus() && !takesKeys(document.activeElement);
    if (focused === this.#told) return;
    this.#told = focused;
    this.#tell(focused);
  }
}
