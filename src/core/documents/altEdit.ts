import { withoutControls } from '../base/sanitizeForUi.ts';
import { plainText } from '../markdown/markdown.ts';
import { parseMarkdown } from '../markdown/parseMarkdown.ts';
import { altTextOf, LONGEST_ALT_TEXT } from '../reply/altText.ts';
import type { AltSlot, ImageUse, Span } from './imageUse.ts';

/** A change of a text: what stands there, and what comes in its place. */
export interface TextEdit extends Span {
  text: string;
}

/** The alternative text that an answer holds: plain, on one line, of at most {@link LONGEST_ALT_TEXT} characters. */
export function shortAltText(answer: string): string {
  const plain = plainText(parseMarkdown(withoutControls(altTextOf(answer))));
  return cut(
    plain
      .split(' ')
      .filter((word) => word !== '')
      .join(' '),
  );
}

/** Ends at a word where it can. */
function cut(text: string): string {
  if (text.length <= LONGEST_ALT_TEXT) return text;
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (index + segment.length > LONGEST_ALT_TEXT - 1) break;
    end = index + segment.length;
  }
  // A single word that is too long ends between the characters that people see.
  if (end === 0) for (const { index } of new Intl.Segmenter().segment(text)) if (index < LONGEST_ALT_TEXT) end = index;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** Writes the words as the alternative text of an image; undefined where that is given by code. Nothing but the attribute or label changes. */
export function writeAlt({ slot }: ImageUse, words: string): TextEdit | undefined {
  if (slot === undefined) return undefined;
  return { start: slot.start, end: slot.end, text: slot.before + ESCAPES[slot.syntax](words) + slot.after };
}

/** Marks an image as decoration; undefined where that cannot be said: in Markdown an image without words is one that lacks them. */
export function writeDecorative(use: ImageUse): TextEdit | undefined {
  return isLabel(use) || use.alt.kind === 'decorative' ? undefined : writeAlt(use, '');
}

/** True for an image in the syntax of Markdown, and not an element. */
export function isLabel({ slot }: ImageUse): boolean {
  return slot?.syntax === 'label' || slot?.syntax === 'mdxLabel';
}

/** The text with its changes. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return parts.join('') + text.slice(from);
}

const ESCAPES: Record<AltSlot['syntax'], (words: string) => string> = {
  label: (words) => templateSafe(label(words)),
  mdxLabel: (words) => label(words).replaceAll('{', '&#123;'),
  attribute: (words) => templateSafe(attribute(words)),
  // A bar ends a cell of a table, a backtick may end code that began before.
  markdownAttribute: (words) => templateSafe(attribute(words)).replaceAll('|', '&#124;').replaceAll('`', '&#96;'),
};

function attribute(words: string): string {
  return words
    .replace(/&(?=[#\w])/g, '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** No backslash keeps a backtick from ending code that began before the image. */
function label(words: string): string {
  return words.replace(/[\\[\]*_<|~$]|&(?=[#\w])|^\^/g, '\\$&').replaceAll('`', '&#96;');
}

/** Liquid, Jinja and Vue run what stands between such braces, wherever it stands. */
function templateSafe(written: string): string {
  return written.replace(/\{(?=[{%#])/g, '&#123;');
}
