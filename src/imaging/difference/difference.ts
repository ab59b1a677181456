import { InspectorError } from '../../core/base/failure.ts';
import { formatNumber } from '../../core/base/format.ts';
import { around, type Rectangle, type Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { Alignment, ImageDifference } from '../../core/inspection/imageDifference.ts';
import { probe } from '../formats/probe.ts';
import { undecodable, uprightPicture } from '../pixels/render.ts';
import { encodeBits } from '../png/pngBands.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { changedRegions } from './changedRegions.ts';
import { comparePixels } from './comparePixels.ts';
import type { Pixels } from './partsToCompare.ts';

/** What changed, and where to see it. */
export interface ShownDifference {
  difference: ImageDifference;
  /** The pixels that differ, all else transparent: a PNG to be laid over the newer picture. Unset where none differs. */
  picture?: { png: Uint8Array; box: Rectangle /* pixels of the newer picture; may reach beyond it */ };
}

/** Of each picture: what a camera of 24 megapixels makes, which are a few more. */
const MOST_PIXELS = 25e6;
/** Nothing, and magenta, red, green and blue: on a picture without colors nothing else looks like it, on light as on dark. */
const COLOURS = [0, 0, 0, 255, 0, 200];
const OPACITIES = [0, 255];

/** Compares two image files. Heavy: meant for a worker. Rejects like `probe`, and with `tooLarge` or `unreadableImage`. */
export async function difference(older: ByteSource, newer: ByteSource, alignment: Alignment): Promise<ShownDifference> {
  const [before, after] = [await readPixels(older), await readPixels(newer)];
  const { canvas, mask, parts, count } = comparePixels(before, after, alignment);
  const regions = changedRegions(mask, canvas, parts);
  const found: ImageDifference = {
    changed: count > 0,
    sizes: [before.size, after.size],
    share: count / (canvas.width * canvas.height),
    regions: regions.map((region) => ({ ...region, x: region.x + canvas.x, y: region.y + canvas.y })),
  };
  const [first, ...others] = regions;
  if (first === undefined) return { difference: found };
  const box = others.reduce(around, first);
  const palette = { colours: Uint8Array.from(COLOURS), opacities: Uint8Array.from(OPACITIES) };
  const png = await encodeBits(bitsOf(mask, canvas.width, box, regions), { width: box.width, height: box.height }, palette);
  return { difference: found, picture: { png, box: { ...box, x: box.x + canvas.x, y: box.y + canvas.y } } };
}

/** Every pixel of a picture, upright. Rejects like `difference`. */
export async function readPixels(source: ByteSource): Promise<Pixels> {
  const header = await probe(source);
  const { upright } = header;
  if (upright.width * upright.height > MOST_PIXELS) throw tooManyPixels(upright);
  try {
    const { picture } = await uprightPicture(header, await readWhole(source), { canvas: upright, tolerant: true });
    const raw = picture.toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' });
    const { data, info } = await raw.toBuffer({ resolveWithObject: true });
    if (info.channels !== 4) throw new Error(`${info.channels} channels`);
    return { data, size: { width: info.width, height: info.height } };
  } catch (error) {
    throw undecodable(error);
  }
}

function tooManyPixels({ width, height }: Size): InspectorError {
  const millions = formatNumber(Math.floor((width * height) / 1e6));
  return new InspectorError('tooLarge', t('The images are too large to compare their pixels.'), {
    detail: t('One has {0} megapixels; at most {1} can be compared.', millions, MOST_PIXELS / 1e6),
  });
}

/** A bit for each pixel of a box, eight in a byte, each row from a byte of its own on. What differs lies in the regions: no other pixel is looked at. */
function bitsOf(mask: Uint8Array, stride: number, box: Rectangle, regions: readonly Rectangle[]): Uint8Array {
  const rowBytes = Math.ceil(box.width / 8);
  const bits = new Uint8Array(rowBytes * box.height);
  for (const { x, y, width, height } of regions) {
    for (let row = y; row < y + height; row++) {
      const to = (row - box.y) * rowBytes;
      for (let column = x; column < x + width; column++) {
        if (mask[row * stride + column] === 0) continue;
        const at = column - box.x;
        bits[to + (at >> 3)] = (bits[to + (at >> 3)] as number) | (0x80 >> (at & 7));
      }
    }
  }
  return bits;
}
