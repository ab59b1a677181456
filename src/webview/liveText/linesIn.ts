import type { Box, Detection } from '../../core/inspection/inspection.ts';

/** The lines whose middle lies in a part of the image (fractions), in their order. */
export function linesIn(lines: readonly Detection[], part: Box): Detection[] {
  return lines.filter(({ box }) => {
    const [x, y] = [box.x + box.width / 2 - part.x, box.y + box.height / 2 - part.y];
    return x >= 0 && y >= 0 && x <= part.width && y <= part.height;
  });
}
