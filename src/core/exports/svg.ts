import { type LabelStyle, type LineStyle, labelStyle } from '../drawing/palette.ts';
import { placeTags, TAG_HEIGHT, TAG_PADDING, type TagRequest } from '../drawing/tagPlacement.ts';
import type { Detection } from '../inspection/inspection.ts';
import { decodeMask } from '../masks/mask.ts';
import { type Outline, outlineOfMap, outlineOfPolygon } from '../masks/outline.ts';
import { type ExportImage, remark, rounded } from './exportImage.ts';
import { fileForEach } from './setWriter.ts';
import { escapeXml } from './xml.ts';

/** An image this long has lines and tags as the inspector draws them; a longer one has them larger, as it will be looked at smaller. Pixels. */
const USUAL_SIDE = 900;
const LINE = 2;
/** On both sides of a line together. */
const CASING = 2;
const POINT = 5;
/** One of them is on every system, and its bold is as wide as any. */
const FONTS = 'Helvetica Neue, Segoe UI, Arial, Liberation Sans, DejaVu Sans, Noto Sans, sans-serif';
const DASHES: Partial<Record<LineStyle, readonly [number, number]>> = { dashed: [5, 3], dotted: [1.5, 3] };

interface StyledDetection {
  detection: Detection;
  style: LabelStyle;
  outline: Outline | undefined;
}

/** SVG: what the inspector draws over an image, over that image where it is found, else over nothing. */
export const svg = fileForEach('.svg', (image) => drawing(image, picture(image)));

/** The overlay alone, in pixels of the image. */
export function overlaySvg(image: ExportImage): string {
  return drawing(image, '');
}

/** A way that can only lead to a file nearby, whatever the names on it. */
function picture({ path, width, height }: ExportImage): string {
  const way = path.split('/').map(encodeWellFormed).join('/');
  return `<image href="./${escapeXml(way)}" width="${width}" height="${height}" preserveAspectRatio="none"/>\n`;
}

function encodeWellFormed(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}

function drawing(image: ExportImage, below: string): string {
  const { width, height } = image;
  const scale = Math.max(1, Math.max(width, height) / USUAL_SIDE);
  const objects = styled(image);
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeXml(image.name)}</title>
<desc>${escapeXml(remark(image))}</desc>
${below}<g fill="none" fill-rule="evenodd" stroke-linejoin="round">
${objects.map((object) => drawObject(object, image, scale)).join('\n')}
</g>
<g font-family="${FONTS}" font-weight="600" font-size="${number(11 * scale)}" text-anchor="middle">
${drawTags(objects, image, scale)}
</g>
</svg>
`;
}

/** As much of an image as its outlines need. */
export type OutlinedImage = Pick<ExportImage, 'width' | 'height' | 'detections' | 'maskThreshold' | 'labelOrder'>;

/** The outlines of the objects alone, without their names: for a small picture. */
export function outlinesSvg(image: OutlinedImage): string {
  const { width, height } = image;
  const shapes = styled(image).map((object) => drawObject(object, image, 1));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<g fill="none" fill-rule="evenodd" stroke-linejoin="round">
${shapes.join('\n')}
</g>
</svg>
`;
}

function styled(image: OutlinedImage): StyledDetection[] {
  return image.detections.map((detection) => ({
    detection,
    style: labelStyle(image.labelOrder.get(detection.label) ?? 0, false),
    outline: outlineOf(detection, image),
  }));
}

function outlineOf({ mask, box, point }: Detection, image: OutlinedImage): Outline | undefined {
  if (mask === undefined || point !== undefined) return undefined;
  if (mask.kind === 'polygon') return outlineOfPolygon(mask.points, image);
  try {
    return outlineOfMap(decodeMask(mask.png), image.maskThreshold, inPixels(box, image));
  } catch {
    // Drawn as its box, as in the inspector.
    return undefined;
  }
}

