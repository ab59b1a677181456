import type { SessionState } from '../../protocol.ts';
import { Comparisons } from '../result/comparison.ts';
import { shownResult } from '../result/shownResult.ts';
import type { ShownResult } from '../result/types.ts';
import { versionObjects } from '../result/versionObjects.ts';
import { CorrectedSession } from './corrections.ts';
import type { PageState } from './pageState.ts';

/** Makes the result that the page shows, and keeps it: what is drawn stays the same as long as nothing changes. */
export class ShownResults {
  readonly #comparisons = new Comparisons();
  readonly #corrected = new CorrectedSession();
  #known: { session: SessionState; key: string; state: Pick<PageState, 'comparing' | 'blink'>; result: ShownResult } | undefined;

  /** The one shown last. */
  get last(): ShownResult | undefined {
    return this.#known?.result;
  }

  of(stored: SessionState, state: PageState, highContrast: boolean): ShownResult {
    const { appearance, comparing, blink } = state;
    const session = this.#corrected.of(stored, state);
    const threshold = appearance.threshold ?? session.maskThreshold;
    const pair = session.pair?.objects;
    const isOver = state.pictures === 'difference';
    const key = `${highContrast} ${appearance.colourBy} ${threshold}${pair ? ` ${state.alignment} ${isOver}` : ''}`;
    const known = this.#known;
    if (known?.session === session && known.key === key && known.state.comparing === comparing && known.state.blink === blink)
      return known.result;
    const alone = shownResult(session, highContrast, appearance.colourBy);
    const seen = blink ?? (comparing?.kind === 'runs' ? comparing.side : 'both');
    const result =
      pair && !alone.running
        ? versionObjects(alone, pair, { alignment: state.alignment, isOver, highContrast, threshold })
        : comparing && this.#comparisons.of(session, alone, { comparing, seen, highContrast, threshold });
    this.#known = { session, key, state: { comparing, blink }, result: result ?? alone };
    return this.#known.result;
  }
}
