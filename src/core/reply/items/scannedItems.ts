import type { TextStore } from '../scanning/textStore.ts';
import { categoryOf } from './category.ts';
import { addBox, type Frame, isItem, looksLikeBoxFrame } from './frames.ts';

/** `behindPlace`: those under the first key that says where the item is, and under later keys. */
export type UnreadChildren = 'all' | 'behindPlace' | 'none';

/** One element of the reply that stands where an item is expected. */
export interface ScannedPart {
  /** Its source text, whole unless a closing bracket is missing. */
  text: string;
  /** `stray`: an element of a list of items that has nothing of an item. */
  kind: 'object' | 'stray';
  /** Which of the items inside this one have not been yielded themselves. */
  children: UnreadChildren;
  /** Of an object: what stands between the object yielded before and this one. */
  gap: string;
  /** Of an object: what the objects and keys around it say it is; empty: nothing. */
  category: string;
}

/** Elements that may wait to see whether their list is a list of items. */
const MOST_WAITING = 5000;

/** Tells which of the objects of a reply are items, and what else stands where items are expected: each as it ends, in the order of the reply. */
export class ScannedItems {
  readonly #text: TextStore;
  #found: ScannedPart[] = [];
  #end = 0;

  constructor(text: TextStore) {
    this.#text = text;
  }

  /** The end of the last object that was found. */
  get end(): number {
    return this.#end;
  }

  /** What was found since this was called last. */
  take(): ScannedPart[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** An object or a list has ended. `around`: what is open around it, from outside to inside. */
  closed(frame: Frame, end: number, around: readonly Frame[]): void {
    const parent = around.at(-1);
    if (frame.inItem) {
      return;
    }
    if (frame.kind === 'object' && isItem(frame, parent)) {
      this.#object(frame, end, around);
    } else if (parent?.kind === 'list' && frame.itemLevels === 0) {
      this.stray(parent, frame.start, end);
    }
    if (parent && looksLikeBoxFrame(frame)) {
      if (parent.kind === 'object') addBox(parent);
      else if (frame.kind === 'list' && frame.nested === 0) parent.boxElements++;
    }
  }

  /** An element of a list that is no item. */
  stray(list: Frame, start: number, end: number): void {
    if (list.isItemList) {
      this.#stray(start, end);
    } else if (list.waiting.length < MOST_WAITING) {
      list.waiting.push({ start, end });
    }
  }

  #object(frame: Frame, end: number, around: readonly Frame[]): void {
    const levels = frame.itemLevels + 1;
    for (let i = around.length - 1; i >= 0; i--) {
      const outer = around[i] as Frame;
      if (outer.itemLevels >= levels) {
        break;
      }
      outer.itemLevels = Math.max(outer.itemLevels, levels);
    }
    const list = around.at(-1);
    if (list?.kind === 'list' && !list.isItemList) {
      list.isItemList = true;
      for (const stray of list.waiting) {
        this.#stray(stray.start, stray.end);
      }
      list.waiting = [];
    }
    this.#found.push({
      kind: 'object',
      text: this.#text.slice(frame.start, end),
      children: frame.itemLevels > 0 ? 'behindPlace' : 'all',
      gap: this.#text.slice(this.#end, frame.start),
      category: categoryOf(around, this.#text),
    });
    this.#end = end;
  }

  #stray(start: number, end: number): void {
    this.#found.push({ kind: 'stray', text: this.#text.slice(start, end), children: 'none', gap: '', category: '' });
  }
}
