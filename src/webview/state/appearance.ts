import type { Appearance } from '../../protocol.ts';

/** How a picture and what is drawn over it look, until the user wants it otherwise. */
export const INITIAL_APPEARANCE: Appearance = {
  fill: 0.35,
  outline: 1,
  labels: 1,
  colourBy: 'label',
  background: 'checkerboard',
  readout: true,
};

export type { Appearance };
