import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { t } from '../base/l10n.ts';
import { sizeOf } from './coco.ts';
import type { LabelImage, LabelObject, LabelProblems } from './labels.ts';

const BEGIN = '<object>';
const END = '</object>';

/**
 * Pascal VOC: pixels count from 1, and both ends belong to the box. Where the file is damaged, its objects are read one by one. Undefined for what is no such file.
 * Entities that a file defines for itself are not expanded.
 */
export function readVoc(xml: string, problems: LabelProblems): LabelImage | undefined {
  const root = parsed(xml);
  if (root instanceof XmlElement) {
    if (root.name !== 'annotation') return undefined;
    const size = childOf(root, 'size');
    const objects = childrenOf(root, 'object').flatMap((object, index) => read(object, index, problems));
    return { name: textOf(root, 'filename'), ...sizeOf(textOf(size, 'width'), textOf(size, 'height')), unit: 'pixels', objects };
  }
  if (!xml.includes('<annotation')) return undefined;
  problems.add(t('line {0}', root.line), root.message);
  return { name: '', ...sizeOf(between(xml, 'width'), between(xml, 'height')), unit: 'pixels', objects: salvaged(xml, problems) };
}

function salvaged(xml: string, problems: LabelProblems): LabelObject[] {
  const objects: LabelObject[] = [];
  let index = 0;
  for (let start = xml.indexOf(BEGIN); start >= 0; start = xml.indexOf(BEGIN, start + 1)) {
    const end = xml.indexOf(END, start);
    const next = xml.indexOf(BEGIN, start + 1);
    const isWhole = end >= 0 && (next < 0 || end < next);
    const object = isWhole ? parsed(xml.slice(start, end + END.length)) : undefined;
    if (object instanceof XmlElement) objects.push(...read(object, index, problems));
    else problems.add(t('object {0}', index + 1), t('It is not valid XML.'), xml.slice(start, next < 0 ? undefined : next));
    index += 1;
  }
  return objects;
}

function read(object: XmlElement, index: number, problems: LabelProblems): LabelObject[] {
  const box = childOf(object, 'bndbox');
  const [left = Number.NaN, top = Number.NaN, right = Number.NaN, bottom = Number.NaN] = ['xmin', 'ymin', 'xmax', 'ymax'].map((edge) => {
    const text = textOf(box, edge);
    return text === '' ? Number.NaN : Number(text);
  });
  const [width, height] = [right - left + 1, bottom - top + 1];
  if (width > 0 && height > 0 && Number.isFinite(width * height))
    return [{ label: textOf(object, 'name'), box: { x: left - 1, y: top - 1, width, height } }];
  problems.add(t('object {0}', index + 1), box === undefined ? t('There is no box.') : t('The box has no area.'), textOf(object, 'name'));
  return [];
}

/** The outermost element, or what is wrong. */
function parsed(xml: string): XmlElement | { line: number; message: string } {
  try {
    const { root } = parseXml(xml);
    return root ?? { line: 1, message: t('It is not valid XML.') };
  } catch (error) {
    const line = typeof error === 'object' && error !== null && 'line' in error ? Number(error.line) : 1;
    return { line, message: t('It is not valid XML.') };
  }
}

function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  const children = element?.children ?? [];
  return children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

function textOf(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.text.trim() ?? '';
}

/** The text of the first element of that name. */
function between(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`);
  const end = xml.indexOf('<', start + 1);
  return start < 0 || end < 0 ? '' : xml.slice(start + name.length + 2, end).trim();
}
