import { decodePercent } from './addresses.ts';
import { isImageName } from './imageNames.ts';

/** An image that a text names. */
export interface ImageReference {
  /** Where the path stands in the text, as UTF-16 offsets; `end` is behind its last character. */
  start: number;
  end: number;
  /** The whole address where it is remote; else the path, decoded, without query and hash. */
  path: string;
  /** True for an image on the web. */
  remote: boolean;
}

/** How a syntax names images: all that is matched counts as the image; the one group that took part is the path as written. */
interface Syntax {
  pattern: RegExp;
  decode: (written: string) => string;
}

/** `[text](path "title")` and `![alt](<path with spaces>)`. */
const MARKDOWN_INLINE: Syntax = {
  pattern:
    /(?:!?(?<!\\)\[(?:[^[\]\\]|\\.)*)?\]\(\s*(?:<((?:[^<>\n\\]|\\.)*)>|((?!<)(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))+))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/dg,
  decode: decodeMarkdown,
};

/** `[id]: path "title"` on a line of its own. */
const MARKDOWN_DEFINITION: Syntax = {
  pattern: /^[ >]*\[(?:[^[\]\\]|\\.)+\]:[ \t]*(?:<([^<>\n]*)>|([^\s<]\S*))/dgm,
  decode: decodeMarkdown,
};

/** `src="path"` and the like; a link counts when it leads to an image. */
const HTML_ATTRIBUTE: Syntax = {
  pattern: /(?<![\w-])(?:data-)?(?:src|href|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/dgi,
  decode: decodeHtml,
};

/** `url(path)` with or without quotes. */
const CSS_URL: Syntax = {
  pattern: /(?<![\w-])url\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|((?:[^\s"'()\\]|\\.)(?:[^\s()\\]|\\.)*))\s*\)/dgi,
  decode: decodeCss,
};

const SRCSET = /(?<![\w-])(?:data-|image)?srcset\s*=\s*(?:"([^"]*)"|'([^']*)')/dgi;

/** An entry of a `srcset`: an address, which may hold commas but not end in one, and its width or density. */
const SRCSET_ENTRY = /[\s,]*([^\s,](?:\S*[^\s,])?)(?:,|\s[^,]*)?/dgy;

/**
 * The image that a text names at an offset, undefined where it names none: anywhere in `![alt](path)`, `src="path"` or `url(path)`.
 * Only names with the ending of an image count; images written out in the text (`data:`) do not. Languages: {@link TEXT_LANGUAGES}.
 */
export function imageReferenceAt(text: string, offset: number, language: string): ImageReference | undefined {
  for (const { pattern, decode } of syntaxesOf(language)) {
    for (const { start, path } of pathsAt(text, offset, pattern)) {
      const reference = referenceOf(path, start, decode);
      if (reference !== undefined) return reference;
    }
  }
  return STYLES.includes(language) ? undefined : srcsetReferenceAt(text, offset);
}

/** True for a text that names an image anywhere. */
export function namesImage(text: string, language: string): boolean {
  const isNamed = (pattern: RegExp, decode: Syntax['decode']) =>
    [...text.matchAll(pattern)].some(
      (match) => referenceOf(match.slice(1).find((part) => part !== undefined) ?? '', 0, decode) !== undefined,
    );
  if (syntaxesOf(language).some(({ pattern, decode }) => isNamed(pattern, decode))) return true;
  if (STYLES.includes(language)) return false;
  return [...text.matchAll(SRCSET)].some(([, double, single]) =>
    (double ?? single ?? '').split(/[\s,]+/).some((entry) => referenceOf(entry, 0, decodeHtml) !== undefined),
  );
}

const STYLES: readonly string[] = ['css', 'scss', 'less'];

function syntaxesOf(language: string): readonly Syntax[] {
  if (STYLES.includes(language)) return [CSS_URL];
  return language === 'markdown' ? [MARKDOWN_INLINE, MARKDOWN_DEFINITION, HTML_ATTRIBUTE, CSS_URL] : [HTML_ATTRIBUTE, CSS_URL];
}

function srcsetReferenceAt(text: string, offset: number): ImageReference | undefined {
  const [list] = pathsAt(text, offset, SRCSET);
  if (list === undefined) return undefined;
  const [entry] = pathsAt(list.path, offset - list.start, SRCSET_ENTRY);
  return entry && referenceOf(entry.path, list.start + entry.start, decodeHtml);
}

/** What the one group that took part holds, for each match around the offset; the place right behind a match counts too, as for a cursor. */
function pathsAt(text: string, offset: number, pattern: RegExp): { start: number; path: string }[] {
  return [...text.matchAll(pattern)]
    .filter(({ 0: whole, index }) => index <= offset && offset <= index + whole.length)
    .flatMap((match) => {
      const group = match.findIndex((part, at) => at > 0 && part !== undefined);
      const [start] = match.indices?.[group] ?? [];
      return start === undefined ? [] : [{ start, path: match[group] ?? '' }];
    });
}

function referenceOf(path: string, start: number, decode: Syntax['decode']): ImageReference | undefined {
  const place = { start, end: start + path.length };
  const address = decode(path).trim();
  const file = address.replace(/[?#].*$/s, '');
  if (!isImageName(file)) return undefined;
  if (/^(?:https?:)?\/\//i.test(address)) return { ...place, path: address, remote: true };
  // `data:` and every other scheme name no file
  if (/^[a-z][a-z0-9+.-]*:/i.test(file)) return undefined;
  const decoded = decodePercent(file);
  return decoded.includes('\0') ? undefined : { ...place, path: decoded, remote: false };
}

function decodeMarkdown(written: string): string {
  return decodeHtml(written.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
}

function decodeHtml(written: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", '#39': "'" };
  return written.replace(/&(amp|quot|apos|#39);/g, (_, name: string) => characters[name] ?? '');
}

function decodeCss(written: string): string {
  return written.replace(/\\(?:([0-9a-f]{1,6})\s?|(.))/gi, (_, code: string | undefined, character: string | undefined) =>
    code === undefined ? (character ?? '') : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)),
  );
}
