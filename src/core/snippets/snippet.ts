import { withoutControls } from '../base/sanitizeForUi.ts';
import type { Box, Task } from '../inspection/inspection.ts';
import { FLEX_TIMEOUT } from '../models/speed.ts';
import type { VertexPlace } from '../models/vertex.ts';
import { type GeminiRequest, type ImageSource, partsOf, type RequestPart, speedOf } from '../request/request.ts';

export const SNIPPET_LANGUAGES = ['python', 'javascript', 'go', 'shell'] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/** Everything a program needs in order to make a request: of an image of `file` source without a URI, it uploads the file itself. */
export interface SnippetFacts {
  request: GeminiRequest;
  /** By their place in the request. */
  images: readonly SnippetImage[];
  /** Where requests go, if not to Google: an http(s) address without a slash at the end. */
  baseUrl?: string;
  /** Where Vertex AI is asked, if it is. */
  vertex?: VertexPlace;
}

/** An image as the program finds it, and what was done to it before it was sent. */
export interface SnippetImage {
  /** Of the file, as the program opens it; empty via URL. */
  path: string;
  /** Where the file has to be fetched from first, if it is not here. */
  origin?: string;
  /** Of the file itself. */
  fileType: string;
  /** The whole picture, upright, in pixels; 0 where it is not known. */
  width: number;
  height: number;
  /** Turned upright, from what the file says of its orientation. */
  turned: boolean;
  /** The part that is sent, in pixels of the upright picture. */
  crop?: Box;
  /** What is blacked out, in pixels of the upright picture. */
  redactions: readonly Box[];
  /** In pixels: the size that the picture, or the part of it, was scaled to. */
  scaled?: { width: number; height: number };
  /** Metadata in the file was left out. */
  stripped: boolean;
}

/** What every program begins with, line by line, without the signs of a comment. The words are English, as programs are. */
export function headLines({ request, vertex }: SnippetFacts, needs: string): string[] {
  return [
    `${TASK_NAMES[request.task]} with ${oneLine(request.model)}: the request that Image Inspector for Gemini sends.`,
    ...(needs === '' ? [] : [needs]),
    vertex === undefined
      ? 'The key is read from the environment variable GEMINI_API_KEY.'
      : 'It signs in to Vertex AI as you: run "gcloud auth application-default login" first.',
  ];
}

const TASK_NAMES: Readonly<Record<Task, string>> = {
  caption: 'Describe an image',
  readText: 'Read the text in an image',
  ask: 'Ask about an image',
  classify: 'Classify an image',
  detect: 'Detect objects',
  segment: 'Segment objects',
  compare: 'Compare images',
};

/** An image part with what belongs to it. */
export interface PlannedImage {
  part: Extract<RequestPart, { kind: 'image' }>;
  /** From 1 in the order of the images; empty where there is just one. */
  suffix: string;
  /** What the program opens. */
  path: string;
  /** What the program says that it sends. */
  mimeType: string;
  source: ImageSource;
  /** What the program does to the pixels before it sends them; unset: the file goes as it is. */
  rendering?: { mimeType: string } & Pick<SnippetImage, 'crop' | 'redactions' | 'scaled'>;
  /** What a reader has to know, line by line. */
  notes: string[];
}

/**
 * The images in the order of the request.
 * @param opens whether the program can do to the pixels of such a file what was done before sending
 */
export function planImages({ request, images }: SnippetFacts, opens: (mimeType: string) => boolean): PlannedImage[] {
  const parts = partsOf(request).filter((part) => part.kind === 'image');
  return parts.map((part) => {
    const suffix = parts.length === 1 ? '' : `${part.image + 1}`;
    const image = images[part.image];
    if (image === undefined) throw new Error(`the request names image ${part.image} of ${images.length}`);
    return { part, suffix, source: part.source, ...withOrigin(image, planImage(part.mimeType, image, part.source, opens(image.fileType))) };
  });
}

type Plan = Pick<PlannedImage, 'path' | 'mimeType' | 'rendering' | 'notes'>;

function withOrigin({ path, origin }: SnippetImage, plan: Plan): Plan {
  return origin === undefined ? plan : { ...plan, notes: [`Fetch ${oneLine(path)} from ${oneLine(origin)} first.`, ...plan.notes] };
}

