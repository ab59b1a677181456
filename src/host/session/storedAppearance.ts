import { hasShape, isBetween, isFlag, isOneOf, orNone } from '../../core/base/shape.ts';
import type { Appearance } from '../../protocol.ts';

const isAppearance = hasShape({
  fill: isBetween(0, 1),
  outline: isBetween(0, 1),
  labels: isBetween(0, 1),
  threshold: orNone(isBetween(0, 254)),
  colourBy: isOneOf(['label', 'object']),
  background: isOneOf(['theme', 'checkerboard', 'black', 'white']),
  readout: isFlag,
});

/** How things looked in this workspace, if anybody has changed it and what was kept of it can be read. */
export function readAppearance(stored: unknown): { appearance?: Appearance } {
  return isAppearance(stored) ? { appearance: stored as Appearance } : {};
}
