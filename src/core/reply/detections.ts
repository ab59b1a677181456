import type { Detection, Dropped } from '../inspection.ts';
import { t } from '../l10n.ts';
import type { Frame } from './frames.ts';
import { isItemKey, isMaskKey, isPlaceKey } from './keys.ts';
import { answerStart } from './leakedThought.ts';
import { MASK_PIXELS_PER_REPLY } from './maskOf.ts';
import type { ScannedPart } from './objectScanner.ts';
import { ObjectScanner } from './objectScanner.ts';
import { hiddenPieces, objectOf, objectPieces, parseObject, REPAIR_PER_REPLY } from './objectSource.ts';
import type { Picture } from './place.ts';
import type { Fields, PlacedItem } from './readItem.ts';
import { boxesByLabel, imageOf, readItem } from './readItem.ts';
import { innerText, isEmptyList } from './wholeReply.ts';

/** `width`, `height`: upright pixels of the whole image. */
export interface DetectionContext extends Picture {
  imageIndex: number;
}

export interface ReadDetections {
  detections: Detection[];
  /** What could not be used, and why. Never empty together with `detections`, unless the model said that there is nothing. */
  dropped: Dropped[];
  /** False if the JSON ends unfinished: inside an object, a list or a string. */
  jsonComplete: boolean;
  /** The reply is an empty list: the model found nothing. */
  empty: boolean;
}

/** Reads a reply while it comes. */
export interface DetectionReader {
  /** Takes the next piece of text. Returns the detections that have become complete with it. */
  add(chunk: string): Detection[];
  /** What the whole text says, the same as `readDetections` of all pieces together. */
  finish(): ReadDetections;
}

const MOST_ITEMS = 5000;
/** 64 MB, in characters: replies are ASCII but for their labels. */
const LONGEST_REPLY = 64_000_000;
const LONGEST_RAW = 2000;
/** How deep items within items are looked for. */
const DEEPEST_CHILD = 20;

/** The images of a request in their order, at least one. An item says in which of several it is. */
export type DetectionContexts = readonly [DetectionContext, ...DetectionContext[]];

/** The detections of a whole reply. Never throws, whatever the text. */
export function readDetections(text: string, ...contexts: DetectionContexts): ReadDetections {
  const reader = createDetectionReader(...contexts);
  reader.add(text);
  return reader.finish();
}

export function createDetectionReader(...contexts: DetectionContexts): DetectionReader {
  return new ReplyReader(contexts, true);
}

class ReplyReader implements DetectionReader {
  readonly #contexts: DetectionContexts;
  /** Look into a reply that is one JSON string. */
  readonly #looksInside: boolean;
  readonly #scanner = new ObjectScanner();
  readonly #detections: Detection[] = [];
  readonly #dropped: Dropped[] = [];
  readonly #masks = { pixelsLeft: MASK_PIXELS_PER_REPLY };
  readonly #repairs = { left: REPAIR_PER_REPLY };
  /** The start of the reply, while it may still turn out to be a thought; undefined from then on. */
  #start: string | undefined = '';
  #length = 0;
  /** Items so far, used or not: each has its place. */
  #places = 0;
  #beyondLimit = 0;

  constructor(contexts: DetectionContexts, looksInside: boolean) {
    this.#contexts = contexts;
    this.#looksInside = looksInside;
  }

  add(chunk: string): Detection[] {
    const known = this.#detections.length;
    const piece = chunk.slice(0, Math.max(0, LONGEST_REPLY - this.#length));
    this.#length += chunk.length;
    if (this.#start === undefined) {
      this.#scan(piece);
    } else {
      this.#start += piece;
      this.#scanStart(false);
    }
    return this.#detections.slice(known);
  }

  finish(): ReadDetections {
    this.#scanStart(true);
    const jsonComplete = this.#scanner.open.length === 0 && this.#length <= LONGEST_REPLY;
    this.#readEnd();
    if (this.#places === 0) {
      return this.#nothingFound(jsonComplete);
    }
    if (this.#beyondLimit > 0) {
      this.#drop(this.#places, t('{0} further objects were not read: the limit is 5,000.', this.#beyondLimit), '');
    }
    if (this.#length > LONGEST_REPLY) {
      this.#drop(this.#places, t('The reply is longer than 64 MB: the rest was not read.'), '');
    }
    return { detections: this.#detections, dropped: this.#dropped, jsonComplete, empty: false };
  }

  #scanStart(isWhole: boolean): void {
    if (this.#start === undefined) {
      return;
    }
    const from = answerStart(this.#start, isWhole);
    if (from !== undefined) {
      const answer = this.#start.slice(from);
      this.#start = undefined;
      this.#scan(answer);
    }
  }

  #scan(text: string): void {
    for (const part of this.#scanner.add(text)) {
      this.#readPart(part);
    }
  }

  #readPart(part: ScannedPart): void {
    if (part.kind === 'stray') {
      this.#take(part.text, part.text.startsWith('{') ? t('There is no box.') : t('This is not an object.'));
      return;
    }
    for (const piece of hiddenPieces(part.gap)) {
      this.#readObject(piece, true);
    }
    for (const piece of objectPieces(part.text)) {
      this.#readObject(piece, part.childrenRead);
    }
  }

  #readObject(text: string, childrenRead: boolean): void {
    if (this.#places >= MOST_ITEMS) {
      this.#beyondLimit++;
      return;
    }
    const value = objectOf(text, this.#repairs);
    if (!value) {
      this.#take(text, t('This object could not be read.'));
      return;
    }
    const boxes = Object.keys(value).some((key) => isPlaceKey(key) || isItemKey(key)) ? undefined : boxesByLabel(value);
    for (const fields of boxes ?? [value]) {
      this.#readFields(fields, text);
    }
    if (!childrenRead) {
      for (const child of childItems(value)) {
        this.#readFields(child, text);
      }
    }
  }

  #readFields(fields: Fields, text: string): void {
    this.#take(text, this.#itemOf(fields));
  }

