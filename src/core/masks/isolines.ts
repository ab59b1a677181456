type Point = readonly [x: number, y: number];

/**
 * The closed lines around the values above a level, which is not one of the values (marching squares). A value stands at the middle of its cell; between
 * two of them the line is set by proportion, and at the map's edge it runs along the edge. Whether a line goes around an object or a hole is told by the even-odd rule.
 * Much quicker than a general library: almost all cells have no line, and where a line goes on from an edge of a cell is kept in one array.
 */
export function isolines({ width, height, data }: GreyMap, level: number): Point[][] {
  const next = nextEdges({ width, height, data }, level);
  const lines: Point[][] = [];
  for (let start = 0; start < next.length; start++) {
    if (next[start] === NONE) continue;
    const line: Point[] = [];
    for (let edge = start; next[edge] !== NONE; ) {
      line.push(crossing(edge));
      const to = next[edge] as number;
      next[edge] = NONE;
      edge = to;
    }
    lines.push(line);
  }
  return lines;

  /** Where the line crosses between the two values of an edge. */
  function crossing(edge: number): Point {
    const across = (width + 1) * height;
    if (edge < across) {
      const x = edge % (width + 1);
      const y = (edge - x) / (width + 1);
      const at = y * width + x;
      return [x === 0 || x === width ? x : x - 0.5 + between(data[at - 1], data[at], level), y + 0.5];
    }
    const x = (edge - across) % width;
    const y = (edge - across - x) / width;
    const at = y * width + x;
    return [x + 0.5, y === 0 || y === height ? y : y - 0.5 + between(data[at - width], data[at], level)];
  }
}

const NONE = -1;

function between(before = 0, after = 0, level: number): number {
  return (level - before) / (after - before);
}

/**
 * For each edge between two neighbouring values, of which one is above the level, the edge where the line goes on; the object is always on the same side.
 * First the (width + 1) x height edges between left and right, then the width x (height + 1) between above and below.
 */
function nextEdges({ width, height, data }: GreyMap, level: number): Int32Array {
  const across = (width + 1) * height;
  const next = new Int32Array(across + width * (height + 1)).fill(NONE);
  for (let y = 0; y <= height; y++) {
    // The four values around a corner, of which those on the right become those on the left.
    let [above, below] = [0, 0];
    for (let x = 0; x <= width; x++) {
      const at = y * width + x;
      const aboveRight = x < width && y > 0 && (data[at - width] as number) > level ? 1 : 0;
      const belowRight = x < width && y < height && (data[at] as number) > level ? 1 : 0;
      const corner = above + 2 * aboveRight + 4 * belowRight + 8 * below;
      above = aboveRight;
      below = belowRight;
      if (corner === 0 || corner === 15) continue;
      const top = (y - 1) * (width + 1) + x;
      const bottom = top + width + 1;
      const right = across + at;
      const left = right - 1;
      switch (corner) {
        case 1:
          next[left] = top;
          break;
        case 2:
          next[top] = right;
          break;
        case 3:
          next[left] = right;
          break;
        case 4:
          next[right] = bottom;
          break;
        case 5:
          next[left] = top;
          next[right] = bottom;
          break;
        case 6:
          next[top] = bottom;
          break;
        case 7:
          next[left] = bottom;
          break;
        case 8:
          next[bottom] = left;
          break;
        case 9:
          next[bottom] = top;
          break;
        case 10:
          next[top] = right;
          next[bottom] = left;
          break;
        case 11:
          next[bottom] = right;
          break;
        case 12:
          next[right] = left;
          break;
        case 13:
          next[right] = top;
          break;
        default:
          next[top] = left;
      }
    }
  }
  return next;
}

/** Grey values 0..255, row by row. */
export interface GreyMap {
  width: number;
  height: number;
  data: ArrayLike<number>;
}
