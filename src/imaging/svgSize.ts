import type { Size } from '../core/geometry.ts';

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
 * 300 x 150 where there is none. Throws Error if the root element does not end within the text.
 */
export function svgSize(text: string): Size {
  const root = /<(?:\w+:)?svg\b((?:[^>"']|"[^"]*"|'[^']*')*)>/i.exec(text.replace(/<!--[\s\S]*?-->/g, ''))?.[1];
  if (root === undefined) throw new Error('no root element');
  const width = length(attribute(root, 'width'));
  const height = length(attribute(root, 'height'));
  const [, , boxWidth, boxHeight] =
    attribute(root, 'viewBox')
      ?.trim()
      .split(/[\s,]+/)
      .map(Number) ?? [];
  const box = boxWidth && boxHeight ? { width: boxWidth, height: boxHeight } : { width: 300, height: 150 };
  const size = {
    width: width ?? (height === undefined ? box.width : (height * box.width) / box.height),
    height: height ?? (width === undefined ? box.height : (width * box.height) / box.width),
  };
  return { width: Math.max(1, Math.round(size.width)), height: Math.max(1, Math.round(size.height)) };
}

function attribute(root: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(root);
  return found?.[1] ?? found?.[2];
}

/** Undefined for a share of a page that is not there, and for what is no length. */
function length(text: string | undefined): number | undefined {
  const [, number = '', unit = ''] = /^\s*([+]?[\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? '') ?? [];
  const pixels = Number.parseFloat(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  return pixels > 0 && Number.isFinite(pixels) ? pixels : undefined;
}
