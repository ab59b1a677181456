import { joinedNear, type Rectangle, type Size } from '../../core/base/geometry.ts';

/** Side of a cell in pixels: changed pixels in cells that touch belong together. */
const CELL = 8;
/** Where there are more, larger cells join what is further apart. */
export const MOST_REGIONS = 500;

/** The picture in cells, each with the bounds of what changed in it. */
interface Cells {
  columns: number;
  rows: number;
  /** Left, top, right and bottom (beyond the last pixel) of each cell; a right of 0 where nothing changed. */
  bounds: Int32Array;
}

/** The boxes around changed areas, in reading order. `mask`: a byte a pixel, 1 where it changed, else 0; `parts`: outside of them nothing did. */
export function changedRegions(mask: Uint8Array, size: Size, parts: readonly Rectangle[] = [{ ...size, x: 0, y: 0 }]): Rectangle[] {
  let cells = cellsOf(mask, size, parts);
  let found = connected(cells);
  while (found.length > MOST_REGIONS) {
    cells = coarser(cells);
    found = connected(cells);
  }
  // What stands inside a frame belongs to it.
  return joinedNear(found).sort((a, b) => a.y - b.y || a.x - b.x);
}

function cellsOf(mask: Uint8Array, { width, height }: Size, parts: readonly Rectangle[]): Cells {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const bounds = new Int32Array(4 * columns * rows);
  for (const part of parts) {
    for (let y = part.y; y < part.y + part.height; y++) {
      const row = y * width;
      const end = part.x + part.width;
      for (let x = part.x; x < end; x++) {
        if (mask[row + x] === 0) continue;
        // All of the cell's row at once.
        const left = x;
        const cellEnd = Math.min(end, (Math.floor(x / CELL) + 1) * CELL);
        let right = x + 1;
        while (++x < cellEnd) if (mask[row + x] !== 0) right = x + 1;
        x = cellEnd - 1;
        widen(bounds, Math.floor(y / CELL) * columns + Math.floor(left / CELL), left, y, right, y + 1);
      }
    }
  }
  return { columns, rows, bounds };
}

function widen(bounds: Int32Array, cell: number, left: number, top: number, right: number, bottom: number): void {
  const at = 4 * cell;
  const isEmpty = bounds[at + 2] === 0;
  bounds[at] = isEmpty ? left : Math.min(bounds[at] as number, left);
  bounds[at + 1] = isEmpty ? top : Math.min(bounds[at + 1] as number, top);
  bounds[at + 2] = Math.max(bounds[at + 2] as number, right);
  bounds[at + 3] = Math.max(bounds[at + 3] as number, bottom);
}

/** Four cells in one. */
function coarser({ columns, rows, bounds }: Cells): Cells {
  const wider = Math.ceil(columns / 2);
  const larger: Cells = { columns: wider, rows: Math.ceil(rows / 2), bounds: new Int32Array(4 * wider * Math.ceil(rows / 2)) };
  for (let cell = 0; cell < columns * rows; cell++) {
    const [left = 0, top = 0, right = 0, bottom = 0] = bounds.subarray(4 * cell, 4 * cell + 4);
    if (right > 0) {
      const row = Math.floor(cell / columns);
      widen(larger.bounds, Math.floor(row / 2) * wider + Math.floor((cell - row * columns) / 2), left, top, right, bottom);
    }
  }
  return larger;
}

/** The bounds of cells that touch, also by a corner. */
function connected({ columns, rows, bounds }: Cells): Rectangle[] {
  const seen = new Uint8Array(columns * rows);
  const found: Rectangle[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1 || bounds[4 * start + 2] === 0) continue;
    const all = new Int32Array(4);
    const waiting = [start];
    seen[start] = 1;
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
      const [left = 0, top = 0, right = 0, bottom = 0] = bounds.subarray(4 * cell, 4 * cell + 4);
      widen(all, 0, left, top, right, bottom);
      const row = Math.floor(cell / columns);
      const column = cell - row * columns;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const next = y * columns + x;
          if (seen[next] === 1 || bounds[4 * next + 2] === 0) continue;
          seen[next] = 1;
          waiting.push(next);
        }
      }
    }
    const [left = 0, top = 0, right = 0, bottom = 0] = all;
    found.push({ x: left, y: top, width: right - left, height: bottom - top });
  }
  return found;
}
