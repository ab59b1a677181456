import { isEmptyFilter, passes } from '../result/objectFilter.ts';
import type { StyledObject } from '../result/types.ts';
import type { PageState } from './pageState.ts';

/** Why objects are neither listed nor drawn. */
export interface Hidden {
  /** All of them. */
  ids: ReadonlySet<string>;
  /** What the filter leaves out. */
  byFilter: ReadonlySet<string>;
  /** How many that are. */
  filtered: number;
}

/** Finds what is hidden; the answer stays the same one as long as nothing changes, so that what is drawn is left alone. */
export class Visibility {
  #known: { objects: readonly StyledObject[]; filter: PageState['filter']; steps: PageState['hidden']; hidden: Hidden } | undefined;

  of(objects: readonly StyledObject[], { filter, hidden: steps }: Pick<PageState, 'filter' | 'hidden'>): Hidden {
    if (this.#known?.objects !== objects || this.#known.filter !== filter || this.#known.steps !== steps) {
      this.#known = { objects, filter, steps, hidden: hiddenOf(objects, filter, steps) };
    }
    return this.#known.hidden;
  }
}

function hiddenOf(objects: readonly StyledObject[], filter: PageState['filter'], steps: PageState['hidden']): Hidden {
  const filtered = isEmptyFilter(filter) ? [] : objects.filter(({ detection }) => !passes(detection, filter));
  const byFilter = new Set(filtered.map(({ detection }) => detection.id));
  return { ids: new Set([...steps.flat(), ...byFilter]), byFilter, filtered: filtered.length };
}
