import { takesKeys } from './keyboard.ts';

/** Notifies whether single keys may act on the view: the page has the focus, and in it no field, popover or menu. */
export class ViewFocus {
  readonly #notify: (focused: boolean) => void;
  #notified: boolean | undefined;

  constructor(notify: (focused: boolean) => void) {
    this.#notify = notify;
  }

  /** Follows the focus from now on. */
  follow(): void {
    for (const name of ['focus', 'blur', 'focusin', 'focusout']) addEventListener(name, () => queueMicrotask(() => this.#look()));
  }

  #look(): void {
    const focused = document.hasFocus() && !takesKeys(document.activeElement);
    if (focused === this.#notified) return;
    this.#notified = focused;
    this.#notify(focused);
  }
}
