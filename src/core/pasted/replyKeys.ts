import { PLACE_KEY_PATTERN } from '../reply/scanning/keys.ts';

/** Quoted keys of shapes, which say where something is even without a box beside them. */
const SHAPE_KEY = /["'](?:mask|polygon|segmentation|contour|outline)["']\s*:/i;
/** The same keys in a text that people look at, also where their quotes are escaped because they stand in a string; a value must follow. */
const KEY_IN_TEXT = /["'](?:box_?2d|b?box|bounding_?box|point(?:_?2d)?|mask|polygon)\\?["']\s*:\s*[[{"'\\]/i;

/** True for a text with keys under which replies say where something is. */
export function holdsPlaces(text: string): boolean {
  return PLACE_KEY_PATTERN.test(text) || SHAPE_KEY.test(text);
}

/** True for a part of any text that looks like a piece of a reply with boxes, points, masks or outlines. */
export function looksLikeReply(text: string): boolean {
  return KEY_IN_TEXT.test(text);
}
