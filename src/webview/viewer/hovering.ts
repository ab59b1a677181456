import type { Size } from '../../core/geometry.ts';
import { PixelColours } from './pixelColours.ts';
import { imagePoint, type Pointed, pointedObject } from './pointing.ts';
import { showReadout } from './readout.ts';

/** The picture that the pointer moves over. */
export interface HoveredPicture {
  /** Where its pixels come from; undefined where they cannot be read. */
  src: string | undefined;
  size: Size;
}

/** What follows the pointer: the read-out, drawn by itself since it changes with every movement, and the object under it. */
export class Hovering {
  readonly #colours = new PixelColours();
  readonly #readout: HTMLElement;

  constructor(readout: HTMLElement) {
    this.#readout = readout;
  }

  /** The object under the pointer. `picture`: undefined if there is to be no read-out. */
  over(pointed: Pointed, event: PointerEvent, picture: HoveredPicture | undefined): string | undefined {
    if (picture) {
      const { src, size } = picture;
      const point = imagePoint(pointed, event);
      const inside = point.x >= 0 && point.y >= 0 && point.x < size.width && point.y < size.height;
      const colour = inside && src !== undefined ? this.#colours.at(src, point, size) : undefined;
      showReadout(this.#readout, inside ? point : undefined, size, colour);
    } else this.left();
    return pointedObject(pointed, event);
  }

  /** The pointer has gone. */
  left(): void {
    this.#readout.hidden = true;
  }
}
