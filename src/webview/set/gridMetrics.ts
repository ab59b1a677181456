/** Between cells and around them, in pixels. */
export const GAP = 8;
/** Cells are at least so wide, in ems. */
const LEAST_WIDTH = 11;
/** Name and state under a picture, in ems. */
const WORDS_HEIGHT = 4.2;
/** Height of a picture's place by its width. */
const SHAPE = 3 / 4;

/** How cells are laid out. Lengths are pixels. */
export interface GridMetrics {
  columns: number;
  cellWidth: number;
  cellHeight: number;
  /** From one row to the next. */
  step: number;
}

/** As many columns as have room; their cells take all of the width. `em`: the size of the text. */
export function gridMetrics(width: number, em: number): GridMetrics {
  const room = Math.max(0, width - GAP);
  const columns = Math.max(1, Math.floor(room / (LEAST_WIDTH * em + GAP)));
  const cellWidth = Math.max(1, Math.floor(room / columns) - GAP);
  const cellHeight = Math.round(cellWidth * SHAPE + WORDS_HEIGHT * em);
  return { columns, cellWidth, cellHeight, step: cellHeight + GAP };
}

/** The rows that can be seen, and one more on either side. */
export function rowsInView(top: number, height: number, step: number, rows: number): { first: number; last: number } {
  const first = Math.max(0, Math.floor(top / step) - 1);
  return { first, last: Math.min(rows - 1, Math.ceil((top + height) / step)) };
}

/** Where a key leads from a cell; undefined for other keys. `page`: rows that can be seen whole. */
export function cellByKey(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  at: number,
  { columns, count, page }: { columns: number; count: number; page: number },
): number | undefined {
  const rowStart = at - (at % columns);
  const far = ctrlKey || metaKey;
  const down = (rows: number) => {
    const to = at + rows * columns;
    // From above a last row that is shorter to its end.
    return to < count ? to : Math.floor((count - 1) / columns) > Math.floor(at / columns) ? count - 1 : at;
  };
  const moves: Record<string, () => number> = {
    ArrowLeft: () => at - 1,
    ArrowRight: () => at + 1,
    ArrowUp: () => (at < columns ? at : at - columns),
    ArrowDown: () => down(1),
    PageUp: () => Math.max(at % columns, at - page * columns),
    PageDown: () => down(page),
    Home: () => (far ? 0 : rowStart),
    End: () => (far ? count - 1 : rowStart + columns - 1),
  };
  const to = moves[key]?.();
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}
