import { utf8Length } from '../base/utf8Length.ts';
import type { Box, Detection, Inspection } from '../inspection/inspection.ts';
import { UNTRUSTED_NOTE } from './toolSpecs.ts';

/** Characters of a text in an answer, and bytes of an answer as JSON in UTF-8: an agent pays for each. */
export const LONGEST_TEXT = 500;
export const LARGEST_ANSWER = 32_000;
/** Left for the punctuation and the members that are added last. */
const RESERVE = 400;

/** An image as agents name it. */
export interface ToolImage {
  /** As the agent gave it. */
  path: string;
  /** Upright pixels. */
  width: number;
  height: number;
}

/** An object in an answer; its box in pixels of the upright image. */
export interface ToolObject {
  label: string;
  box: Box;
  confidence?: number;
  /** [x, y] in pixels of the upright image. */
  polygon?: [number, number][];
  /** Which of several images, from 1. */
  image?: number;
}

/** A plain JSON object whose texts and size are bounded. */
export type ToolAnswer = Record<string, unknown>;

/** What an answer about images says besides its list. */
function bill({ dropped, tokens, modelVersion, model, complete }: Inspection): ToolAnswer {
  return {
    dropped: dropped.length,
    tokens: tokens.total ?? tokens.estimated,
    costUsd: tokens.costUsd ?? null,
    model: cutText(modelVersion ?? model),
    ...(complete ? {} : { complete }),
  };
}

/** Where things are. */
export function locateAnswer(inspection: Inspection, image: ToolImage): ToolAnswer {
  const objects = (inspection.detections ?? []).map((detection) => toolObject(detection, [image]));
  return fitted({ note: UNTRUSTED_NOTE, image: shown(image), ...bill(inspection) }, { objects });
}

/** Words about one image or several, with the objects that they name. */
export function wordsAnswer(inspection: Inspection, images: readonly [ToolImage, ...ToolImage[]]): ToolAnswer {
  const objects = (inspection.detections ?? []).map((detection) => toolObject(detection, images));
  const head = images.length === 1 ? { image: shown(images[0]) } : { images: images.map(shown) };
  return fitted({ note: UNTRUSTED_NOTE, ...head, ...bill(inspection) }, { text: paragraphs(inspection.text ?? ''), objects });
}

/** The lines of a text, with their places where there are some. */
export function textAnswer(inspection: Inspection, image: ToolImage): ToolAnswer {
  const placed = (inspection.detections ?? []).flatMap((detection) =>
    pieces(detection.label).map((text) => ({ text, box: pixelBoxOf(detection, image) })),
  );
  const lines = placed.length > 0 ? placed : paragraphs(inspection.text ?? '').map((text) => ({ text }));
  return fitted({ note: UNTRUSTED_NOTE, image: shown(image), ...bill(inspection) }, { lines });
}

/** `head` with the lists as far as all of it stays below the limit; what is left out is said by `truncated`. */
export function fitted(head: ToolAnswer, lists: Readonly<Record<string, readonly unknown[]>>): ToolAnswer {
  let left = LARGEST_ANSWER - RESERVE - bytesOf(head);
  let truncated = false;
  const kept = Object.entries(lists).map(([name, list]) => {
    const items: unknown[] = [];
    for (const item of list) {
      left -= bytesOf(item) + 1;
      if (left < 0) {
        truncated = true;
        break;
      }
      items.push(item);
    }
    return [name, items] as const;
  });
  return { ...head, ...Object.fromEntries(kept), ...(truncated ? { truncated } : {}) };
}

/** A text of at most 500 characters, without half a character at its end. */
export function cutText(text: string): string {
  return pieces(text)[0] ?? '';
}

function shown({ path, width, height }: ToolImage): ToolImage {
  return { path: cutText(path), width, height };
}

function toolObject(detection: Detection, images: readonly ToolImage[]): ToolObject {
  const { label, confidence, mask, imageIndex } = detection;
  const image = images[imageIndex] ?? (images[0] as ToolImage);
  const polygon = mask?.kind === 'polygon' && mask.points.length <= 200 ? mask.points : undefined;
  return {
    label: cutText(label),
    box: pixelBoxOf(detection, image),
    ...(confidence === undefined ? {} : { confidence }),
    ...(polygon === undefined ? {} : { polygon: polygon.map(([x, y]) => [Math.round(x * image.width), Math.round(y * image.height)]) }),
    ...(images.length > 1 ? { image: imageIndex + 1 } : {}),
  };
}

function pixelBoxOf({ pixelBox, point }: Detection, { width, height }: ToolImage): Box {
  if (point === undefined) return { ...pixelBox };
  return { x: Math.round(point.x * width), y: Math.round(point.y * height), width: 0, height: 0 };
}

function paragraphs(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap(pieces);
}

/** In order, each at most 500 characters long, and none with half of a surrogate pair. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length || found.length === 0; ) {
    let end = Math.min(at + LONGEST_TEXT, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    found.push(text.slice(at, end));
    if (end === at) break;
    at = end;
  }
  return found;
}

function bytesOf(value: unknown): number {
  return utf8Length(JSON.stringify(value));
}
