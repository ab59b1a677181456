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
  /** How many keys it has, and how many of them hold a list of exactly four values. */
  keys: number;
  fours: number;
  /** Has a key that says where something is. */
  hasPlace: boolean;
  /** Has another key that items have. */
  hasItemKey: boolean;
  /** The key whose value is being read (empty: none, or a long one), and where it starts. */
  key: string;
  keyStart: number;

  // Of a list:
  /** Has held an item: now each of its elements counts as one. */
  isItemList: boolean;
  elements: number;
  /** The current element is an object or a list. */
  elementNested: boolean;
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
    fours: 0,
    hasPlace: false,
    hasItemKey: false,
    key: '',
    keyStart: -1,
    isItemList: false,
    elements: 0,
    elementNested: false,
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
  if (object.hasItemKey) {
    return parent?.kind !== 'object';
  }
  const isBoxesByLabel = object.keys > 0 && object.fours === object.keys;
  return isBoxesByLabel || parent?.isItemList === true;
}
