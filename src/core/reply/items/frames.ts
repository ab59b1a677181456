import { isBoxesKey } from '../scanning/keys.ts';
import { areBoxEdges } from './box.ts';

/** An object or a list of the reply that is still open. Offsets are characters of the whole reply. */
export interface Frame {
  kind: 'object' | 'list';
  start: number;
  /** Lies inside an object that is an item: then it is part of that item. */
  inItem: boolean;
  /** Levels of items that were found inside, 0 for none. */
  itemLevels: number;
  /** The word or string read since the last comma, colon or opening; -1: none. A string's token includes its quotes. */
  tokenStart: number;
  tokenEnd: number;
  tokenQuoted: boolean;

  // Of an object:
  /** How many keys it has, and how many of them hold what looks like a box. */
  keys: number;
  boxes: number;
  /** Has a list of bare boxes under a key that is meant for it. */
  hasBoxList: boolean;
  /** The names of edges among its keys. */
  edges: string[];
  /** The text of its label, once that is known; empty: none. */
  label: string;
  /** Has a key that says where something is. */
  hasPlace: boolean;
  /** Has another key that items have. */
  hasItemKey: boolean;
  /** The key whose value is being read (empty: none, or a long one), and where it starts. */
  key: string;
  keyStart: number;
  /** Where the key that holds the current value ends, with its quote. */
  keyEnd: number;

  // Of a list:
  /** Has held an item: now each of its elements counts as one. */
  isItemList: boolean;
  elements: number;
  /** The current element is an object or a list. */
  elementNested: boolean;
  /** How many of its elements are objects or lists, and how many of these look like a box. */
  nested: number;
  boxElements: number;
  /** Elements that are no items, waiting to see whether this is a list of items. */
  waiting: { start: number; end: number }[];
}

export function openFrame(kind: Frame['kind'], start: number, parent: Frame | undefined): Frame {
  return {
    kind,
    start,
    inItem: parent !== undefined && (parent.inItem || parent.hasPlace),
    itemLevels: 0,
    tokenStart: -1,
    tokenEnd: -1,
    tokenQuoted: false,
    keys: 0,
    boxes: 0,
    hasBoxList: false,
    edges: [],
    label: '',
    hasPlace: false,
    hasItemKey: false,
    key: '',
    keyStart: -1,
    keyEnd: -1,
    isItemList: false,
    elements: 0,
    elementNested: false,
    nested: 0,
    boxElements: 0,
    waiting: [],
  };
}

/** Items around items around items: more levels would let the same text be read again and again. */
const ITEM_LEVELS = 3;

/** True if an object that closes counts as an item of the reply. */
export function isItem(object: Frame, parent: Frame | undefined): boolean {
  if (object.hasPlace) {
    return object.itemLevels < ITEM_LEVELS;
  }
  if (object.itemLevels > 0) {
    return false;
  }
  const hasEdges = areBoxEdges(object.edges);
  if (parent?.kind !== 'object' ? object.hasItemKey || hasEdges : object.hasItemKey && hasEdges) {
    return true;
  }
  if (object.hasBoxList || (object.boxes > 0 && (object.hasItemKey || parent?.kind === 'list'))) {
    return true;
  }
  const isBoxesByLabel = object.boxes > 0 && object.boxes === object.keys;
  return isBoxesByLabel || parent?.isItemList === true;
}

/** True for what is a box by itself: a list of four values, a list of such lists, or named corners. */
export function looksLikeBoxFrame(frame: Frame): boolean {
  if (frame.kind === 'object') return areBoxEdges(frame.edges);
  return frame.nested === 0 ? frame.elements === 4 : frame.boxElements === frame.elements;
}

/** An object holds what looks like a box, under the key that is being read. */
export function addBox(object: Frame): void {
  object.boxes++;
  object.hasBoxList ||= isBoxesKey(object.key);
}
