import type { Size } from '../../core/base/geometry.ts';
import type { findSvgRoot, RootTag } from './svgText.ts';

/** CSS pixels of a unit (CSS Values, section 6.2); font units at the usual 16 pixels. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
  em: 16,
  rem: 16,
  ex: 8,
};

/**
 * The size of an SVG picture in CSS pixels, from the attributes of its root element; what these leave open comes from its `viewBox`, and from CSS's
 * 300 x 150 where there is none. Throws Error if there is no root element, or if it does not end within the text.
 */
export function svgSize(root: ReturnType<typeof findSvgRoot>): Size {
  if (typeof root !== 'object' || root.end === undefined) throw new Error('no root element');
  const { width, height } = exactSvgSize(root.attributes);
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

/** As `svgSize`, not rounded. */
export function exactSvgSize(attributes: RootTag['attributes']): Size {
  const width = length(attributes.get('width'));
  const height = length(attributes.get('height'));
  const box = viewBoxSize(attributes);
  return {
    width: width ?? (box === undefined ? 300 : height === undefined ? box.width : (height * box.width) / box.height),
    height: height ?? (box === undefined ? 150 : width === undefined ? box.height : (width * box.height) / box.width),
  };
}

function viewBoxSize(attributes: RootTag['attributes']): Size | undefined {
  const [, , width, height] = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  return width && height && width > 0 && height > 0 && Number.isFinite(width * height) ? { width, height } : undefined;
}

/** Undefined for a share of a page that is not there, and for what is no length. */
function length(text: string | undefined): number | undefined {
  const [, number = '', unit = ''] = /^([+]?[\d.]+(?:e[+-]?\d+)?)([a-z]*)$/i.exec(text?.trim().slice(0, 100) ?? '') ?? [];
  const pixels = Number.parseFloat(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  return pixels > 0 && Number.isFinite(pixels) ? pixels : undefined;
}
