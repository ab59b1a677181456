import type { Size } from '../../core/geometry.ts';

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
