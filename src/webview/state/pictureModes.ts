import type { ShownResult } from '../result/types.ts';
import type { PageState } from './pageState.ts';

/** Whether two pictures lie in the same place. */
export function isStacked({ pictures: mode, blink }: Pick<PageState, 'pictures' | 'blink'>): boolean {
  return mode === 'swipe' || mode === 'difference' || blink !== undefined;
}

/** Whether the changes between two pictures are shown. */
export function showsDifference({ state, shown }: { state: PageState; shown: ShownResult }): boolean {
  return state.pictures === 'difference' && shown.images.length > 1;
}
