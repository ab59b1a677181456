/** Names of the things that items have, as `plainKey` leaves them. Models spell them in many ways. */

/** Keys that hold a box wherever they stand, in the order in which they are believed. */
export const BOX_KEYS = [
  'box2d',
  'bbox2d',
  'boundingbox2d',
  'boundingbox',
  'bbox',
  'box',
  'bndbox',
  'boxcoordinates',
  'bboxcoordinates',
  'boundingboxcoordinates',
  'boundingpoly',
  'boundingrect',
  'boundingrectangle',
  'yxyx',
  'boxyxyx',
  'bboxyxyx',
  'xyxy',
  'boxxyxy',
  'bboxxyxy',
  'xywh',
  'boxxywh',
  'bboxxywh',
] as const;
/** Keys that hold a box where it looks like one, and may hold words as well. */
export const WEAK_BOX_KEYS = ['coordinates', 'coords', 'rect', 'rectangle', 'bounds', 'location', 'position', 'region', 'area'] as const;
/** Keys that hold a list of boxes. */
export const BOXES_KEYS = ['boxes', 'bboxes', 'boundingboxes', 'boxes2d', 'bboxes2d', 'boundingboxes2d'] as const;
/** [y, x], 0..1000. */
export const POINT_KEYS = ['point', 'point2d'] as const;
/** Keys that hold points where there is no box. */
export const WEAK_POINT_KEYS = [
  'points',
  'points2d',
  'keypoint',
  'center',
  'centre',
  'centerpoint',
  'coordinates',
  'coords',
  'location',
  'position',
] as const;
export const SOLID_BOX_KEYS = ['box3d', 'bbox3d', 'boundingbox3d'] as const;
export const LABEL_KEYS = ['label', 'name', 'class', 'category'] as const;
/** Further keys whose text is a label, in the order in which they are believed. */
export const MORE_LABEL_KEYS = [
  'object',
  'labelname',
  'labeltext',
  'objectname',
  'objectlabel',
  'classname',
  'classlabel',
  'categoryname',
  'textcontent',
  'text',
  'title',
  'caption',
  'tag',
  'item',
  'entity',
  'word',
  'content',
  'type',
  'description',
  'labels',
  'names',
  'classes',
  'categories',
  'tags',
] as const;
export const MASK_KEYS = ['mask', 'polygon', 'segmentation', 'segmentationmask', 'mask2d', 'polygon2d', 'contour', 'outline'] as const;
export const CONFIDENCE_KEYS = ['confidence', 'score', 'confidencescore', 'probability'] as const;
/** The number of the image that an item is in, from 1, where there are several. */
export const IMAGE_KEYS = ['image', 'imageindex', 'imageid', 'imagenumber'] as const;

const PLACE_KEYS: ReadonlySet<string> = new Set([...BOX_KEYS, ...POINT_KEYS, ...SOLID_BOX_KEYS]);
const OTHER_KEYS: ReadonlySet<string> = new Set([...LABEL_KEYS, ...MASK_KEYS, ...CONFIDENCE_KEYS]);
const MASKS: ReadonlySet<string> = new Set(MASK_KEYS);
const LABELS: ReadonlySet<string> = new Set([...LABEL_KEYS, 'object', 'objectname', 'classname', 'categoryname']);
const MANY_BOXES: ReadonlySet<string> = new Set(BOXES_KEYS);

/** Finds the quoted keys that say where something is; of named corners the first of the vertical ones. */
const PLACE_KEY_SOURCE =
  `["'](?:(?:(?:bounding|b|bnd)?[_ -]?box(?:[_ -]?(?:[23]d|coordinates|[xy]{4}|xywh))?)|bounding[_ -]?(?:poly|rect|rectangle)|` +
  `points?(?:[_ -]?2d)?|coordinates|coords|[xy]{4}|xywh|(?:b?box[_ -]?(?:2d[_ -]?)?)?(?:y[_ -]?min|min[_ -]?y|top|y[01]?))["']\\s*:|` +
  `["'](?:bounding[_ -]?|b)?boxes["']\\s*:\\s*\\[\\s*\\[`;
export const PLACE_KEY_PATTERN = new RegExp(PLACE_KEY_SOURCE, 'i');
/** The same, for all places of a text. */
export const PLACE_KEYS_PATTERN = new RegExp(PLACE_KEY_SOURCE, 'gi');

/** Longer than any name above is written: longer keys need not be looked at. */
export const LONGEST_KEY = 32;

/** A key without its capitals and separators: `Bounding-Box_2D` is `boundingbox2d`. Empty for one that is longer than any name. */
export function plainKey(key: string): string {
  return key.length > LONGEST_KEY ? '' : key.replace(/[\s_.-]/g, '').toLowerCase();
}

/** True for a key that makes its object an item of the reply wherever it stands: it says where something is. */
export function isPlaceKey(key: string): boolean {
  return PLACE_KEYS.has(plainKey(key));
}

/** True for a key that is usual in items, but may stand in a wrapper as well. */
export function isItemKey(key: string): boolean {
  return OTHER_KEYS.has(plainKey(key));
}

export function isMaskKey(key: string): boolean {
  return MASKS.has(plainKey(key));
}

/** True for a key that names what it stands beside. */
export function isLabelKey(key: string): boolean {
  return LABELS.has(plainKey(key));
}

/** True for a key that holds bare boxes, or items as any wrapper does. */
export function isBoxesKey(key: string): boolean {
  return MANY_BOXES.has(plainKey(key));
}

/** The values of an object by their plain keys; of two keys that are alike the first that has a value counts, and null is no value. */
export function plainFields(fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const plain = new Map<string, unknown>();
  for (const [key, value] of Object.entries(fields)) {
    const name = plainKey(key);
    if (value !== null && value !== undefined && !plain.has(name)) plain.set(name, value);
  }
  return plain;
}

/** The value of the first of the keys that has one. */
export function firstOf(plain: ReadonlyMap<string, unknown>, keys: readonly string[]): unknown {
  const key = keys.find((name) => plain.has(name));
  return key === undefined ? undefined : plain.get(key);
}
