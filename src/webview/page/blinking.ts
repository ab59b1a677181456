import type { PageState } from '../state/pageState.ts';

/** Milliseconds for which one of two is seen; WCAG 2.3.1 allows no more than three flashes in a second. */
const TURN = 500;

/** Shows one of two after the other for as long as something is held; where motion is unwanted, only the first. */
export class Blinking {
  readonly #show: (seen: PageState['blink']) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #on = false;

  constructor(show: (seen: PageState['blink']) => void) {
    this.#show = show;
  }

  hold(on: boolean): void {
    if (on === this.#on) return;
    this.#on = on;
    clearInterval(this.#timer);
    let seen: 'a' | 'b' = 'a';
    this.#show(on ? seen : undefined);
    if (!on || stillness()) return;
    this.#timer = setInterval(() => {
      seen = seen === 'a' ? 'b' : 'a';
      this.#show(seen);
    }, TURN);
  }
}

function stillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion');
}