function planImage(mimeType: string, image: SnippetImage, source: ImageSource, opens: boolean): Plan {
  const { path, fileType, crop, redactions, scaled } = image;
  if (source.kind === 'url') return { path: '', mimeType, notes: [] };
  const changes = changesOf(image, mimeType);
  if (changes === '') {
    const notes = image.stripped ? ['Its metadata (place, camera, date) is left out by Image Inspector, but goes along here.'] : [];
    return { path, mimeType, notes };
  }
  if (opens) {
    const rendering = { mimeType, redactions, ...(crop === undefined ? {} : { crop }), ...(scaled === undefined ? {} : { scaled }) };
    return { path, mimeType, rendering, notes: [`Sent ${changes}.`] };
  }
  // What was cut away or blacked out must not be sent by a program that cannot do that.
  const isWhole = crop === undefined && redactions.length === 0;
  if (isWhole && ACCEPTED.includes(fileType))
    return { path, mimeType: fileType, notes: [`Image Inspector sends it ${changes}; this program sends the file as it is.`] };
  const made = `${path}.sent.${extensionOf(mimeType)}`;
  return {
    path: made,
    mimeType,
    notes: [
      `Make ${oneLine(made)} from ${oneLine(path)} first: Gemini does not take the file itself. Image Inspector sends it ${changes}.`,
    ],
  };
}

/** What the API takes as it is. */
const ACCEPTED: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'];

/** In words: "turned upright, scaled to 1024 x 768, as JPEG"; empty where the pixels are those of the file. */
function changesOf({ turned, crop, redactions, scaled, fileType }: SnippetImage, mimeType: string): string {
  const changes = [
    turned ? 'turned upright' : '',
    redactions.length === 0 ? '' : `blacked out at ${redactions.map(describeBox).join(' and ')}`,
    crop === undefined ? '' : `cropped to ${describeBox(crop)}`,
    scaled === undefined ? '' : `scaled to ${scaled.width} x ${scaled.height}`,
    mimeType === fileType ? '' : `as ${extensionOf(mimeType).toUpperCase()}`,
  ];
  return changes.filter((change) => change !== '').join(', ');
}

function describeBox({ x, y, width, height }: Box): string {
  return `${width} x ${height} at ${x}, ${y}`;
}

function extensionOf(mimeType: string): string {
  return mimeType.replace('image/', '').replace(/[^a-z0-9]/g, '');
}

/** Milliseconds that the answer is waited for; undefined where the library's own rule will do. */
export function timeoutOf({ request }: SnippetFacts): number | undefined {
  return speedOf(request) === 'flex' ? FLEX_TIMEOUT : undefined;
}

/** The part of the upright picture that boxes refer to, in pixels; undefined where boxes are not to be read. */
export function boxFrame({ request, images }: SnippetFacts): Box | undefined {
  const [image, ...others] = images;
  const findsObjects = request.task === 'detect' || request.task === 'segment';
  if (!findsObjects || image === undefined || others.length > 0 || image.width === 0) return undefined;
  return image.crop ?? { x: 0, y: 0, width: image.width, height: image.height };
}

/** Text for a comment: one line, whatever it held. */
function oneLine(text: string): string {
  return withoutControls(text);
}

/** A string literal that Python, JavaScript and Go all read as this text; what cannot be seen is written as its code. */
export function literal(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(UNSEEN, (character) => codeOf(character));
}

const UNSEEN = /(?![\u200c\u200d])[\p{Cf}\u007f-\u009f\u2028\u2029\ufff0-\uffff]/gu;

/** Beyond the first plane as it is: the languages do not agree on how to write its codes. */
function codeOf(character: string): string {
  return character.length > 1 ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The same cut at line breaks: a literal for each line. */
export function lineLiterals(text: string): string[] {
  return text.split(/(?<=\n)/).map(literal);
}

/** Lines moved in by so many steps; empty ones stay empty. */
export function indented(lines: readonly string[], step: string, times = 1): string[] {
  return lines.map((line) => (line === '' ? '' : step.repeat(times) + line));
}
