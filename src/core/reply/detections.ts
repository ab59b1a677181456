import { t } from '../base/l10n.ts';
import type { Detection, Dropped } from '../inspection/inspection.ts';
import { ASKED_ORDER } from '../request/prompts.ts';
import { replyInWords } from './answerInWords.ts';
import type { Frame } from './items/frames.ts';
import { childItems, type Fields, fromPlaceOn, itemsOf } from './items/itemsOf.ts';
import { MASK_BYTES_PER_REPLY, type OutlinedItem, outlineMask } from './items/maskOf.ts';
import { OutlineHabit } from './items/outlineHabit.ts';
import { type Picture, SCALE } from './items/place.ts';
import type { ReadItem } from './items/readItem.ts';
import { imageOf, numbersIn, placeItem, readItem } from './items/readItem.ts';
import { ReplyScale } from './items/replyScale.ts';
import type { ScannedPart, UnreadChildren } from './items/scannedItems.ts';
import { answerStart } from './leakedThought.ts';
import { ObjectScanner } from './objectScanner.ts';
import { isMaskKey } from './scanning/keys.ts';
import { hiddenPieces, objectOf, objectPieces, parseObject, REPAIR_PER_REPLY } from './scanning/objectSource.ts';
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

/** An item whose place in its image cannot be told before the scale of the reply is known, or why there is none. */
interface Waiting {
  /** Its place in the reply, from 0. */
  index: number;
  text: string;
  item: LocatedItem | string;
}
interface LocatedItem {
  read: ReadItem;
  context: DetectionContext;
  /** It ends inside its mask. */
  isCutInMask?: boolean;
}

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
  readonly #masks = { bytesLeft: MASK_BYTES_PER_REPLY, outlines: new OutlineHabit(ASKED_ORDER) };
  /** By their place among the detections. */
  readonly #outlined = new Map<number, OutlinedItem>();
  readonly #scale = new ReplyScale();
  #waiting: Waiting[] = [];
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
    this.#scale.end();
    this.#placeWaiting();
    this.#readOutlinesAgain();
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
      this.#add(part.text, part.text.startsWith('{') ? t('There is no box.') : t('This is not an object.'));
      return;
    }
    for (const piece of hiddenPieces(part.gap)) {
      this.#readObject(piece, 'none');
    }
    for (const piece of objectPieces(part.text)) {
      this.#readObject(piece, part.children, part.category);
    }
  }

  /** `category`: what the object is if it does not say. */
  #readObject(text: string, children: UnreadChildren, category = ''): void {
    if (this.#places >= MOST_ITEMS) {
      this.#beyondLimit++;
      return;
    }
    const value = objectOf(text, this.#repairs);
    if (!value) {
      this.#add(text, t('This object could not be read.'));
      return;
    }
    const { items, used } = itemsOf(value);
    for (const fields of items) {
      this.#add(text, this.#itemOf(fields, category));
    }
    if (children !== 'none') {
      for (const fields of childItems(children === 'all' ? value : fromPlaceOn(value), used)) {
        this.#add(text, this.#itemOf(fields));
      }
    }
  }

  #itemOf(fields: Fields, category = ''): LocatedItem | string {
    const image = imageOf(fields, this.#contexts.length);
    if (typeof image === 'string') return image;
    const read = readItem(fields, category);
    return typeof read === 'string' ? read : { read, context: this.#contexts[image] as DetectionContext };
  }

  /** Gives an item its place in the reply, and makes it a detection or, with the reason, dropped as soon as the scale of the reply is known. */
  #add(text: string, item: LocatedItem | string): void {
    if (this.#places >= MOST_ITEMS) {
      this.#beyondLimit++;
      return;
    }
    this.#waiting.push({ index: this.#places++, text, item });
    if (typeof item === 'object') this.#scale.see(numbersIn(item.read));
    if (this.#scale.unit !== undefined) this.#placeWaiting();
  }

  #placeWaiting(): void {
    const unit = this.#scale.unit ?? SCALE;
    for (const { index, text, item } of this.#waiting) {
      const placed = typeof item === 'string' ? item : this.#placed(item, unit);
      if (typeof placed === 'string') this.#drop(index, placed, text);
      else this.#detections.push({ id: String(index + 1), ...placed });
    }
    this.#waiting = [];
  }

  #placed({ read, context, isCutInMask }: LocatedItem, unit: number): Omit<Detection, 'id'> | string {
    const placed = placeItem(read, unit, context, this.#masks);
    if (typeof placed === 'string') return isCutInMask ? t('The reply ends inside this object.') : placed;
    if (placed.outlined) this.#outlined.set(this.#detections.length, placed.outlined);
    return {
      imageIndex: context.imageIndex,
      ...placed.item,
      ...(isCutInMask ? { maskProblem: t('The reply ends inside the mask.') } : {}),
    };
  }

  /** Only the whole reply tells how its outlines are meant: those that were read while it came may have been read otherwise. */
  #readOutlinesAgain(): void {
    const { reading } = this.#masks.outlines;
    for (const [at, outlined] of this.#outlined) {
      const { mask: _, maskProblem: __, ...rest } = this.#detections[at] as Detection;
      this.#detections[at] = { ...rest, ...outlineMask(outlined, reading) };
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
        this.#add(piece, item ?? t('The reply ends inside this object.'));
      } else {
        this.#readObject(piece, 'none');
      }
    }
  }

  /** An item whose mask is cut off keeps its box: that was there before the mask began. */
  #cutInMask(cut: Frame, source: string): LocatedItem | undefined {
    if (!isMaskKey(cut.key)) {
      return undefined;
    }
    const beforeKey = source.slice(0, cut.keyStart - cut.start).trimEnd();
    const head = beforeKey.endsWith(',') ? beforeKey.slice(0, -1) : beforeKey;
    const value = objectOf(`${head}}`, this.#repairs);
    const item = value && this.#itemOf(value);
    return typeof item === 'object' ? { ...item, isCutInMask: true } : undefined;
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

function reasonOfNothing(text: string, jsonComplete: boolean): string {
  if (text.trim() === '') {
    return t('The reply is empty.');
  }
  if (jsonComplete && replyInWords(text) !== undefined) {
    return t('Gemini answered with words instead of objects.');
  }
  return jsonComplete ? t('The reply has no list of objects.') : t('The reply ends before its first object.');
}
