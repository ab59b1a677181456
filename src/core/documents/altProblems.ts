import { isImageName } from '../base/imageNames.ts';
import { LONGEST_ALT_TEXT } from '../reply/altText.ts';
import type { ImageUse, Span } from './imageUse.ts';

/** What is looked for. */
export type AltCheck = 'off' | 'missing' | 'all';

/** What can be wrong with alternative text, by the names that reports use. */
export type AltRule = 'alt-missing' | 'alt-file-name' | 'alt-too-long' | 'alt-repeated';

/** What is wrong with the alternative text of an image. */
export interface AltProblem {
  rule: AltRule;
  use: ImageUse;
}

/** What is wrong with the alternative texts of a document. Decoration is fine, and what code says is left alone. */
export function altProblems(images: readonly ImageUse[], check: AltCheck): AltProblem[] {
  if (check === 'off') return [];
  const sources = sourcesByText(images);
  return images.flatMap((use): AltProblem[] => {
    const { alt, source } = use;
    if (alt.kind === 'missing') return [{ rule: 'alt-missing', use }];
    if (alt.kind !== 'text' || check === 'missing') return [];
    const text = alt.text.trim();
    if (isFileName(text, source)) return [{ rule: 'alt-file-name', use }];
    if (text.length > LONGEST_ALT_TEXT) return [{ rule: 'alt-too-long', use }];
    return (sources.get(text.toLowerCase())?.size ?? 0) > 1 ? [{ rule: 'alt-repeated', use }] : [];
  });
}

/** The images that each text stands for. */
function sourcesByText(images: readonly ImageUse[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map<string, Set<string>>();
  for (const { alt, source } of images) {
    if (alt.kind !== 'text' || source === undefined) continue;
    const text = alt.text.trim().toLowerCase();
    sources.set(text, (sources.get(text) ?? new Set()).add(source));
  }
  return sources;
}

function isFileName(text: string, source: string | undefined): boolean {
  if (isImageName(text) && !text.includes(' ')) return true;
  const [path = ''] = source?.split(/[?#]/, 1) ?? [];
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  // A single word may be both a good text and a name, such as "Logo" of logo.svg.
  const bare = dot > 0 ? name.slice(0, dot) : name;
  return text.toLowerCase() === name || (text.toLowerCase() === bare && /[\d_-]/.test(bare));
}

/** Where the user looks: the text itself where there is one, else the whole image. */
export function problemPlace({ slot, span }: ImageUse): Span {
  return slot !== undefined && slot.end > slot.start ? { start: slot.start, end: slot.end } : span;
}
