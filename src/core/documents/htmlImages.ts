import { type Token, Tokenizer, TokenizerMode } from 'parse5';
import { type AltSlot, type Attribute, type DocumentImages, elementUse, type ImageUse, type Span } from './imageUse.ts';

/** Elements that hold text, whatever it looks like. Source: HTML, "parsing HTML fragments"; scripts are taken to be off, so that `noscript` counts. */
const TEXT_MODES: Readonly<Record<string, Tokenizer['state']>> = {
  title: TokenizerMode.RCDATA,
  textarea: TokenizerMode.RCDATA,
  style: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  script: TokenizerMode.SCRIPT_DATA,
  plaintext: TokenizerMode.PLAINTEXT,
};

/** Elements whose text nobody reads in the page. */
const UNREAD = new Set(['style', 'script', 'title', 'textarea', 'iframe', 'noembed', 'noframes']);

/**
 * The images of an HTML document, by the tokens of the standard: no tree is made, which takes its time where elements stand deep in each other, and says
 * nothing more about places.
 */
export function htmlImages(text: string, syntax: AltSlot['syntax'] = 'attribute'): DocumentImages {
  const images: ImageUse[] = [];
  const words: Span[] = [];
  let language: string | undefined;
  let unread = '';
  const take = ({ tagName, attrs, location }: Token.TagToken) => {
    if (location === null) return;
    if (tagName === 'html') language ??= attrs.find(({ name }) => name === 'lang')?.value;
    if (tagName !== 'img') return;
    const attributes = attrs.flatMap(({ name, value }): Attribute[] => {
      const place = location.attrs?.[name];
      if (place === undefined) return [];
      const { startOffset: start, endOffset: end } = place;
      // In MDX that the parser gave up on, such a value is code.
      const isCode = syntax === 'markdownAttribute' && value.startsWith('{');
      return [{ start, end, name: text.slice(start, start + name.length), value: isCode ? undefined : value }];
    });
    const use = elementUse({ start: location.startOffset, end: location.endOffset }, attributes, syntax);
    if (use !== undefined) images.push(use);
  };
  const say = ({ location }: Token.CharacterToken) => {
    if (location === null || unread !== '') return;
    const last = words.at(-1);
    if (last?.end === location.startOffset) last.end = location.endOffset;
    else words.push({ start: location.startOffset, end: location.endOffset });
  };
  const ignore = () => undefined;
  const tokenizer: Tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag: (token) => {
        take(token);
        const mode = TEXT_MODES[token.tagName];
        if (mode !== undefined) tokenizer.state = mode;
        if (UNREAD.has(token.tagName)) unread = token.tagName;
      },
      onEndTag: ({ tagName }) => {
        if (tagName === unread) unread = '';
      },
      onCharacter: say,
      onWhitespaceCharacter: say,
      onNullCharacter: ignore,
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
    },
  );
  tokenizer.write(text, true);
  return { images, words, ...(language ? { language } : {}) };
}
