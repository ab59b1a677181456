import { html, nothing, render } from 'lit';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { formatCount } from '../text/format.ts';
import { imagePoint, type Pointed, pointedObject } from './pointing.ts';

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
  /** Where the pointer is, as long as there is a read-out. */
  #at: { pointed: Pointed; event: PointerEvent; picture: HoveredPicture } | undefined;
  #due = false;

  constructor(readout: HTMLElement) {
    this.#readout = readout;
    // Also while the picture is dragged.
    readout.parentElement?.addEventListener('pointermove', (event) => {
      if (this.#at) this.#at = { ...this.#at, event };
    });
  }

  /** The object under the pointer. `picture`: undefined if there is to be no read-out. */
  over(pointed: Pointed, event: PointerEvent, picture: HoveredPicture | undefined): string | undefined {
    this.#at = picture && { pointed, event, picture };
    this.#show();
    return pointedObject(pointed, event);
  }

  /** Under a pointer that stands still the picture has moved: once a frame is enough. */
  viewMoved(): void {
    if (this.#due || !this.#at) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#show();
    });
  }

  #show(): void {
    if (!this.#at) {
      this.#readout.hidden = true;
      return;
    }
    const { pointed, event, picture } = this.#at;
    const { src, size } = picture;
    const point = imagePoint(pointed, event);
    const inside = point.x >= 0 && point.y >= 0 && point.x < size.width && point.y < size.height;
    const colour = inside && src !== undefined ? this.#colours.at(src, point, size) : undefined;
    showReadout(this.#readout, inside ? point : undefined, size, colour);
  }

  /** The pointer has gone. */
  left(): void {
    this.#at = undefined;
    this.#show();
  }
}

/**
 * Colours of single pixels. The picture is loaded once more for it, by a request that lets a page read its pixels: were the shown picture loaded so,
 * a host that does not allow it would leave the viewer empty.
 */
export class PixelColours {
  #picture: HTMLImageElement | undefined;
  readonly #canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

  /** The colour at a point of the picture (its pixels; `size` is its whole), as `#D9D3CB`; undefined while it is not known or where the pixel is transparent. */
  at(src: string, { x, y }: { x: number; y: number }, size: Size): string | undefined {
    if (this.#picture?.getAttribute('src') !== src) this.#load(src);
    const picture = this.#picture;
    const canvas = this.#canvas;
    if (!canvas || !picture?.complete || picture.naturalWidth === 0) return undefined;
    const [sx, sy] = [picture.naturalWidth / size.width, picture.naturalHeight / size.height];
    canvas.clearRect(0, 0, 1, 1);
    canvas.drawImage(picture, Math.floor(x) * sx, Math.floor(y) * sy, sx, sy, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    if (alpha === 0) return undefined;
    return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
  }

  #load(src: string): void {
    this.#picture = new Image();
    this.#picture.crossOrigin = 'anonymous';
    this.#picture.src = src;
  }
}

/** Draws place and colour of a point (image pixels) into the read-out, which is hidden without a point. `size`: of the picture. */
function showReadout(readout: HTMLElement, point: { x: number; y: number } | undefined, size: Size, colour: string | undefined): void {
  readout.hidden = point === undefined;
  if (!point) return;
  const thousandth = (value: number, whole: number) => Math.round((value / whole) * 1000);
  readout.title = t('0 to 1000 as Gemini counts, here across, then down; in replies down comes first.');
  render(
    html`<span>${`x ${formatCount(Math.floor(point.x))}  y ${formatCount(Math.floor(point.y))}`}</span><span class="quiet">${` · ${t('0 to 1000: {0}, {1}', thousandth(point.x, size.width), thousandth(point.y, size.height))}`}</span>${
      colour === undefined
        ? nothing
        : html`<span> · </span><span class="colour"><svg width="10" height="10"><rect width="10" height="10" fill=${colour} /></svg>${colour}</span>`
    }`,
    readout,
  );
}