  #itemOf(fields: Fields): PlacedItem | string {
    const image = imageOf(fields, this.#contexts.length);
    const context = typeof image === 'string' ? image : (this.#contexts[image] as DetectionContext);
    if (typeof context === 'string') return context;
    const item = readItem(fields, context, this.#masks);
    return typeof item === 'string' ? item : { imageIndex: context.imageIndex, ...item };
  }

  /** Gives an item its place, as a detection or, with the reason, as dropped. */
  #take(text: string, item: PlacedItem | string): void {
    if (this.#places >= MOST_ITEMS) {
      this.#beyondLimit++;
      return;
    }
    const index = this.#places++;
    if (typeof item === 'string') {
      this.#drop(index, item, text);
    } else {
      this.#detections.push({ id: String(index + 1), ...item });
    }
  }

  #drop(index: number, reason: string, text: string): void {
    this.#dropped.push({ index, reason, raw: text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}…` : text });
  }

  /** Reads what follows the last complete object. */
  #readEnd(): void {
    const { text, open, foundEnd } = this.#scanner;
    const cut = cutObject(open);
    const hidden = hiddenPieces(text.slice(foundEnd, cut?.start ?? text.length));
    const pieces = cut ? cutPieces(text.slice(cut.start, text.length), cut.hasPlace) : [];
    const all = [...hidden, ...pieces];
    for (const [index, piece] of all.entries()) {
      const isLast = open.length > 0 && index === all.length - 1;
      if (isLast && !parseObject(piece)) {
        const item = cut && pieces.length === 1 ? this.#cutInMask(cut, piece) : undefined;
        this.#take(piece, item ?? t('The reply ends inside this object.'));
      } else {
        this.#readObject(piece, true);
      }
    }
  }

  /** An item whose mask is cut off keeps its box: that was there before the mask began. */
  #cutInMask(cut: Frame, source: string): PlacedItem | undefined {
    if (!isMaskKey(cut.key)) {
      return undefined;
    }
    const head = source.slice(0, cut.keyStart - cut.start).replace(/,?\s*$/, '');
    const value = objectOf(`${head}}`, this.#repairs);
    const item = value && this.#itemOf(value);
    return typeof item === 'object' ? { ...item, maskProblem: t('The reply ends inside the mask.') } : undefined;
  }

  #nothingFound(jsonComplete: boolean): ReadDetections {
    const text = this.#scanner.text.slice(0, this.#scanner.text.length);
    const nothing = { detections: [], dropped: [], jsonComplete, empty: true };
    if (isEmptyList(text)) {
      return nothing;
    }
    const inner = this.#looksInside ? innerText(text) : undefined;
    if (inner !== undefined) {
      const reader = new ReplyReader(this.#contexts, false);
      reader.add(inner);
      return reader.finish();
    }
    this.#drop(0, reasonOfNothing(text, jsonComplete), text);
    return { ...nothing, dropped: this.#dropped, empty: false };
  }
}

/** The object that the reply ends in: the outermost that is an item, else the one it was just reading. */
function cutObject(open: readonly Frame[]): Frame | undefined {
  const objects = open.filter((frame) => frame.kind === 'object' && frame.itemLevels === 0 && !frame.inItem);
  return objects.find((frame) => frame.hasPlace) ?? objects.find((frame) => frame.hasItemKey) ?? objects.at(-1);
}

/** What an object that was cut has swallowed: itself, and the objects after it that something broken in it has hidden. */
function cutPieces(text: string, hasPlace: boolean): string[] {
  const hidden = hasPlace ? [] : hiddenPieces(text);
  return hidden.length > 0 ? hidden : objectPieces(text);
}

/** The items inside an item, in their order. */
function childItems(value: unknown, depth = 0): Fields[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST_CHILD) {
    return [];
  }
  const isItem = depth > 0 && !Array.isArray(value) && Object.keys(value).some(isPlaceKey);
  const inside = Object.values(value).flatMap((element) => childItems(element, depth + 1));
  return isItem ? [value as Fields, ...inside] : inside;
}

function reasonOfNothing(text: string, jsonComplete: boolean): string {
  if (text.trim() === '') {
    return t('The reply is empty.');
  }
  return jsonComplete ? t('The reply has no list of objects.') : t('The reply ends before its first object.');
}
