/** A part of a text, as UTF-16 offsets; `end` is behind its last character. */
export interface Span {
  start: number;
  end: number;
}

/**
 * The alternative text of an image as it stands: not there; empty in an attribute, which says that the image is decoration; words; or given by code (an
 * expression, a binding, other attributes that name the image), which is left alone.
 */
export type Alt = { kind: 'missing' | 'decorative' | 'code' } | { kind: 'text'; text: string };

/** Where alternative text is written: what is replaced, and what stands before and behind the words there. */
export interface AltSlot extends Span {
  before: string;
  after: string;
  /** How words are written there. */
  syntax: 'label' | 'mdxLabel' | 'attribute' | 'markdownAttribute';
}

/** An image where a document uses it. */
export interface ImageUse {
  /** The whole of it, as it stands. */
  span: Span;
  /** The path or address, without escapes; undefined where code gives it. */
  source: string | undefined;
  alt: Alt;
  /** Undefined where alternative text is given by code. */
  slot: AltSlot | undefined;
}

/** The images of a document, in their order, and where its words are. */
export interface DocumentImages {
  images: ImageUse[];
  words: Span[];
  /** The language that the document says it is written in, such as "pt-BR". */
  language?: string;
  /** The number of parts that were left out because a parser would take too long for them; none without it. */
  tooLong?: number;
}

/** How a document is read. */
export interface DocumentReading {
  /** Only what holds this place is read, where the kind of document allows for it. */
  at?: number;
  /** Lets others run between parts of the document. */
  pause?: () => Promise<void>;
  /** Ends the reading, which then rejects. */
  signal?: { throwIfAborted(): void };
}

/** An attribute as it stands in an element. */
export interface Attribute extends Span {
  /** As it is written. */
  name: string;
  /** Without escapes; undefined where it is code. */
  value: string | undefined;
}

/** An image that is written as an element, by its attributes; undefined where it names no image at all. */
export function elementUse(span: Span, attributes: readonly Attribute[], syntax: AltSlot['syntax'], isOpen = false): ImageUse | undefined {
  const find = (name: string) => attributes.find((attribute) => attribute.name.toLowerCase() === name);
  const source = find('src') ?? find('srcset');
  if (source === undefined) return undefined;
  const path = source.value?.trim();
  const alt = find('alt');
  const use = { span, source: find('src') === undefined ? firstOfSrcset(path) : path };
  if (use.source === '') return undefined;
  if (alt !== undefined) {
    if (alt.value === undefined) return { ...use, alt: { kind: 'code' }, slot: undefined };
    const slot = { start: alt.start, end: alt.end, before: `${alt.name}="`, after: '"', syntax };
    return { ...use, alt: alt.value.trim() === '' ? { kind: 'decorative' } : { kind: 'text', text: alt.value }, slot };
  }
  // Attributes that code spreads may hold it.
  if (isOpen || find('aria-label') !== undefined || find('aria-labelledby') !== undefined)
    return { ...use, alt: { kind: 'code' }, slot: undefined };
  const isHidden = find('aria-hidden')?.value === 'true' || ['presentation', 'none'].includes(find('role')?.value ?? '');
  const slot = { start: source.end, end: source.end, before: ' alt="', after: '"', syntax };
  return { ...use, alt: { kind: isHidden ? 'decorative' : 'missing' }, slot };
}

/** The first address of a list of them, each with its width or density. */
function firstOfSrcset(list: string | undefined): string | undefined {
  const [first = ''] = list?.split(/\s/, 1) ?? [];
  return list === undefined ? undefined : first.endsWith(',') ? first.slice(0, -1) : first;
}

/** The same, with all places further on. */
export function shifted<Found extends DocumentImages>(found: Found, by: number): Found {
  const span = <Place extends Span>(place: Place): Place => ({ ...place, start: place.start + by, end: place.end + by });
  const use = (image: ImageUse): ImageUse => ({
    ...image,
    span: span(image.span),
    slot: image.slot && span<AltSlot>(image.slot),
  });
  return { ...found, images: found.images.map(use), words: found.words.map(span) };
}
