/** Keys that hold the four numbers of a box: [yMin, xMin, yMax, xMax], 0..1000. */
export const BOX_KEYS = ['box_2d', 'box2d', 'bounding_box', 'box'] as const;
/** [y, x], 0..1000. */
export const POINT_KEY = 'point';
export const SOLID_BOX_KEY = 'box_3d';
export const LABEL_KEYS = ['label', 'name', 'class', 'category'] as const;
export const MASK_KEYS = ['mask', 'polygon', 'segmentation'] as const;
export const CONFIDENCE_KEYS = ['confidence', 'score'] as const;
/** The number of the image that an item is in, from 1, where there are several. */
export const IMAGE_KEYS = ['image', 'image_index', 'imageIndex', 'image_id', 'image_number'] as const;

const PLACE_KEYS: ReadonlySet<string> = new Set([...BOX_KEYS, POINT_KEY, SOLID_BOX_KEY]);
const OTHER_KEYS: ReadonlySet<string> = new Set([...LABEL_KEYS, ...MASK_KEYS, ...CONFIDENCE_KEYS]);
const MASKS: ReadonlySet<string> = new Set(MASK_KEYS);

/** Finds one of the keys that say where something is. */
export const PLACE_KEY_PATTERN = new RegExp(`["'](?:${[...BOX_KEYS, POINT_KEY, SOLID_BOX_KEY].join('|')})["']\\s*:`);

/** The longest name above: longer keys need not be looked at. */
export const LONGEST_KEY = 12;

/** True for a key that makes its object an item of the reply wherever it stands: it says where something is. */
export function isPlaceKey(key: string): boolean {
  return PLACE_KEYS.has(key);
}

/** True for a key that is usual in items, but may stand in a wrapper as well. */
export function isItemKey(key: string): boolean {
  return OTHER_KEYS.has(key);
}

export function isMaskKey(key: string): boolean {
  return MASKS.has(key);
}
