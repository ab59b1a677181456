import { plainKey } from '../scanning/keys.ts';
import type { TextStore } from '../scanning/textStore.ts';
import type { Frame } from './frames.ts';

/** Keys around items that say nothing of what the items are. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'answer',
  'children',
  'content',
  'contents',
  'data',
  'entities',
  'found',
  'image',
  'images',
  'labels',
  'output',
  'parts',
  'points',
  'response',
  'result',
  'targets',
]);
/** The same at the end of a longer key: `detected_objects`. */
const WRAPPER_ENDINGS = [
  'objects',
  'items',
  'boxes',
  'detections',
  'results',
  'annotations',
  'predictions',
  'instances',
  'regions',
  'elements',
  'list',
  'object',
  'item',
];
/** In characters. */
const LONGEST = 80;

/**
 * What an item is by where it stands: the label of the nearest object around it that has one, or the nearest key that is no mere wrapper, as in
 * `{"cats": [{"box_2d": …}]}`. Empty if nothing says it.
 */
export function categoryOf(around: readonly Frame[], text: TextStore): string {
  for (const frame of around.toReversed()) {
    if (frame.label !== '') return unescaped(frame.label);
    if (frame.keyStart < 0 || frame.keyEnd - frame.keyStart > LONGEST) continue;
    const key = unquoted(text.slice(frame.keyStart, frame.keyEnd));
    const plain = plainKey(key);
    if (!WRAPPERS.has(plain) && !WRAPPER_ENDINGS.some((ending) => plain.endsWith(ending))) return unescaped(key);
  }
  return '';
}

function unquoted(token: string): string {
  return /^[\w.+-]/.test(token) ? token : token.slice(1, -1);
}

/** The text of a JSON string between its quotes; as it is where it is none. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
