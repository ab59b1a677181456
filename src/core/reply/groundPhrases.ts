import type { Detection } from '../inspection/inspection.ts';

/** A part of a text that names objects. */
export interface Phrase {
  /** Places in the text, in UTF-16 units; `end` is the first after it. */
  start: number;
  end: number;
  /** Of the objects, in their order. */
  ids: string[];
}

/** Shorter labels would be found everywhere. */
const SHORTEST = 2;

interface Word {
  start: number;
  end: number;
  /** As it is compared. */
  key: string;
}

/**
 * Finds where a text names objects by their labels. Whole words only, by the rules of the text's script; case does not count, nor do articles before a label, and in English
 * neither singular or plural of the words. The longest label is found first, so that "glass jar" is not taken for "jar"; phrases never overlap.
 * A label of several words is also found by its last word where that word belongs to one label only: "the jar" for "glass jar".
 * All objects of a label share its phrases.
 */
export function groundPhrases(text: string, objects: readonly Pick<Detection, 'id' | 'label'>[]): Phrase[] {
  const names = namesOf(objects);
  if (names.size === 0) return [];
  const words = wordsIn(text);
  const longest = Math.max(...[...names.values()].map(({ length }) => length));
  const taken = new Array<boolean>(words.length).fill(false);
  const phrases: Phrase[] = [];
  for (let length = longest; length > 0; length--) {
    for (let at = 0; at + length <= words.length; at++) {
      const part = words.slice(at, at + length);
      const name = names.get(part.map(({ key }) => key).join(' '));
      if (!name || part.some((_, index) => taken[at + index]) || !standTogether(text, part)) continue;
      taken.fill(true, at, at + length);
      phrases.push({ start: (part[0] as Word).start, end: (part.at(-1) as Word).end, ids: name.ids });
    }
  }
  return phrases.sort((a, b) => a.start - b.start);
}

/** By the words of a name. `length`: of them. */
function namesOf(objects: readonly Pick<Detection, 'id' | 'label'>[]): Map<string, { ids: string[]; length: number }> {
  const names = new Map<string, { ids: string[]; length: number }>();
  const heads = new Map<string, Set<string>>();
  for (const { id, label } of objects) {
    if (label.trim().length < SHORTEST) continue;
    const keys = wordsIn(label).map(({ key }) => key);
    if (ARTICLES.has(keys[0] ?? '')) keys.shift();
    const name = keys.join(' ');
    if (name === '') continue;
    const known = names.get(name);
    if (known) known.ids.push(id);
    else names.set(name, { ids: [id], length: keys.length });
    const head = headOf(label, keys);
    if (head !== undefined) heads.set(head, (heads.get(head) ?? new Set()).add(name));
  }
  for (const [head, of] of heads) {
    const [name = ''] = of;
    const ids = names.get(name)?.ids;
    if (of.size === 1 && ids && !names.has(head)) names.set(head, { ids, length: 1 });
  }
  return names;
}

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);
const PREPOSITIONS: ReadonlySet<string> = new Set([
  'of',
  'with',
  'in',
  'on',
  'at',
  'from',
  'for',
  'and',
  'or',
  'by',
  'to',
  'without',
  'under',
  'near',
]);
/** Last words that say too little. */
const WEAK: ReadonlySet<string> = new Set([
  'one',
  'thing',
  'object',
  'item',
  'part',
  'left',
  'right',
  'top',
  'bottom',
  'side',
  'image',
  'picture',
]);

/** The word that a label of several Latin words is about: "glass jar with milk" is a jar. Undefined where that is not sure. */
function headOf(label: string, keys: readonly string[]): string | undefined {
  if (keys.length < 2 || !/^[\p{Script=Latin}\p{N}\s'-]+$/u.test(label)) return undefined;
  const end = keys.findIndex((key) => PREPOSITIONS.has(key));
  const head = keys[(end < 0 ? keys.length : end) - 1];
  return head === undefined || head.length < 3 || WEAK.has(head) ? undefined : head;
}

/** Between words of a phrase there is white space or a hyphen, or nothing. */
function standTogether(text: string, words: readonly Word[]): boolean {
  return words.every((word, index) => index === 0 || /^[\s\p{Pd}]*$/u.test(text.slice((words[index - 1] as Word).end, word.start)));
}

let segmenter: Intl.Segmenter | undefined;

/** The words of a text as its script has them; without `Intl.Segmenter` runs of letters and digits. */
function wordsIn(text: string): Word[] {
  if (typeof Intl.Segmenter === 'undefined') {
    return Array.from(text.matchAll(/[\p{L}\p{M}\p{N}]+/gu), ({ 0: word, index }) => ({
      start: index,
      end: index + word.length,
      key: keyOf(word),
    }));
  }
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment, index }) => ({ start: index, end: index + segment.length, key: keyOf(segment) }));
}

/** The word without case and English plural. */
function keyOf(word: string): string {
  return singular(
    word
      .normalize('NFKC')
      .toLowerCase()
      .replace(/['’]s$/, ''),
  );
}

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['men', 'man'],
  ['women', 'woman'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['knives', 'knife'],
  ['leaves', 'leaf'],
  ['shelves', 'shelf'],
  ['loaves', 'loaf'],
  ['halves', 'half'],
  ['wolves', 'wolf'],
  ['buses', 'bus'],
  ['gases', 'gas'],
  ['lens', 'lens'],
  ['lenses', 'lens'],
  ['axes', 'axe'],
  ['cookies', 'cookie'],
  ['movies', 'movie'],
  ['ties', 'tie'],
  ['pies', 'pie'],
  ['cactuses', 'cactus'],
  ['cacti', 'cactus'],
]);

/** The same for singular and plural of a word; not always a word. */
function singular(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word) || /(?:tomato|potato)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}