function drawObject({ detection, style, outline }: StyledDetection, image: OutlinedImage, scale: number): string {
  const { id, label, point } = detection;
  const { colour } = style;
  const box = inPixels(detection.box, image);
  const name = `<title>${escapeXml(withConfidence(`${id} ${label}`, detection))}</title>`;
  if (point !== undefined) {
    const at = `cx="${number(point.x * image.width)}" cy="${number(point.y * image.height)}"`;
    return `<g>${name}<circle ${at} r="${number(POINT * scale)}" fill="${colour}" stroke="#000" stroke-width="${number(1.5 * scale)}"/></g>`;
  }
  const shape = outline
    ? `path d="${outline.path}"`
    : `rect x="${number(box.x)}" y="${number(box.y)}" width="${number(box.width)}" height="${number(box.height)}"`;
  const dashes = DASHES[style.line]?.map((length) => number(length * scale)).join(' ');
  const fill = outline ? ` fill="${colour}" fill-opacity="0.35"` : '';
  return `<g>${name}<${shape} stroke="#000" stroke-opacity="0.85" stroke-width="${number((LINE + CASING) * scale)}"/><${shape}${fill} stroke="${colour}" stroke-width="${number(LINE * scale)}"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/></g>`;
}

function drawTags(objects: readonly StyledDetection[], image: ExportImage, scale: number): string {
  const frame = { x: 0, y: 0, width: image.width / scale, height: image.height / scale };
  const requests = objects.map(({ detection, outline }): TagRequest => {
    const box = inPixels(detection.box, frame);
    const at = ([x, y]: readonly [number, number]) => [x / scale, y / scale] as const;
    const tips = outline && {
      top: at(outline.tips.top),
      bottom: at(outline.tips.bottom),
      left: at(outline.tips.left),
      right: at(outline.tips.right),
    };
    const aroundPoint = { x: box.x - POINT, y: box.y - POINT, width: 2 * POINT, height: 2 * POINT };
    return {
      id: detection.id,
      number: detection.id,
      label: withConfidence(detection.label.replace(/\s+/g, ' ').trim(), detection),
      box: detection.point === undefined ? box : aroundPoint,
      ...(tips === undefined ? {} : { tips }),
      emphasis: 0,
    };
  });
  const colours = new Map(objects.map(({ detection, style }) => [detection.id, style.colour]));
  return placeTags(requests, frame, frame, textWidth)
    .map(({ id, text, x, y, width }) => {
      const plate = `<rect width="${number(width * scale)}" height="${number(TAG_HEIGHT * scale)}" rx="${number(2.5 * scale)}" fill="${colours.get(id)}" stroke="#000" stroke-opacity="0.85" stroke-width="${number(scale)}"/>`;
      const words = `<text x="${number((width * scale) / 2)}" y="${number(12 * scale)}" fill="#111">${escapeXml(text)}</text>`;
      return `<g transform="translate(${number(x * scale)} ${number(y * scale)})">${plate}${words}</g>`;
    })
    .join('\n');
}

/** Such as "mug 93 %". */
function withConfidence(words: string, { confidence }: Detection): string {
  return confidence === undefined ? words : `${words} ${Math.round(confidence * 100)} %`;
}

/** Pixels of a text in the tags' font, 600 11px, in the widest of the usual fonts: a tag may be too wide, but never too narrow. */
function textWidth(text: string): number {
  let ems = 0;
  for (const character of text) ems += character >= '\u1100' ? 1.1 : /[ .,:;'|!iIjl()[\]]/.test(character) ? 0.4 : 0.72;
  return ems * 11 - TAG_PADDING;
}

function inPixels({ x, y, width, height }: Detection['box'], size: { width: number; height: number }): Detection['box'] {
  return { x: x * size.width, y: y * size.height, width: width * size.width, height: height * size.height };
}

function number(value: number): number {
  return rounded(value, 2);
}
